import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { readPublicRun, sha256, hex32 } from "../../src/artifact/index.ts";
import { CHECKS } from "../../src/verifier/index.ts";
import { temporaryFolder } from "../../test/dataset/files.ts";
import { runVerb } from "../../test/e2e/verbs.ts";
import { serveSite, type SiteServer } from "../server/serve.ts";
import { dropFolder, launch, openPage, picture, violations, type Watched } from "./browser.ts";
import { forge, proveTiny } from "./runs.ts";

describe("a run's files in the explorer", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let [honest, forged, long] = ["", "", ""];
  let site: SiteServer;
  let browser: Browser;
  let context: BrowserContext;
  let tab: Watched;
  let page: Page;

  before(async () => {
    honest = await proveTiny(path.join(folder.path, "owner"));
    forged = forge(honest, path.join(folder.path, "forged"));
    long = await proveTiny(path.join(folder.path, "long"), { steps: 64, segmentSteps: 1 });
    site = await serveSite({ rpcUrl: "http://127.0.0.1:9", registry: `0x${"11".repeat(20)}` });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext({ acceptDownloads: true });
    tab = await openPage(context);
    page = tab.page;
    await page.goto(`${site.url}#/verify`);
  });
  afterEach(() => context.close());

  const verdict = () => page.locator("#verdict");
  const choose = (run: string) => page.locator("input[type=file]").setInputFiles(run);
  /** The report that the page gives to download. */
  const downloaded = async () => {
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download the report" }).click();
    const content = readFileSync(await (await downloading).path(), "utf8");
    return JSON.parse(content) as Record<string, unknown>;
  };

  it("are valid when dropped, with every check, all phases and a report like Node's", async () => {
    await dropFolder(page, honest);
    await verdict().waitFor();
    assert.equal(await verdict().textContent(), "Valid");
    const checks = await page.locator(".checks li").allTextContents();
    for (const [check, says] of Object.entries(CHECKS))
      assert.ok(
        checks.some((line) => line.includes(check) && line.includes(says) && /holds/.test(line)),
        check,
      );
    assert.match((await page.locator(".timings").textContent()) ?? "", /group equation\s*\d+ ms/);
    const report = await downloaded();
    const run = await readPublicRun(honest);
    assert.equal(report["format"], "trainproof-report/3");
    assert.equal(report["verdict"], "valid");
    assert.equal(report["steps"], 12);
    assert.equal(report["proofDigest"], run.proofDigest);
    assert.equal("claimId" in report, false);
    assert.deepEqual(tab.complaints, []);
    assert.deepEqual(await violations(page), []);
    await picture(page, "files-valid");
  });

  it("name the verifier's build as the digest of the script that ran", async () => {
    await choose(honest);
    await verdict().waitFor();
    const report = await downloaded();
    const script = tab.requests.find((url) => /worker-[^/]*\.js$/.test(url));
    const bytes = new Uint8Array(await (await fetch(script!)).arrayBuffer());
    const { version } = JSON.parse(
      readFileSync(path.resolve(import.meta.dirname, "../../package.json"), "utf8"),
    ) as { version: string };
    const build = `{"files":{"worker.js":"${hex32(sha256(bytes))}"},"version":"${version}"}`;
    assert.equal(report["verifierBuild"], hex32(sha256(new TextEncoder().encode(build))));
    assert.equal(report["verifierVersion"], version);
  });

  it("are asked of nobody: all that the page loads is the site's own", async () => {
    await choose(honest);
    await verdict().waitFor();
    const others = tab.requests.filter(
      (url) => !url.startsWith(site.url) && !url.startsWith("blob:"),
    );
    assert.deepEqual(others, []);
  });

  it("are invalid with a forged proof, by the check that Node names", async () => {
    await choose(forged);
    await verdict().waitFor();
    assert.equal(await verdict().textContent(), "Invalid");
    const failed = page.locator(".checks li.bad");
    assert.match((await failed.textContent()) ?? "", /V5.*failed/);
    assert.match((await page.locator(".verdict").textContent()) ?? "", /segment 1/);
    assert.deepEqual(await violations(page), []);
    await picture(page, "files-invalid");
  });

  it("are no reason for a verdict with a byte that the manifest does not know", async () => {
    const copy = path.join(folder.path, "damaged");
    cpSync(honest, copy, { recursive: true });
    const file = path.join(copy, "public/segments/000001/proof.bin");
    const bytes = readFileSync(file);
    bytes[100]! ^= 1;
    writeFileSync(file, bytes);
    await choose(copy);
    const alert = page.getByRole("alert");
    await alert.waitFor();
    assert.match((await alert.textContent()) ?? "", /No verdict.*000001\/proof\.bin.*SHA-256/s);
    assert.equal(await verdict().count(), 0);
  });

  it("are no reason for a verdict when one is missing, or none is a manifest", async () => {
    const copy = path.join(folder.path, "partial");
    cpSync(path.join(honest, "public"), copy, { recursive: true });
    rmSync(path.join(copy, "segments/000001"), { recursive: true });
    await choose(copy);
    const alert = page.getByRole("alert");
    await alert.waitFor();
    assert.match((await alert.textContent()) ?? "", /000001.*not among the files/s);
    rmSync(path.join(copy, "manifest.json"));
    await choose(copy);
    await page.getByText("manifest.json: not among the").waitFor();
  });

  it("from undisclosed weights have a report that says so, as Node's does", async () => {
    const model = path.join(folder.path, "undisclosed/model.safetensors");
    mkdirSync(path.dirname(model));
    const { code, stderr } = await runVerb([
      ...["export", honest, "--to", "safetensors", "--out", model],
    ]);
    assert.equal(code, 0, stderr);
    const start = { weights: { file: "model.safetensors" } };
    await choose(await proveTiny(path.dirname(model), { start }));
    await verdict().waitFor();
    assert.equal(await verdict().textContent(), "Valid");
    const report = await downloaded();
    const run = await readPublicRun(path.dirname(model) + "/run");
    assert.ok("undisclosed" in run.config.start);
    assert.equal(report["undisclosedStart"], run.config.start.undisclosed.modelCommitment);
  });

  it("are never called valid for a sample, which is drawn anew each time; a fault in it is one", async () => {
    const sample = async (size: number, run: string) => {
      await page.goto("about:blank");
      await page.goto(`${site.url}#/verify`);
      await page.getByLabel(/a random sample/).check();
      await page.getByLabel("Segments in the sample").fill(String(size));
      await choose(run);
      await verdict().waitFor();
      const report = await downloaded();
      return { report, coverage: report["coverage"] as Record<string, unknown> };
    };
    const first = await sample(5, long);
    assert.equal(await verdict().textContent(), "No fault in a sample");
    const text = (await page.locator(".verdict").textContent()) ?? "";
    assert.match(text, /5 steps in 5 segments proven/);
    assert.match(text, /5 of 64 segments' proofs were verified.*This is evidence and no proof/s);
    const checks = await page.locator(".checks li").allTextContents();
    for (const line of checks)
      assert.match(line, /^. V/.test(line) ? /\(holds in the sample\)/ : /\(holds\)/);
    assert.deepEqual(await violations(page), []);
    await picture(page, "files-sampled");
    assert.equal(first.report["verdict"], "sampled");
    assert.deepEqual(
      [first.coverage["kind"], first.coverage["checked"], first.coverage["segments"]],
      ["sample", 5, 64],
    );
    const again = await sample(5, long);
    assert.notEqual(again.coverage["seed"], first.coverage["seed"]);
    // A run that has no more segments is verified whole.
    const whole = await sample(64, long);
    assert.deepEqual(whole.coverage, { kind: "all", segments: 64 });
    assert.equal(await verdict().textContent(), "Valid");
    // One of the two segments is forged: half the samples of one find it.
    const seen = new Set<unknown>();
    for (let tries = 0; tries < 60 && seen.size < 2; tries++) {
      const { report } = await sample(1, forged);
      seen.add(report["verdict"]);
      const found = report["verdict"] === "invalid" ? "Invalid" : "No fault in a sample";
      assert.equal(await verdict().textContent(), found);
    }
    assert.deepEqual([...seen].sort(), ["invalid", "sampled"]);
  });

  it("can be chosen and cancelled by keys alone, and then verified again", async () => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Choose a folder" }).focus();
    await page.keyboard.press("Enter");
    await (await chooser).setFiles(long);
    await page.locator("progress[value]").waitFor();
    assert.deepEqual(await violations(page), []);
    await picture(page, "files-running");
    await page.keyboard.press("Enter"); // the focus is on Cancel
    await page.getByText("Cancelled: there is no verdict.").waitFor();
    const deadline = Date.now() + 5000;
    while (page.workers().length > 0 && Date.now() < deadline) await page.waitForTimeout(20);
    assert.equal(page.workers().length, 0, "the thread still runs");
    await choose(honest);
    await verdict().waitFor();
    assert.equal(await verdict().textContent(), "Valid");
  });
});
