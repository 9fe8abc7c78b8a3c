import { fromHex } from "../bytes.ts";

/** What this package needs of WebAssembly, which the language's own library does not declare. */
export interface WebAssemblyLike {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: never) => { exports: unknown };
}
declare const WebAssembly: WebAssemblyLike | undefined;

/** The environment's WebAssembly, if it has any. */
export const engine = typeof WebAssembly === "undefined" ? undefined : WebAssembly;

/**
 * The exports of the module with these bytes, in hexadecimal. Undefined where an engine is missing, lacks
 * the module's instructions, or refuses to compile: a page's policy may forbid it.
 */
export function instantiate<Exports>(
  by: WebAssemblyLike | undefined,
  hex: string,
): Exports | undefined {
  if (!by) return undefined;
  try {
    const module = new by.Module(fromHex(hex));
    return new by.Instance(module as never).exports as Exports;
  } catch {
    return undefined;
  }
}
