import fs from "node:fs";
import path from "node:path";

/** A secret, in pieces that are long enough not to be met by chance. */
export interface Secret {
  readonly what: string;
  readonly bytes: Uint8Array;
  /** Integers of this many bytes, little-endian, signed; 32: scalars, big-endian. */
  readonly integers?: 8 | 32;
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** Every form in which eight or more consecutive bytes of a secret could stand in a text. */
function* forms({ bytes, integers }: Secret): Generator<readonly [form: string, piece: string]> {
  const buffer = Buffer.from(bytes);
  for (let at = 0; at + 8 <= buffer.length; at++) {
    const piece = buffer.subarray(at, at + 8);
    if (new Set(piece).size < 4) continue; // padding and the like, in every file
    yield ["raw", piece.toString("latin1")];
    yield ["hexadecimal", piece.toString("hex")];
    yield ["decimal bytes", [...piece].join(",")];
    yield ["decimal bytes, spaced", [...piece].join(", ")];
  }
  for (const shift of [0, 1, 2]) {
    const text = buffer.subarray(shift).toString("base64").replace(/=+$/, "");
    for (let at = 0; at + 12 <= text.length; at += 4) {
      const piece = text.slice(at, at + 12);
      if (new Set(piece).size < 5) continue;
      yield ["base64", piece];
      yield ["base64url", piece.replaceAll("+", "-").replaceAll("/", "_")];
    }
  }
  if (integers === 8)
    for (let at = 0; at + 8 <= buffer.length; at += 8) {
      const value = buffer.readBigInt64LE(at);
      if (value > 10n ** 6n || value < -(10n ** 6n)) yield ["decimal integer", String(value)];
    }
  if (integers === 32)
    for (let at = 0; at + 32 <= buffer.length; at += 32)
      yield ["decimal integer", String(BigInt(`0x${hexOf(buffer.subarray(at, at + 32))}`))];
}

/** The first form of a secret that a page holds, or undefined. */
export function findSecret(page: Uint8Array, secrets: readonly Secret[]): string | undefined {
  const text = Buffer.from(page).toString("latin1");
  const folded = text.toLowerCase();
  for (const secret of secrets)
    for (const [form, piece] of forms(secret)) {
      const found = form === "hexadecimal" ? folded.includes(piece) : text.includes(piece);
      if (found) return `${secret.what}, ${form}: ${piece}`;
    }
  return undefined;
}

/** The tensors of a safetensors file, one after the other. */
function tensorsOf(file: Buffer): Buffer {
  const header = Number(file.readBigUInt64LE(0));
  return file.subarray(8 + header);
}

/** Every secret byte string of a run folder: keys, blindings, weights, and the records of the training. */
export function secretsOf(run: string): Secret[] {
  const folder = path.join(run, "secret");
  const secrets: Secret[] = [];
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = path.join(folder, name);
    if (!fs.statSync(file).isFile()) continue;
    const bytes = fs.readFileSync(file);
    if (/data-(key|nonce)\.bin$/.test(name)) secrets.push({ what: name, bytes, integers: 32 });
    else if (name.endsWith("blindings.bin")) secrets.push({ what: name, bytes, integers: 32 });
    else if (name.endsWith("f32.safetensors"))
      secrets.push({ what: name, bytes: tensorsOf(bytes) });
    else if (name.endsWith(".safetensors"))
      secrets.push({ what: name, bytes: tensorsOf(bytes), integers: 8 });
  }
  return secrets;
}
