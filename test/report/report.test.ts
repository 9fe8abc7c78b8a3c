import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { readHistory, readPublicRun } from "../../src/artifact/index.ts";
import { publicReport } from "../../src/report/index.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { runVerb, tinyCsv, tinyPlan, writeTiny } from "../e2e/verbs.ts";
import { findSecret, secretsOf } from "./secretSearch.ts";

describe("trainproof report", function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const at = (...parts: string[]) => path.join(folder.path, ...parts);
  const report = async (code: number, ...args: string[]) => {
    const result = await runVerb(["report", ...args]);
    assert.equal(result.code, code, result.stderr);
    return result;
  };
  const page = async (...args: string[]) => {
    const out = at("page.html");
    await report(0, ...args, "--out", out);
    return fs.readFileSync(out, "utf8");
  };
  const text = (html: string) => html.replace(/<style>.*?<\/style>/s, "").replace(/<[^>]*>/g, " ");
  let copies = 0;
  const copy = () => {
    const to = at(`copy${copies++}`);
    fs.cpSync(at("run"), to, { recursive: true });
    return to;
  };

  before(async () => {
    const file = writeTiny(at("plan"), {
      steps: 20,
      etaSchedule: [{ fromStep: 8, eta: 32 }],
      data: {
        ...tinyPlan.data,
        validation: { format: "csv", file: "data.csv", labelColumns: ["class"] },
      },
    });
    const { code, stderr } = await runVerb(["prove", file, "--run", at("run")]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /validation after each segment: on data\.validation/);
    assert.match(stderr, /validation loss [\d.]+, accuracy [\d.]+ % \(40 samples\)/);
  });

  describe("for the owner", () => {
    it("has curves, costs, ranges and sizes, from every segment's record", async () => {
      const html = await page(at("run"));
      for (const title of ["Loss by step", "Accuracy by step", "Learning rate by step"])
        assert.ok(html.includes(`<title>${title}</title>`), title);
      const words = text(html);
      for (const { loss, validation } of readHistory(at("run")).segments) {
        assert.equal(validation!.samples, 40);
        const mean = loss.reduce((a, b) => a + b, 0) / loss.length;
        assert.ok(words.includes(mean.toFixed(4)), "a segment's loss");
        assert.ok(words.includes(validation!.loss.toFixed(4)), "a segment's validation loss");
      }
      for (const phase of ["commit samples", "train", "validate", "lookup", "opening", "final"])
        assert.match(words, new RegExp(`${phase}\\s+[\\d.]+ m?s, [\\d.]+ %`), phase);
      assert.match(words, /gradients of layer 1\s+[\d.]+ %, step \d+/);
      for (const name of [
        "secret/data-key.bin",
        "secret/history/000002.json",
        "public/manifest.json",
      ])
        assert.ok(words.includes(name), name);
      assert.match(words, /Keep this page to yourself/);
    });

    it("is readable by the owner alone, and replaced as a whole", async () => {
      const out = at("mode.html");
      await report(0, at("run"), "--out", out);
      assert.equal(fs.statSync(out).mode & 0o777, 0o600);
      fs.writeFileSync(out, "old");
      await report(0, at("run"), "--out", out);
      assert.match(fs.readFileSync(out, "utf8"), /^<!doctype html>[^]*<\/html>\n$/);
    });

    it("says what a run has so far, also while another process proves it", async () => {
      const run = copy();
      fs.rmSync(path.join(run, "public/manifest.json"));
      fs.rmSync(path.join(run, "public/segments/000002"), { recursive: true });
      fs.writeFileSync(path.join(run, "lock.json"), "somebody's");
      const words = text(await page(run));
      assert.match(words, /2 \/ 3/);
      assert.match(words, /not yet: trainproof prove writes the manifest/);
      const unfinished = readHistory(run).segments[2]!;
      const mean = unfinished.loss.reduce((a, b) => a + b, 0) / unfinished.loss.length;
      assert.ok(!words.includes(mean.toFixed(4)), "the record of a segment that is not finished");
      assert.equal(fs.readFileSync(path.join(run, "lock.json"), "utf8"), "somebody's");
    });

    it("says where records are missing, instead of leaving a gap or failing", async () => {
      const run = copy();
      fs.rmSync(path.join(run, "secret/history/000001.json"));
      assert.match(text(await page(run)), /1 segment of 3 without a record/);
      fs.rmSync(path.join(run, "secret/history"), { recursive: true });
      assert.match(text(await page(run)), /No record of the training is in secret\/history/);
    });

    it("a damaged record is an error with a way out, and no page", async () => {
      const run = copy();
      fs.writeFileSync(path.join(run, "secret/history/000001.json"), "{}");
      const out = at("damaged.html");
      const { stderr } = await report(2, run, "--out", out);
      assert.match(stderr, /000001\.json.*Delete the file/s);
      assert.ok(!fs.existsSync(out));
    });

    it("is not written into the folder that gets published", async () => {
      const run = copy();
      for (const out of ["public/report.html", "public/segments/report.html"]) {
        const { stderr } = await report(2, run, "--out", path.join(run, out));
        assert.match(stderr, /gets published; name a file elsewhere/);
      }
      const link = at("link");
      fs.symlinkSync(path.join(run, "public"), link);
      await report(2, run, "--out", path.join(link, "report.html"));
      assert.deepEqual(
        fs.readdirSync(path.join(run, "public")).filter((name) => name.endsWith(".html")),
        [],
      );
    });

    it("of a folder that is no run: exit code 4", async () => {
      assert.match(
        (await report(4, at("nowhere"), "--out", at("x.html"))).stderr,
        /Name a run folder/,
      );
    });
  });

  describe("for everybody", () => {
    it("holds no byte string of the secret part: raw, hexadecimal, base64 or decimal", async () => {
      const html = await page(at("run"), "--public");
      const secrets = secretsOf(at("run"));
      assert.deepEqual(secrets.map(({ what }) => path.basename(what)).sort(), [
        "data-key.bin",
        "data-nonce.bin",
        "weights-blindings.bin",
        "weights.f32.safetensors",
        "weights.safetensors",
      ]);
      assert.equal(findSecret(Buffer.from(html), secrets), undefined);
    });

    it("and the search finds each of them in each form, where it is", () => {
      const secrets = secretsOf(at("run"));
      for (const secret of secrets) {
        const at = secret.bytes.length > 64 ? 16 : 3; // not a multiple of three: base64 is shifted
        const piece = Buffer.from(secret.bytes.subarray(at, at + 24));
        for (const planted of [
          piece,
          Buffer.from(piece.toString("hex")),
          Buffer.from(piece.toString("hex").toUpperCase()),
          Buffer.from(piece.toString("base64")),
          Buffer.from(Buffer.concat([Buffer.from("x"), piece]).toString("base64url")),
          Buffer.from([...piece].join(", ")),
        ])
          assert.ok(findSecret(Buffer.concat([Buffer.from("<p>"), planted]), secrets), secret.what);
      }
      const weights = secrets.find(({ integers }) => integers === 8)!;
      const first = Buffer.from(weights.bytes).readBigInt64LE(0);
      assert.match(findSecret(Buffer.from(`<td>${first}</td>`), secrets)!, /decimal integer/);
    });

    it("is the same page, byte for byte, where there is no secret part", async () => {
      const html = await page(at("run"), "--public");
      const published = at("published");
      fs.cpSync(at("run", "public"), path.join(published, "public"), { recursive: true });
      assert.equal(await page(published, "--public"), html);
      assert.equal(publicReport(await readPublicRun(published)), html);
    });

    it("tells no loss, accuracy, time, device, path, data or name that is not public", async () => {
      const words = text(await page(at("run"), "--public"));
      const { segments, data } = readHistory(at("run"));
      const figures = segments.flatMap(({ loss, validation, phases, ranges }) => [
        ...loss,
        validation!.loss,
        ...phases.map(({ seconds }) => seconds),
        ...ranges.map(({ largest, limit }) => largest / limit),
      ]);
      figures.push(...data!.phases.map(({ seconds }) => seconds));
      assert.ok(figures.length > 60);
      const numbers = new Set(words.match(/\d+(\.\d+)?(e[+-]?\d+)?/g));
      assert.ok(numbers.size > 20);
      for (const figure of figures)
        for (const shown of [String(figure), figure.toFixed(4), figure.toPrecision(5)])
          if (Number(shown) !== 0 && !Number.isInteger(Number(shown)))
            // As a number of its own: 0.0078 s is not told by a learning rate of 0.007813.
            assert.ok(!numbers.has(shown), shown);
      assert.doesNotMatch(words, / %|accuracy of|cpu|threads|seconds|MiB|\.csv/);
      assert.ok(!words.includes(folder.path));
      const values = new Set(
        tinyCsv()
          .split(/[\n,]/)
          .filter((value) => value.length > 6),
      );
      for (const value of values) assert.ok(!words.includes(value), value);
    });

    it("has what is public: schedule, sizes, digests, and how to verify", async () => {
      const run = await readPublicRun(at("run"));
      const words = text(await page(at("run"), "--public"));
      for (const known of [
        run.proofDigest,
        run.manifest.modelCommitment,
        run.manifest.dataRoot,
        run.manifest.segmentsRoot,
        "0.0156",
        "0.007813 from step 8",
        "npx trainproof verify",
      ])
        assert.ok(words.includes(known), known);
      for (const { path: name, sha256 } of run.manifest.files) {
        assert.ok(words.includes(name), name);
        assert.ok(words.includes(sha256), sha256);
      }
    });

    it("needs a finished run: exit code 4", async () => {
      const run = copy();
      fs.rmSync(path.join(run, "public/manifest.json"));
      await report(4, run, "--public", "--out", at("unfinished.html"));
    });
  });

  it("asks for nothing outside and runs nothing, whatever a run is called", async () => {
    for (const args of [[], ["--public"]]) {
      const html = await page(at("run"), ...args);
      assert.match(
        html,
        /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/,
      );
      const outside = html.replaceAll('xmlns="http://www.w3.org/2000/svg"', "");
      assert.doesNotMatch(
        outside,
        /https?:|<script|<link|<img|<iframe|\bsrc=|\bhref=|url\(|@import|\son\w+=/i,
      );
    }
    // A name cannot hold markup (docs/CONFIG.md); where one did, it would be text.
    const run = await readPublicRun(at("run"));
    const named = { ...run, config: { ...run.config, name: `<img src=x onerror="x">&` } };
    const html = publicReport(named);
    assert.ok(!html.includes("<img"));
    assert.ok(html.includes("&lt;img src=x onerror=&quot;x&quot;&gt;&amp;"));
  });
});
