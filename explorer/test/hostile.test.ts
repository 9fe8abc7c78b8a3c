import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Hex } from "viem";
import { canonicalBytes } from "../../src/artifact/index.ts";
import {
  attest,
  registerClaim,
  retractClaim,
  revokeAttestation,
} from "../../src/registry/index.ts";
import { temporaryFolder } from "../../test/dataset/files.ts";
import {
  content,
  digest,
  saying,
  startRegistry,
  type TestChain,
} from "../../test/registry/chain.ts";
import { pagePolicy } from "../server/policy.ts";
import { serveSite, type SiteServer } from "../server/serve.ts";
import { launch, openPage, picture, violations, type Watched } from "./browser.ts";

const MARKUP = `"><img src=x onerror="globalThis.injected=1"><script>globalThis.injected=1</script>`;
const TURNED = "\u202egnp.tset\u202c\u0000\u001b[2J";

describe("hostile data in the explorer", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let test: TestChain;
  let site: SiteServer;
  let browser: Browser;
  let context: BrowserContext;
  let tab: Watched;
  let page: Page;
  let host: Server;
  let hostUrl = "";
  let answer: (response: ServerResponse, url: string) => void = () => undefined;
  const claims: Record<string, Hex> = {};

  before(async () => {
    host = createServer((request, response) => {
      response.setHeader("access-control-allow-origin", "*");
      answer(response, request.url ?? "");
    });
    await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
    hostUrl = `http://127.0.0.1:${(host.address() as AddressInfo).port}/manifest.json`;
    test = await startRegistry();
    const owner = await test.clients(1);
    const uris = {
      script: "javascript:globalThis.injected=1",
      data: `data:text/html,${MARKUP}`,
      markup: `https://example.org/${MARKUP}${TURNED}`,
      credentials: "https://user:secret@example.org/manifest.json",
      long: `https://example.org/${"x".repeat(2000)}`,
      host: hostUrl,
    };
    for (const [name, uri] of Object.entries(uris)) {
      const claim = { ...content, modelCommitment: digest(name) };
      claims[name] = (await registerClaim(owner, { content: claim, uri })).claimId;
    }
    const verifier = await test.clients(2);
    const markup = claims["markup"]!;
    await attest(verifier, saying(markup, "valid", { uri: "javascript:globalThis.injected=1" }));
    await revokeAttestation(verifier, { claimId: markup, reason: MARKUP + TURNED });
    await retractClaim(owner, { claimId: markup, reason: MARKUP + TURNED });
    site = await serveSite({ rpcUrl: test.chain.rpcUrl, registry: test.address });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    host?.closeAllConnections();
    host?.close();
    await test?.chain.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    tab = await openPage(context);
    page = tab.page;
  });
  afterEach(async () => {
    assert.equal(await page.evaluate("globalThis.injected"), undefined);
    assert.equal(await page.locator("#app img, #app script, #app iframe, #app style").count(), 0);
    const links: string[] = await page.evaluate(
      "[...document.links].map((link) => String(link.href))",
    );
    for (const link of links) assert.match(link, /^https?:/);
    await context.close();
  });
  const visit = (name: string) => page.goto(`${site.url}#/claim/${claims[name]!}`);
  const fetchFiles = () => page.getByRole("button", { name: "Fetch the files and verify" }).click();

  it("of the chain is text: markup, marks that turn it, control characters", async () => {
    await visit("markup");
    await page.getByText("The claimant took this claim back").waitFor();
    await page.getByRole("cell", { name: /onerror/ }).waitFor();
    const shown = (await page.locator("#app").textContent()) ?? "";
    assert.ok(shown.includes(`<script>globalThis.injected=1</script>`));
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    assert.doesNotMatch(shown, /[\u0000\u001b\u202e]/);
    assert.ok(shown.includes(String.raw`\u202egnp.tset\u202c\u0000\u001b[2J`), "written out");
    assert.deepEqual(await violations(page), []);
    await picture(page, "claim-hostile");
    assert.deepEqual(tab.complaints, []);
  });

  for (const name of ["script", "data", "credentials"])
    it(`of the chain becomes no link and is not fetched: ${name}`, async () => {
      await visit(name);
      await page.getByText("names no http(s) address").waitFor();
      await page.locator("#facts").waitFor();
      assert.equal(await page.locator("main a[target=_blank]").count(), 0);
    });

  it("of the chain becomes a link that tells nobody where it comes from, and the page stays narrow", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await visit("long");
    const link = page.locator("main a[target=_blank]");
    await link.waitFor();
    assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
    const wide: boolean = await page.evaluate(
      "document.documentElement.scrollWidth > document.documentElement.clientWidth",
    );
    assert.equal(wide, false);
  });

  it("in a claim's address does not get past the route", async () => {
    await page.goto(`${site.url}#/claim/${encodeURIComponent(MARKUP)}`);
    await page.getByRole("heading", { name: "No claim" }).waitFor();
    await page.goto(`${site.url}#/claims/search=${encodeURIComponent(MARKUP)}`);
    await page.getByText("2 claims of 6").waitFor();
  });

  it("of a host without end is not read to its end", async () => {
    let sent = 0;
    answer = (response) => {
      const chunk = Buffer.alloc(1 << 20, "[");
      const more = () => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        sent += chunk.length;
      };
      response.on("drain", more);
      more();
    };
    await visit("host");
    await fetchFiles();
    await page.getByText(/more than the 65536 bytes/).waitFor();
    assert.ok(sent < 16 << 20, `${sent} bytes were taken`);
  });

  it("of a host that never answers can be cancelled", async () => {
    answer = () => undefined;
    await visit("host");
    await fetchFiles();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("Cancelled: there is no verdict.").waitFor();
  });

  it("of a host is no reason for a verdict, and is not parsed, when it is not what was claimed", async () => {
    answer = (response) => response.end("{".repeat(60_000));
    await visit("host");
    await fetchFiles();
    await page.getByText("the manifest is not the one that was claimed").waitFor();
    assert.equal(await page.locator("#verdict").count(), 0);
  });

  it("in names and contents of files is text", async () => {
    const run = path.join(folder.path, "x<img src=x onerror=alert(1)>", "public");
    mkdirSync(run, { recursive: true });
    writeFileSync(path.join(run, "manifest.json"), canonicalBytes({ format: MARKUP }));
    await page.goto(`${site.url}#/verify`);
    await page.locator("input[type=file]").setInputFiles(path.dirname(run));
    const alert = page.getByRole("alert");
    await alert.waitFor();
    assert.match((await alert.textContent()) ?? "", /<img src=x onerror=alert\(1\)>.*format/s);
    assert.deepEqual(tab.complaints, []);
  });

  it("of a node is text, and no reason to hang", async () => {
    answer = (response) => {
      response.setHeader("access-control-allow-headers", "*");
      response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code: 1, message: MARKUP } }));
    };
    const other = await serveSite({ rpcUrl: hostUrl, registry: test.address });
    try {
      await page.goto(other.url);
      await page.getByText("Could not read the registry").waitFor();
    } finally {
      await other.stop();
    }
  });

  it("of this site's host and of storage is taken only in its right form", async () => {
    await context.addInitScript(
      `localStorage.setItem("trainproof-settings", ${JSON.stringify(JSON.stringify({ rpcUrl: "javascript:1", registry: 7, verifiers: ["<b>", 9], threshold: -3 }))})`,
    );
    await page.goto(`${site.url}#/settings`);
    const field = (label: string) => page.getByLabel(label).inputValue();
    assert.equal(await field("JSON-RPC address"), test.chain.rpcUrl);
    assert.equal(await field("Registry"), test.address);
    assert.equal(await field("Verifiers, one"), "");
    assert.equal(await field("How many"), "1");
  });

  it("cannot run as script: the policy of host and document refuses it, inline or made from text", async () => {
    const html = readFileSync(path.resolve(import.meta.dirname, "../index.html"), "utf8");
    assert.ok(html.includes(`content="${pagePolicy}"`), "index.html has another policy");
    await page.goto(site.url);
    await page.evaluate(`{
      const script = document.createElement("script");
      try { script.text = "globalThis.injected = 1"; } catch {}
      try { document.body.innerHTML = "<p>"; globalThis.injected = "innerHTML"; } catch {}
      try { new Worker("data:text/javascript,1"); globalThis.injected = "worker"; } catch {}
      document.head.append(script);
    }`);
    assert.ok(tab.complaints.length > 0, "nothing was refused");
  });
});
