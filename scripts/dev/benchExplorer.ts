/**
 * `npm run bench:explorer`: a segment of the demo's network (784-128-10 on MNIST, 64 steps of 64 images) verified in a browser's tab and
 * in Node, in turn, each in a fresh process or worker with one thread. Both times are of reading, hashing and verifying, as
 * RunVerification counts them, without start.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium, type Page } from "playwright-core";
import { build } from "vite";
import { serveSite } from "../../explorer/server/serve.ts";
import { packageFile } from "../lib/package.ts";
import { runVerb } from "../lib/runVerb.ts";

const ROUNDS = 7;
/** A verification in the tab takes at most this much of Node's time. */
const TARGET = 1.5;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function inTab(page: Page, url: string, run: string): Promise<number> {
  await page.goto("about:blank");
  await page.goto(`${url}#/verify`);
  await page.locator("input[type=file]").setInputFiles(path.join(run, "public"));
  await page.locator("#verdict").waitFor({ timeout: 120_000 });
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download the report" }).click();
  const report = JSON.parse(readFileSync(await (await downloading).path(), "utf8")) as {
    verdict: string;
    milliseconds: number;
  };
  if (report.verdict !== "valid") throw new Error("the tab found the proof invalid");
  return report.milliseconds;
}

async function inNode(folder: string): Promise<number> {
  const result = await runVerb({ args: ["verify", "run", "--threads", "1"], cwd: folder });
  return Number(result["seconds"]) * 1000;
}

const folder = mkdtempSync(path.join(os.tmpdir(), "trainproof-bench-explorer-"));
const configFile = packageFile("explorer/vite.config.ts");
await build({ configFile, logLevel: "warn" });
const site = await serveSite({ rpcUrl: "http://127.0.0.1:9", registry: `0x${"00".repeat(20)}` });
const executablePath = process.env["TRAINPROOF_CHROMIUM"] ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
try {
  const example = JSON.parse(readFileSync(packageFile("examples/mnist.json"), "utf8")) as object;
  const plan = { ...example, $schema: undefined, steps: 64, segmentSteps: 64 };
  writeFileSync(path.join(folder, "plan.json"), JSON.stringify(plan));
  await runVerb({ args: ["prove", "plan.json", "--run", "run"], cwd: folder });
  const page = await browser.newPage();
  const [tab, node]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    node.push(await inNode(folder));
    tab.push(await inTab(page, site.url, path.join(folder, "run")));
    console.log(`Node ${node.at(-1)!.toFixed(0)} ms, tab ${tab.at(-1)!.toFixed(0)} ms`);
  }
  const ratio = median(tab) / median(node);
  console.log(
    `medians of ${ROUNDS}: Node ${median(node).toFixed(0)} ms, tab ${median(tab).toFixed(0)} ms (${browser.version()}): ` +
      `${ratio.toFixed(2)} times Node's time, target at most ${TARGET}`,
  );
} finally {
  await browser.close();
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
}
