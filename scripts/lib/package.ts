import { existsSync } from "node:fs";
import path from "node:path";

/** A file of this package, by its path from the package's folder; in a checkout and when installed. */
export function packageFile(relative: string): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, "package.json"))) folder = path.dirname(folder);
  return path.join(folder, relative);
}
