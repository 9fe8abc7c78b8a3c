import {
  type Address,
  bytesToHex,
  getAddress,
  type Hex,
  hexToBytes,
  recoverMessageAddress,
} from "viem";
import { fromBase64, toBase64 } from "./base64.ts";

/** A DSSE envelope (DSSE protocol 1.0.2, envelope.md). */
export interface Envelope {
  /** base64 of the signed bytes. */
  payload: string;
  payloadType: string;
  /** Here sig is base64 of 65 bytes r ‖ s ‖ v, and keyid the signing account's address. */
  signatures: readonly { keyid: string; sig: string }[];
}

/** An envelope that is none, or that nobody of its signers has signed. */
export class EnvelopeError extends Error {
  override readonly name = "EnvelopeError";
}

/** Who can sign an envelope: an account with a key, or a wallet that holds one; viem's accounts are such. */
export interface EnvelopeSigner {
  address: Address;
  signMessage(parameters: { message: { raw: Uint8Array } }): Promise<Hex>;
}

/** Bytes of an envelope's JSON that are read at most. */
export const MAX_ENVELOPE_BYTES = 1 << 20;
const MAX_SIGNATURES = 64;

/** DSSE's pre-authentication encoding: "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body; lengths in bytes, decimal. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const { length } = utf8(payloadType);
  const head = utf8(`DSSEv1 ${length} ${payloadType} ${payload.length} `);
  const encoded = new Uint8Array(head.length + payload.length);
  encoded.set(head);
  encoded.set(payload, head.length);
  return encoded;
}

/**
 * Signs bytes with an Ethereum account's secp256k1 key: SIGNATURE = EIP-191 personal_sign(PAE(type, bytes)), so that wallets can, and
 * nothing that is signed here can be mistaken for a transaction.
 *
 * @example
 * const envelope = await signEnvelope(account, "application/vnd.in-toto+json", bytes);
 */
export async function signEnvelope(
  signer: EnvelopeSigner,
  payloadType: string,
  payload: Uint8Array,
): Promise<Envelope> {
  const raw = preAuthenticationEncoding(payloadType, payload);
  const signature = await signer.signMessage({ message: { raw } });
  return {
    payload: toBase64(payload),
    payloadType,
    signatures: [{ keyid: signer.address, sig: toBase64(hexToBytes(signature)) }],
  };
}

/**
 * Verifies every signature of an envelope, before anything of its payload is parsed.
 *
 * @returns the signed bytes and who signed them.
 * @throws EnvelopeError where it is no envelope, has another type, or a signature is not its keyid's.
 */
export async function openEnvelope(
  envelope: unknown,
  payloadType: string,
): Promise<{ payload: Uint8Array; signers: Address[] }> {
  const { payload: text, payloadType: type, signatures } = envelopeOf(envelope);
  if (type !== payloadType) {
    throw new EnvelopeError(`the envelope holds ${type}, not ${payloadType}`);
  }
  const payload = bytesOf(text, "payload");
  const raw = preAuthenticationEncoding(type, payload);
  const signers: Address[] = [];
  for (const { keyid, sig } of signatures) {
    const bytes = bytesOf(sig, "signature");
    if (bytes.length !== 65) {
      throw new EnvelopeError(`a signature has ${bytes.length} bytes, not the 65 of r ‖ s ‖ v`);
    }
    const signature = bytesToHex(bytes);
    const signer = await recoverMessageAddress({ message: { raw }, signature }).catch(() => null);
    if (signer?.toLowerCase() !== keyid.toLowerCase()) {
      throw new EnvelopeError(`a signature is not ${keyid}'s on this payload`);
    }
    signers.push(getAddress(signer));
  }
  return { payload, signers };
}

function envelopeOf(value: unknown): Envelope {
  const { payload, payloadType, signatures } = (value ?? {}) as Partial<Envelope>;
  if (typeof payload !== "string" || typeof payloadType !== "string") {
    throw new EnvelopeError("it is no DSSE envelope: payload and payloadType must be strings");
  }
  if (!Array.isArray(signatures) || signatures.length < 1 || signatures.length > MAX_SIGNATURES) {
    throw new EnvelopeError(`a DSSE envelope has from 1 to ${MAX_SIGNATURES} signatures`);
  }
  for (const signature of signatures as unknown[]) {
    const { keyid, sig } = (signature ?? {}) as Record<string, unknown>;
    if (typeof keyid !== "string" || typeof sig !== "string") {
      throw new EnvelopeError("a signature must have a keyid, an account's address, and a sig");
    }
  }
  return { payload, payloadType, signatures: signatures as Envelope["signatures"] };
}

/** Strict base64: the spelling that encoding gives, and no other. DSSE allows the URL-safe alphabet, too. */
function bytesOf(text: string, what: string): Uint8Array {
  const bytes = fromBase64(text);
  if (bytes === undefined) throw new EnvelopeError(`the ${what} is not base64`);
  return bytes;
}
