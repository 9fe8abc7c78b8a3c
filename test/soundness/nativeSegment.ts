import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Frame } from "../../src/protocol/transcript.ts";
import { SampleList } from "../../src/protocol/index.ts";
import { verify, type Verdict } from "../../src/verifier/index.ts";

const root = path.resolve(import.meta.dirname, "../..");
const program = path.join(root, "build/native/release/prover/trainproof_test_segment");
const generators = new Uint8Array(readFileSync(path.join(root, "data/generators.bin")));

function runProgram(args: string[]): string {
  if (!existsSync(program)) {
    throw new Error("the native test programs are not built; run: npm run build:native -- --all");
  }
  return execFileSync(program, args, { encoding: "utf8" });
}

/** The cheating provers that native/prover/testing/cheats.h offers. */
export function nativeCheats(): string[] {
  return runProgram(["cheats"]).trim().split("\n");
}

export interface NativeSegment {
  statement: Uint8Array;
  proof: Uint8Array;
  samples: SampleList;
  weightsIn?: Uint8Array;
  weightsOut: Uint8Array;
  /** "label type count" of each frame of the prover's transcript. */
  frames: string[];
}

/** A segment of the native prover; options as native/prover/testing/segment_tool.cc lists them. */
export function nativeSegment(options: Record<string, string | number>): NativeSegment {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-segment-"));
  try {
    runProgram([folder, ...Object.entries(options).map(([key, value]) => `${key}=${value}`)]);
    const read = (name: string) => new Uint8Array(readFileSync(path.join(folder, name)));
    const weightsIn = read("weightsIn.bin");
    return {
      statement: read("statement.bin"),
      proof: read("proof.bin"),
      samples: new SampleList(read("samples.bin")),
      ...(weightsIn.length > 0 ? { weightsIn } : {}),
      weightsOut: read("weightsOut.bin"),
      frames: readFileSync(path.join(folder, "frames.txt"), "utf8").trim().split("\n"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The verifier's verdict, and the frames of its own transcript. */
export function verifySegment(segment: NativeSegment): { verdict: Verdict; frames: string[] } {
  const { statement, proof, ...commitments } = segment;
  const frames: string[] = [];
  const onFrame = ({ label, type, count }: Frame) => frames.push(`${label} ${type} ${count}`);
  const verdict = verify(statement, proof, commitments, { generators, onFrame });
  return { verdict, frames };
}
