import { existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { nodeFiles, readOwnRun, readPublicRun, writeAtomic } from "../src/artifact/index.ts";
import { ownReport, publicReport } from "../src/report/index.ts";
import { main, print, UsageError, verb } from "./lib/verb.ts";

interface ReportOptions {
  json?: boolean;
  out: string;
  public?: boolean;
}

export const command = verb(
  "report",
  "Write one self-contained HTML page on a run: curves, time and memory, ranges, sizes, what is public and what is secret.",
)
  .argument("<run>", "run folder; with --public also an address of a published run")
  .requiredOption("--out <file>", "HTML file to write; one that is there is replaced")
  .option(
    "--public",
    "a page to give away: from the public files alone, without losses, times or weights",
  )
  .addHelpText(
    "after",
    [
      "",
      "Examples:",
      "  trainproof report runs/mnist --out report.html",
      "  trainproof report runs/mnist --public --out mnist.html",
    ].join("\n"),
  )
  .action(async (from: string, options: ReportOptions) => {
    const file = path.resolve(options.out);
    refusePublicFolder(from, file);
    const open = options.public === true;
    const html = open ? publicReport(await readPublicRun(from)) : ownReport(readOwnRun(from));
    // A secret report is its owner's alone.
    writeAtomic(nodeFiles, file, new TextEncoder().encode(html), open ? 0o644 : 0o600);
    print(
      {
        json: { file: options.out, public: open, bytes: Buffer.byteLength(html) },
        text: [
          `wrote ${options.out}`,
          ...(open
            ? ["it holds nothing but what the public files hold"]
            : [
                "it holds losses and accuracies: keep it to yourself (--public makes one to give away)",
              ]),
        ],
      },
      options,
    );
  });

/** Everything in public/ gets published, and prove refuses what does not belong there. */
function refusePublicFolder(run: string, file: string): void {
  const folder = path.join(run, "public");
  if (!existsSync(folder)) return;
  const parent = path.dirname(file);
  if (!existsSync(parent)) throw new UsageError(`there is no folder ${parent}`);
  const inside = path.relative(realpathSync(folder), realpathSync(parent));
  if (inside === "" || !(inside.startsWith("..") || path.isAbsolute(inside)))
    throw new UsageError(
      `${file} would lie in ${folder}, which gets published; name a file elsewhere`,
    );
}

if (import.meta.main) await main(command);
