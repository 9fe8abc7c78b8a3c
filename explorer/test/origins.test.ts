import assert from "node:assert/strict";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Hex } from "viem";
import {
  attest,
  type ClaimContent,
  getSampleSeed,
  postBond,
  registerClaim,
} from "../../src/registry/index.ts";
import {
  content,
  digest,
  saying,
  startRegistry,
  type TestChain,
  uri,
} from "../../test/registry/chain.ts";
import { serveSite, type SiteServer } from "../server/serve.ts";
import { launch, openPage, picture, violations, type Watched } from "./browser.ts";

const note = "Continued from undisclosed weights";

describe("undisclosed starts and samples in the explorer", function () {
  this.timeout(90_000);
  let test: TestChain;
  let site: SiteServer;
  let browser: Browser;
  let context: BrowserContext;
  let tab: Watched;
  let page: Page;
  let [seeded, undisclosed, child]: [Hex, Hex, Hex] = ["0x", "0x", "0x"];
  const account = (index: number) => test.chain.accounts[index]!.address;

  before(async () => {
    test = await startRegistry();
    const [owner, verifier] = [await test.clients(1), await test.clients(2)];
    const register = async (name: string, changes: Partial<ClaimContent> = {}) => {
      const changed = { ...content, modelCommitment: digest(name), ...changes };
      return (await registerClaim(owner, { content: changed, uri })).claimId;
    };
    seeded = await register("seeded");
    const start = digest("undisclosed weights");
    undisclosed = await register("undisclosed", { startKind: "undisclosed", start });
    child = await register("child", { startKind: "parent", start: undisclosed });
    await test.chain.mine(5);
    const attester = account(2);
    const seed = (await getSampleSeed(verifier, { claimId: child, attester }))!;
    await attest(verifier, saying(child, "sampled", { sample: { size: 100, seed } }));
    const own = { size: 5, seed: digest("of my own choice") };
    await attest(await test.clients(3), saying(child, "sampled", { sample: own }));
    await postBond(verifier, {
      ...{ claimId: child, attester, amount: 10n ** 18n, resolveWithin: 90_000 },
      ...{ resolvers: [account(5)], threshold: 1 },
      challengeUntil: Number((await owner.reader.getBlock()).timestamp) + 90_000,
    });
    site = await serveSite({
      rpcUrl: test.chain.rpcUrl,
      registry: test.address,
      disputes: test.disputes,
    });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await test?.chain.stop();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    tab = await openPage(context);
    page = tab.page;
  });
  afterEach(async () => {
    assert.deepEqual(tab.complaints, []);
    await context.close();
  });

  it("are named in the list, of a descendant, too, and of nobody else", async () => {
    await page.goto(site.url);
    const rows = page.locator("li.claim");
    await rows.nth(2).waitFor();
    const texts = await rows.allTextContents();
    assert.deepEqual(
      texts.map((text) => text.includes("continued from undisclosed weights")),
      [true, true, false],
    );
    assert.match(texts[0]!, /0 valid, 0 invalid, 2 on samples/);
    assert.deepEqual(await violations(page), []);
    await picture(page, "claims-undisclosed");
  });

  it("are named on the claim's page, in what it says, and in its line", async () => {
    for (const claimId of [undisclosed, child]) {
      await page.goto(`${site.url}#/claim/${claimId}`);
      await page.getByText(note, { exact: true }).waitFor();
      await page.locator("svg.lineage a").first().waitFor();
      const text = (await page.locator("main").textContent()) ?? "";
      assert.match(text, /What was before\. The model was continued from undisclosed weights/);
      assert.match(text, /the eldest continued from undisclosed weights/);
      assert.match(text, /256 steps, undisclosed start/);
      assert.deepEqual(await violations(page), []);
    }
    await picture(page, "claim-undisclosed");
    await page.goto(`${site.url}#/claim/${seeded}`);
    await page.getByText("It starts from a public seed").waitFor();
    assert.doesNotMatch((await page.locator("main").textContent()) ?? "", /undisclosed/i);
  });

  it("never make a verdict on a sample a valid one, and tell a sample of somebody's choice", async () => {
    await page.goto(`${site.url}#/settings`);
    await page.getByLabel("Verifiers, one account a line").fill(`${account(2)}\n${account(3)}`);
    await page.getByRole("button", { name: "Save" }).click();
    await page.goto(`${site.url}#/claim/${child}`);
    const state = page.locator(".state-line");
    await state.waitFor();
    assert.match(
      (await state.textContent()) ?? "",
      /^open for you: .*0 said valid, 0 invalid, 2 found a sample of the segments valid, which decides nothing/,
    );
    const verdicts = page.getByRole("region", { name: "Table of verdicts" }).locator("tbody tr");
    await verdicts.nth(1).waitFor();
    const [drawn, own] = await verdicts.allTextContents();
    const sentence = (k: number) =>
      `valid in a sample of ${k} of the run's segments: with n in all, a number that the chain does not hold, one false segment would be found with probability ${k}/n.`;
    assert.ok(drawn?.includes(sentence(100)) && !drawn.includes("was not drawn"), drawn);
    assert.ok(
      own?.includes(`${sentence(5)} But the sample was not drawn as the protocol says.`),
      own,
    );
    const bond = page.locator("li.bond");
    await bond.waitFor();
    assert.match((await bond.textContent()) ?? "", /verdict is on a sample, and so is the stake: /);
    assert.deepEqual(await violations(page), []);
    await picture(page, "claim-sampled");
  });
});
