import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { canonicalBytes } from "./canonicalJson.ts";
import { decodeStrict, type PublicConfig } from "./config.ts";
import { hex32, sha256 } from "./digest.ts";
import { RunFolderError } from "./errors.ts";
import {
  makeParents,
  nodeFiles,
  PUBLIC_MODES,
  readFile,
  SECRET_MODES,
  writeAtomic,
  writeFolderAtomic,
} from "./files.ts";
import { SECRET, secretPaths } from "./layout.ts";
import { announcedPlan } from "./planDigest.ts";
import { Hex32 } from "./planSchema.ts";

const AnnouncementSchema = z.strictObject({
  format: z.literal("trainproof-announcement/1"),
  planDigest: Hex32,
  dataRoot: Hex32,
});
const SeedSchema = z.strictObject({
  format: z.literal("trainproof-seed/1"),
  planId: Hex32,
  seed: Hex32,
});

/** An announcement's folder (docs/FILES.md): what `trainproof announce` leaves for `draw` and `prove`. */
export interface Announcement {
  readonly folder: string;
  readonly planDigest: string;
  readonly dataRoot: string;
  /** Once it is drawn. */
  readonly seed?: string;
  /** Secret: what the data set is committed with. */
  readonly data: { readonly key: Uint8Array; readonly nonce: Uint8Array };
}

const ANNOUNCEMENT = "announcement.json";
const PLAN = "plan.json";
const SEED = "seed.json";
const WAY_OUT = "Name a folder that trainproof announce has written.";

export const isAnnouncement = (folder: string): boolean =>
  fs.existsSync(join(folder, ANNOUNCEMENT));

/** A fresh key and nonce for a data set. */
export const freshDataSecrets = () => ({ key: randomArray(32), nonce: randomArray(32) });
const randomArray = (size: number) => new Uint8Array(randomBytes(size));

/** Writes an announcement's folder, complete or not at all. Errors: RunFolderError where there is something already. */
export function createAnnouncement(
  folder: string,
  content: {
    config: PublicConfig;
    dataRoot: string;
    data: { key: Uint8Array; nonce: Uint8Array };
  },
): Announcement {
  const { config, dataRoot, data } = content;
  if (fs.existsSync(folder) && fs.readdirSync(folder).length > 0)
    throw new RunFolderError({
      file: folder,
      problem: "there is something already",
      wayOut: "Name a new folder.",
    });
  const plan = canonicalBytes(announcedPlan(config, dataRoot));
  const digest = hex32(sha256(plan));
  makeParents(nodeFiles, folder);
  const facts = { format: "trainproof-announcement/1", planDigest: digest, dataRoot };
  writeFolderAtomic(
    nodeFiles,
    resolve(folder),
    [
      [ANNOUNCEMENT, canonicalBytes(facts)],
      [PLAN, plan],
      [SECRET, undefined, SECRET_MODES],
      [secretPaths.dataKey, data.key, SECRET_MODES],
      [secretPaths.dataNonce, data.nonce, SECRET_MODES],
    ] as unknown as Parameters<typeof writeFolderAtomic>[2],
    PUBLIC_MODES,
  );
  return { folder, planDigest: digest, dataRoot, data };
}

/** Reads an announcement's folder. Errors: ArtifactNotFoundError, ArtifactFormatError. */
export function readAnnouncement(folder: string): Announcement {
  const read = (name: string) => readFile(join(folder, name), WAY_OUT);
  const facts = decodeStrict(AnnouncementSchema, read(ANNOUNCEMENT), join(folder, ANNOUNCEMENT));
  const data = { key: read(secretPaths.dataKey), nonce: read(secretPaths.dataNonce) };
  const seed = fs.existsSync(join(folder, SEED))
    ? decodeStrict(SeedSchema, read(SEED), join(folder, SEED)).seed
    : undefined;
  const { planDigest: digest, dataRoot } = facts;
  return { folder, planDigest: digest, dataRoot, data, ...(seed !== undefined && { seed }) };
}

/** Keeps the seed that was drawn. */
export function writeSeed(folder: string, drawn: { planId: string; seed: string }): void {
  const bytes = canonicalBytes({ format: "trainproof-seed/1", ...drawn });
  writeAtomic(nodeFiles, join(folder, SEED), bytes, PUBLIC_MODES.file);
}
