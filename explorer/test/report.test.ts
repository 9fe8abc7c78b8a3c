import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import type { Browser } from "playwright-core";
import { createRun, readOwnRun, readPublicRun } from "../../src/artifact/index.ts";
import { ownReport, publicReport } from "../../src/report/index.ts";
import { config, finish } from "../../test/artifact/runs.ts";
import { temporaryFolder } from "../../test/dataset/files.ts";
import { launch, openPage, violations } from "./browser.ts";

/** The pages of `trainproof report` in a browser: the explorer's tests have one. */
describe("reports in a browser", () => {
  const folder = temporaryFolder();
  let browser: Browser;
  before(async () => {
    browser = await launch();
    const run = createRun({
      folder: path.join(folder.path, "run"),
      config: { ...config, etaSchedule: [{ fromStep: 4, eta: "2" }] },
    });
    finish(run);
    run.close();
    const pages = {
      own: ownReport(readOwnRun(run.folder)),
      public: publicReport(await readPublicRun(run.folder)),
    };
    for (const [name, html] of Object.entries(pages))
      fs.writeFileSync(path.join(folder.path, `${name}.html`), html);
  });
  after(() => browser.close());

  for (const name of ["own", "public"])
    for (const colorScheme of ["light", "dark"] as const)
      for (const width of [360, 1280])
        it(`${name}, ${colorScheme}, ${width} pixels: accessible, nothing asked for, nothing cut off`, async () => {
          const viewport = { width, height: 900 };
          const context = await browser.newContext({ colorScheme, viewport });
          const { page, complaints, requests } = await openPage(context);
          const address = `file://${path.join(folder.path, `${name}.html`)}`;
          await page.goto(address);
          assert.deepEqual(await violations(page), []);
          assert.deepEqual(requests, [address]);
          assert.deepEqual(complaints, []);
          const wide: number = await page.evaluate("document.documentElement.scrollWidth");
          assert.ok(wide <= width, `${wide} pixels wide`);
          const [plots, ground]: [number, string] = await page.evaluate(
            "[document.querySelectorAll('svg.plot:not(.swatch)').length, getComputedStyle(document.body).backgroundColor]",
          );
          assert.equal(plots, name === "own" ? 3 : 1);
          const dark = ground.match(/\d+/g)!.every((channel) => Number(channel) < 60);
          assert.equal(dark, colorScheme === "dark");
          await context.close();
        });
});
