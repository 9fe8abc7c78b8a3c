import { type PublicRun, segmentsOf } from "../artifact/index.ts";
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

const sum = (sizes: readonly { readonly size: number }[]) =>
  sizes.reduce((total, { size }) => total + size, 0);

/** More segments than this are shown when asked for. */
const MANY = 24;

/** Each segment with its step size and its proof. */
function segmentSection({ config, manifest }: Facts): Html {
  const sizes = new Map(manifest.files.map(({ path, size }) => [path, size]));
  const segments = segmentsOf(config).map(({ index, firstStep, steps }) => {
    const folder = `segments/${String(index).padStart(6, "0")}`;
    return {
      firstStep,
      steps,
      rate: rateAt(config, firstStep),
      proof: sizes.get(`${folder}/proof.bin`) ?? 0,
      file: `${folder}/proof.bin`,
    };
  });
  const content = table(
    "One proof for each",
    ["steps", "how many", "learning rate", "proof", "bytes a step"],
    segments.map(({ firstStep, steps, rate, proof }) => [
      `${whole(firstStep)} to ${whole(firstStep + steps - 1)}`,
      whole(steps),
      number(rate),
      bytes(proof),
      whole(proof / steps),
    ]),
  );
  return section(
    "segments",
    "Segments",
    segments.length > MANY ? details(plural(segments.length, "segment"), content) : content,
  );
}

/**
 * A report for everybody. Its one argument is what anybody can read of a published run: nothing secret can get into it.
 */
export function publicReport(run: Facts): string {
  const { config, manifest, proofDigest } = run;
  const proofs = manifest.files.filter(({ path }) => path.endsWith("/proof.bin"));
  const header = [
    `<h1>${escape(config.name)}</h1>`,
    `<p class="lead">${escape(leadOf(config))}</p>`,
    `<p class="notice public"><strong>Made from public files alone.</strong> Nothing here tells of the samples or the weights beyond what is published. The proofs are not checked by this page: verify them yourself.</p>`,
    tiles([
      [whole(config.steps), "steps proven"],
      [whole(config.samples), "committed samples"],
      [bytes(sum(proofs)), plural(proofs.length, "proof")],
      [bytes(sum(manifest.files)), "public in all"],
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
      `Here: ${plural(manifest.files.length + 1, "file")}, ${bytes(sum(manifest.files))} and the manifest.`,
      "None of it is in this page, nor in the public files.",
    ),
    `<section>${details(
      "Every file, with its SHA-256",
      table(
        "Files that the manifest lists",
        ["file", "bytes", "SHA-256"],
        manifest.files.map(({ path, size, sha256 }) => [path, whole(size), code(sha256)]),
      ),
    )}</section>`,
  ].join("\n");
  return document(
    `${config.name}: a proven training`,
    header,
    main,
    "<p>Made by trainproof report --public. The page loads nothing and runs nothing.</p>",
  );
}
