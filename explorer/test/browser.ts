import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Debian's; scripts/ci/testExplorer.ts installs it. */
const CHROMIUM = process.env["TRAINPROOF_CHROMIUM"] ?? "/usr/bin/chromium";

/** Screenshots of the main pages, to be looked at; not in git. */
const artefacts = path.resolve(import.meta.dirname, "../../build/explorer-screenshots");

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export async function launch(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`no ${CHROMIUM}: npm run test:explorer installs it`);
  mkdirSync(artefacts, { recursive: true });
  // Its own sandbox needs another user than root; only this site's pages are opened.
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/** What a page has complained about: errors, refused by the policy or not. */
export interface Watched {
  page: Page;
  complaints: string[];
  /** Addresses asked for, by any of its threads. */
  requests: string[];
}

export async function openPage(context: BrowserContext): Promise<Watched> {
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("request", (request) => requests.push(request.url()));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { page, complaints, requests };
}

interface AxeResults {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** What axe finds wrong with the page as it is. It runs beside the page's policy, as a debugger does. */
export async function violations(page: Page): Promise<string[]> {
  const loaded: boolean = await page.evaluate("typeof axe !== 'undefined'");
  if (!loaded) {
    const { readFile } = await import("node:fs/promises");
    await page.evaluate(await readFile(axe, "utf8"));
  }
  const results: AxeResults = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  );
}

/** Keeps a picture of the page, to be looked at. */
export const picture = (page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: path.join(artefacts, `${name}.png`), fullPage: true });

/** Drops a folder of this machine on the page as a hand does, through the browser's own drag and drop. */
export async function dropFolder(page: Page, folder: string): Promise<void> {
  const zone = page.locator(".drop");
  await zone.scrollIntoViewIfNeeded();
  const box = await zone.boundingBox();
  if (box === null) throw new Error("there is no place to drop files");
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await session.send("Input.dispatchDragEvent", { type, ...at, data });
  await session.detach();
}
