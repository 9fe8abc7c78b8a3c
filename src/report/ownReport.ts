import type { OwnRun } from "../artifact/index.ts";
import { costSections, peakBytes, rangeSection, totalSeconds } from "./costs.ts";
import { trainingCurves } from "./curves.ts";
import {
  code,
  details,
  document,
  facts,
  type Html,
  paragraph,
  section,
  table,
  type Tile,
  tiles,
} from "./page.ts";
import { escape } from "./plot.ts";
import { leadOf, meaningSection, opennessSections, rateChart, trainingSection } from "./shared.ts";
import { bytes, mebibytes, percent, plural, seconds, whole } from "./words.ts";

const sum = (sizes: readonly { readonly size: number }[]) =>
  sizes.reduce((total, { size }) => total + size, 0);

/** What a run's files take, by kind. */
function sizeSection({ publicFiles, secretFiles, finished }: OwnRun): Html {
  const kinds: [string, RegExp][] = [
    ["proofs", /\/proof\.bin$/],
    ["weights' commitments", /\/weights-(out|in)\.bin$/],
    ["statements", /\/statement\.bin$/],
    ["sample commitments", /\/samples\.bin$/],
    ["manifest and configuration", /\/(manifest|config)\.json$/],
  ];
  const row = (name: string, files: OwnRun["publicFiles"]) => [
    name,
    whole(files.length),
    bytes(sum(files)),
    finished > 0 ? bytes(sum(files) / finished) : "",
  ];
  return section(
    "sizes",
    "Sizes",
    table(
      "Files",
      ["kind", "files", "bytes", "a segment"],
      [
        ...kinds.map(([name, pattern]) =>
          row(
            name,
            publicFiles.filter(({ path }) => pattern.test(path)),
          ),
        ),
        row("public in all", publicFiles),
        row("secret in all", secretFiles),
      ],
    ),
  );
}

/** Identities, as far as there are any. */
function identitySection({ published, folder, finished, segments }: OwnRun): Html {
  return section(
    "identity",
    "The run",
    facts([
      ["Folder", code(folder)],
      ["Finished", `${whole(finished)} of ${plural(segments, "segment")}`],
      ...(published
        ? ([
            ["Proof digest", code(published.proofDigest)],
            ["Model commitment", code(published.manifest.modelCommitment)],
            ["Data root", code(published.manifest.dataRoot)],
            ["Run id", code(published.manifest.runId)],
          ] as const)
        : ([["Published", "not yet: trainproof prove writes the manifest at the end"]] as const)),
    ]),
  );
}

/** Training and its cost, or what to say where nothing is recorded. */
function historySections({ history, finished, config }: OwnRun): Html {
  const { segments } = history;
  if (segments.length === 0)
    return section(
      "curves",
      "Training",
      paragraph(
        finished === 0
          ? "No segment is finished yet."
          : "No record of the training is in secret/history: the run was proven by an older version, or the records were deleted.",
      ),
    );
  const missing = finished - segments.length;
  return [
    ...(missing > 0
      ? [
          `<p class="notice">${escape(plural(missing, "segment"))} of ${whole(finished)} without a record: curves and sums lack them.</p>`,
        ]
      : []),
    trainingCurves(segments, config.batch),
    costSections(history),
    rangeSection(segments),
  ].join("\n");
}

/**
 * The owner's report of a run: curves, time and memory by phase, ranges, sizes, what is public and what is secret. It holds losses and
 * accuracies: it is secret.
 */
export function ownReport(run: OwnRun): string {
  const { config, history, publicFiles, secretFiles, finished, segments } = run;
  const proofs = publicFiles.filter(({ path }) => path.endsWith("/proof.bin"));
  const last = history.segments.at(-1)?.validation;
  const figures: Tile[] = [];
  if (finished < segments) figures.push([`${finished} / ${segments}`, "segments finished"]);
  if (last?.accuracy !== undefined)
    figures.push([
      percent(last.accuracy),
      `accuracy on the ${last.set} set, ${whole(last.samples)} samples`,
    ]);
  else if (last) figures.push([last.loss.toPrecision(3), `loss on the ${last.set} set`]);
  if (history.segments.length > 0)
    figures.push(
      [seconds(totalSeconds(history)), "of work in all"],
      [mebibytes(peakBytes(history)), "most memory"],
    );
  figures.push(
    [bytes(sum(proofs)), plural(proofs.length, "proof")],
    [bytes(sum(publicFiles)), "public in all"],
  );
  const header = [
    `<h1>${escape(config.name)}</h1>`,
    `<p class="lead">${escape(leadOf(config))}</p>`,
    `<p class="notice"><strong>Keep this page to yourself.</strong> Losses and accuracies tell of data and weights. <code>trainproof report --public</code> makes one to give away.</p>`,
    tiles(figures),
  ].join("\n");
  const files = details(
    "Every file",
    table(
      "Files of the run folder",
      ["file", "bytes"],
      [...publicFiles, ...secretFiles].map(({ path, size }) => [path, whole(size)]),
    ),
  );
  const main = [
    historySections(run),
    ...rateChart(config),
    `<div class="two">`,
    trainingSection(config),
    identitySection(run),
    sizeSection(run),
    meaningSection(),
    "</div>",
    opennessSections(
      `Here: ${plural(publicFiles.length, "file")}, ${bytes(sum(publicFiles))}, in public/. Publish that folder, and nothing else.`,
      `Here: ${plural(secretFiles.length, "file")}, ${bytes(sum(secretFiles))}, in secret/. Keep a copy: a run that continues this one needs it.`,
    ),
    `<section>${files}</section>`,
  ].join("\n");
  return document(
    `${config.name}: training report (secret)`,
    header,
    main,
    "<p>Made by trainproof report from the run folder, public and secret part. The page loads nothing and runs nothing.</p>",
  );
}
