import { type PublicRun, segmentCountOf, segmentSizes, segmentsOf } from "../artifact/index.ts";
import {
  code,
  details,
  document,
  facts,
  type Html,
  paragraph,
  section,
  table,
  tiles,
} from "./page.ts";
import { escape } from "./plot.ts";
import {
  leadOf,
  meaningSection,
  opennessSections,
  rateAt,
  rateChart,
  trainingSection,
} from "./shared.ts";
import { bytes, number, plural, whole } from "./words.ts";

type Facts = Pick<PublicRun, "config" | "manifest" | "proofDigest">;

/** More segments than this are shown when asked for, and those that are alike in one line. */
const MANY = 24;

interface Proofs {
  readonly firstStep: number;
  readonly steps: number;
  readonly rate: number;
  readonly proof: number;
  segments: number;
}

/** Segments with their step size and proof; of many, neighbours that are alike together. */
function proofsOf(config: Facts["config"]): Proofs[] {
  const sizes = segmentSizes(config);
  const segments = segmentsOf(config);
  const lines: Proofs[] = [];
  for (const { index, firstStep, steps } of segments) {
    const rate = rateAt(config, firstStep);
    const proof = sizes(index)["proof.bin"];
    const last = lines.at(-1);
    const alike = last?.steps === steps && last.rate === rate && last.proof === proof;
    if (last !== undefined && alike && segments.length > MANY) last.segments++;
    else lines.push({ firstStep, steps, rate, proof, segments: 1 });
  }
  return lines;
}

/** Each segment with its step size and its proof. */
function segmentSection({ config }: Facts): Html {
  const proofs = proofsOf(config);
  const segments = segmentCountOf(config);
  const content = table(
    "One proof for each segment",
    ["steps", "segments", "steps each", "learning rate", "proof", "bytes a step"],
    proofs.map(({ firstStep, steps, rate, proof, segments: alike }) => [
      `${whole(firstStep)} to ${whole(firstStep + alike * steps - 1)}`,
      whole(alike),
      whole(steps),
      number(rate),
      bytes(proof),
      whole(proof / steps),
    ]),
  );
  return section(
    "segments",
    "Segments",
    segments > MANY ? details(plural(segments, "segment"), content) : content,
  );
}

/** Bytes of all proofs, and of everything that the run publishes but the manifest. */
function totalsOf({ config, manifest }: Facts): { proofs: number; all: number } {
  const sizes = segmentSizes(config);
  let [proofs, all] = [0, manifest.files.reduce((sum, { size }) => sum + size, 0)];
  for (let index = 0; index < manifest.segments; index++) {
    const of = sizes(index);
    proofs += of["proof.bin"];
    all += of["proof.bin"] + of["statement.bin"] + of["weights-out.bin"];
  }
  return { proofs, all };
}

/**
 * A report for everybody. Its one argument is what anybody can read of a published run: nothing secret can get into it.
 */
export function publicReport(run: Facts): string {
  const { config, manifest, proofDigest } = run;
  const { proofs, all } = totalsOf(run);
  const header = [
    `<h1>${escape(config.name)}</h1>`,
    `<p class="lead">${escape(leadOf(config))}</p>`,
    `<p class="notice public"><strong>Made from public files alone.</strong> Nothing here tells of the samples or the weights beyond what is published. The proofs are not checked by this page: verify them yourself.</p>`,
    tiles([
      [whole(config.steps), "steps proven"],
      [whole(config.samples), "committed samples"],
      [bytes(proofs), plural(manifest.segments, "proof")],
      [bytes(all), "public in all"],
    ]),
  ].join("\n");
  const main = [
    `<div class="two">`,
    trainingSection(config),
    section(
      "verify",
      "Verify it",
      paragraph("With the public files, on any machine with Node and without a compiler:"),
      `<p><code>npx trainproof verify &lt;folder or address of manifest.json&gt;</code></p>`,
      paragraph("It must be these files:"),
      facts([
        ["Proof digest", code(proofDigest)],
        ["Model commitment", code(manifest.modelCommitment)],
        ["Data root", code(manifest.dataRoot)],
        ["Configuration", code(manifest.configDigest)],
        ["Run id", code(manifest.runId)],
      ]),
    ),
    "</div>",
    ...rateChart(config),
    segmentSection(run),
    meaningSection(),
    opennessSections(
      `Here: ${plural(manifest.files.length + 3 * manifest.segments + 1, "file")}, ${bytes(all)} and the manifest.`,
      "None of it is in this page, nor in the public files.",
    ),
    `<section>${details(
      "Files, with their SHA-256",
      [
        table(
          "Files that the manifest lists",
          ["file", "bytes", "SHA-256"],
          manifest.files.map(({ path, size, sha256 }) => [path, whole(size), code(sha256)]),
        ),
        paragraph("segments.bin has the SHA-256 of each segment's files. Its Merkle root:"),
        facts([["segmentsRoot", code(manifest.segmentsRoot)]]),
      ].join("\n"),
    )}</section>`,
  ].join("\n");
  return document(
    `${config.name}: a proven training`,
    header,
    main,
    "<p>Made by trainproof report --public. The page loads nothing and runs nothing.</p>",
  );
}
