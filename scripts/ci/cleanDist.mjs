/** Removes dist/: what tsc leaves of files that are gone would be packed, and would count in the verifier's build digest. */
import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
rmSync(path.join(root, "dist"), { recursive: true, force: true });
