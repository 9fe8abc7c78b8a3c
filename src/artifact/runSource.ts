import { ArtifactTooLargeError } from "./errors.ts";

/** How long and how far a reader goes. */
export interface SourceLimits {
  /** Of the manifest and config.json, in bytes. */
  readonly manifestBytes: number;
  readonly configBytes: number;
  /** Of any other file. */
  readonly fileBytes: number;
  /** Of all files together that are read: those of a sample's segments, where a sample is verified. */
  readonly totalBytes: number;
  /** For one file, from request to last byte. */
  readonly timeoutMs: number;
  readonly redirects: number;
  /**
   * Which IP addresses may be asked; all, unless given. Then only http: and https: are read, no folder of this machine: for
   * addresses that strangers wrote (isPublicAddress).
   */
  readonly allows?: (address: string) => boolean;
}

export const SOURCE_LIMITS: SourceLimits = {
  manifestBytes: 64 << 10,
  configBytes: 1 << 20,
  fileBytes: 8 * 2 ** 30,
  totalBytes: 256 * 2 ** 30,
  timeoutMs: 120_000,
  redirects: 3,
};

/** Where the files of a public run come from. */
export interface RunSource {
  /** The manifest's name for people. */
  readonly name: string;
  /** A file's name for people; "manifest.json" or a path of the manifest. */
  nameOf(path: string): string;
  /** The bytes of a file; ArtifactTooLargeError beyond `limit`. */
  fetch(path: string, limit: number, signal?: AbortSignal): Promise<Uint8Array>;
}

export const tooLarge = (file: string, limit: number) =>
  new ArtifactTooLargeError({
    file,
    problem: `more than the ${limit} bytes that are allowed or announced`,
    wayOut: "Do not use this file; if it is genuine, raise the reader's limits.",
  });

export const PUBLISHED =
  "Check the folder or the claim's URI; the publisher may have moved the files.";
