import fs from "node:fs";
import type { FileSystem } from "../../src/artifact/index.ts";

/** What happens at the chosen call. */
export type Failure =
  /** The process dies: that call does half its work, and no later one anything. */
  | { readonly kind: "crash"; readonly die?: () => void }
  /** The call fails; later ones work. */
  | { readonly kind: "error"; readonly code: string };

/** node:fs that counts its writing calls and fails at number `at` (from 0). */
export function failingFiles(at: number, failure: Failure) {
  const calls: { name: string; args: unknown[] }[] = [];
  let dead = false;
  const files = new Proxy(fs, {
    get(target, name: keyof FileSystem) {
      const real = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        if (dead) throw new Error("the process is dead");
        const index = calls.push({ name, args }) - 1;
        if (index !== at) return real(...args);
        if (failure.kind === "error")
          throw Object.assign(new Error(failure.code), { code: failure.code });
        if (name === "writeSync") {
          const [descriptor, bytes, offset, length] = args as [number, Uint8Array, number, number];
          fs.writeSync(descriptor, bytes, offset, length >> 1);
        }
        dead = true;
        failure.die?.();
        throw new Error("the process is dead");
      };
    },
  }) as unknown as FileSystem;
  return { files, calls };
}
