import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Hex } from "viem";
import { hex32, readPublicRun, sha256 } from "../../src/artifact/index.ts";
import { claimContent } from "../../src/relayer/index.ts";
import {
  attest,
  challengeBond,
  getAttestations,
  getClaim,
  getStatus,
  postBond,
  registerClaim,
  type RegistryClients,
  resolveBond,
  revokeAttestation,
} from "../../src/registry/index.ts";
import { type FileHost, serveFolder } from "../../scripts/lib/explore.ts";
import { temporaryFolder } from "../../test/dataset/files.ts";
import { runVerb, writeTiny } from "../../test/e2e/verbs.ts";
import { saying, startRegistry, type TestChain } from "../../test/registry/chain.ts";
import { serveSite, type SiteServer } from "../server/serve.ts";
import { outcomeOf } from "../src/claims/outcome.ts";
import { launch, openPage, picture, violations, type Watched } from "./browser.ts";
import { forge, proveTiny } from "./runs.ts";
import { addWallet, announceWallet } from "./wallet.ts";

describe("claims in the explorer", function () {
  this.timeout(90_000);
  const folder = temporaryFolder();
  let test: TestChain;
  let owner: RegistryClients;
  let site: SiteServer;
  let files: FileHost;
  let browser: Browser;
  let context: BrowserContext;
  let tab: Watched;
  let page: Page;
  let [honest, forged, child, moved, announced]: [Hex, Hex, Hex, Hex, Hex] = [
    "0x",
    "0x",
    "0x",
    "0x",
    "0x",
  ];

  const register = async (run: string, uri: string, extras = {}) => {
    const content = claimContent(await readPublicRun(run), extras);
    return (await registerClaim(owner, { content, uri })).claimId;
  };
  const verb = async (args: string[], key?: number): Promise<Record<string, unknown>> => {
    const { code, stdout, stderr } = await runVerb([...args, "--json"], {
      cwd: path.join(folder.path, "owner"),
      env: {
        TRAINPROOF_RPC_URL: test.chain.rpcUrl,
        TRAINPROOF_REGISTRY: test.address,
        ...(key !== undefined && { TRAINPROOF_PRIVATE_KEY: test.chain.accounts[key]!.privateKey }),
      },
    });
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const proofOf = async (claimId: Hex) => (await getClaim(owner, { claimId })).proofDigest;
  const account = (index: number) => test.chain.accounts[index]!.address;

  before(async () => {
    const home = path.join(folder.path, "owner");
    const publish = (run: string, name: string) => {
      cpSync(path.join(run, "public"), path.join(folder.path, "www", name), { recursive: true });
      return `${files.url}${name}/manifest.json`;
    };
    const run = await proveTiny(home);
    test = await startRegistry();
    owner = await test.clients(1);
    files = await serveFolder(path.join(folder.path, "www"));
    honest = await register(run, publish(run, "honest"));
    const forgery = forge(run, path.join(folder.path, "forged"));
    forged = await register(forgery, publish(forgery, "forged"));
    const next = await proveTiny(
      home,
      { name: "child", start: { parent: { folder: "run", claimId: honest } } },
      "next",
    );
    child = await register(next, publish(next, "child"));
    // Another claimant's claim on files that are elsewhere by now.
    const gone = claimContent(await readPublicRun(run));
    moved = (
      await registerClaim(await test.clients(2), {
        content: gone,
        uri: `${files.url}gone/manifest.json`,
      })
    ).claimId;
    writeTiny(home, { steps: 8 });
    await verb(["announce", "plan.json", "--out", "announced"], 1);
    await test.chain.mine(5);
    await verb(["draw", "announced"], 1);
    await verb(["prove", "plan.json", "--run", "drawn", "--announced", "announced"]);
    const uri = publish(path.join(home, "drawn"), "drawn");
    announced = (await verb(["register", "drawn", "--uri", uri], 1))["claimId"] as Hex;
    for (const [index, verdict] of [
      [3, "valid"],
      [4, "valid"],
      [5, "invalid"],
    ] as const) {
      const { proofDigest } = gone;
      const clients = await test.clients(index);
      await attest(clients, saying(honest, verdict, { proofDigest }));
    }
    await revokeAttestation(await test.clients(5), { claimId: honest, reason: "an old build" });
    site = await serveSite({ rpcUrl: test.chain.rpcUrl, registry: test.address });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    files?.stop();
    await test?.chain.stop();
  });
  const visit = async (options: Parameters<Browser["newContext"]>[0] = {}, hash = "/") => {
    await context?.close();
    context = await browser.newContext({ acceptDownloads: true, ...options });
    tab = await openPage(context);
    page = tab.page;
    await page.goto(`${site.url}#${hash}`);
  };
  const go = (hash: string) => page.goto(`${site.url}#${hash}`);
  const trust = async (verifiers: string[], threshold: number) => {
    await go("/settings");
    await page.getByLabel("Verifiers, one account a line").fill(verifiers.join("\n"));
    await page.getByLabel("How many of them must agree").fill(String(threshold));
    await page.getByRole("button", { name: "Save" }).click();
  };
  const text = async (selector: string) => (await page.locator(selector).textContent()) ?? "";

  it("are listed, newest first, and narrowed by search and filters", async () => {
    await visit();
    const rows = page.locator(".claims .claim");
    await rows.first().waitFor();
    assert.equal(await rows.count(), 5);
    assert.ok((await rows.first().innerHTML()).includes(announced));
    assert.deepEqual(await violations(page), []);
    await picture(page, "claims");
    await page.getByLabel("Claimant", { exact: true }).fill(account(2).slice(0, 12));
    await page.getByText("1 claim of 5").waitFor();
    assert.ok((await rows.innerHTML()).includes(moved));
    // The address holds the filter.
    await page.reload();
    await page.getByText("1 claim of 5").waitFor();
    await page.getByLabel("Claimant", { exact: true }).fill("");
    await page.getByLabel("Search").fill(forged);
    await page.getByText("1 claim of 5").waitFor();
    await page.getByLabel("Search").fill("nowhere to be found");
    await page.getByText("0 claims of 5").waitFor();
    assert.deepEqual(tab.complaints, []);
  });

  it("have the state that the reader's own verifiers and threshold give them, kept in the browser", async () => {
    await visit();
    await trust([account(3), account(4), account(5)], 3);
    await go(`/claim/${honest}`);
    await page
      .getByText("of your 3 verifiers 2 said valid, 0 invalid, 1 took the verdict back")
      .waitFor();
    assert.match(await text(".state-line"), /^open/);
    await trust([account(3), account(4), account(5)], 2);
    await go(`/claim/${honest}`);
    await page.locator(".state-line .badge.good").waitFor();
    await page.reload();
    await page.locator(".state-line .badge.good").waitFor();
    await go("/claims/state=valid");
    await page.getByText("1 claim of 5").waitFor();
    assert.ok((await page.locator(".claims").innerHTML()).includes(honest));
    await trust([account(3)], 1);
    await page.getByLabel("Verifiers").fill("0x12");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("0x12 is no account").waitFor();
    assert.deepEqual(await violations(page), []);
    await picture(page, "settings");
  });

  it("have the state in the list that the contract counts, for whatever verifiers and threshold", async () => {
    const asked = [honest, forged, child];
    const seen = new Set<string>();
    const clients = await test.clients(9);
    // The reader of the list: two more verdicts, so that one claim is in conflict.
    await attest(clients, saying(child, "invalid", { proofDigest: await proofOf(child) }));
    await attest(
      await test.clients(3),
      saying(child, "valid", { proofDigest: await proofOf(child) }),
    );
    for (const verifiers of [[3], [9], [5], [3, 9], [3, 4, 5], [3, 4, 5, 9]].map((all) =>
      all.map(account),
    ))
      for (let threshold = 1; threshold <= verifiers.length; threshold++)
        for (const claimId of asked) {
          const { outcome } = await getStatus(clients, { claimId, verifiers, threshold });
          const given = await getAttestations(clients, { claimId });
          assert.equal(outcomeOf(given, false, { verifiers, threshold }), outcome);
          seen.add(outcome);
        }
    assert.deepEqual([...seen].sort(), ["conflict", "invalid", "open", "valid"]);
    assert.equal(outcomeOf([], true, { verifiers: [account(3)], threshold: 1 }), "retracted");
  });

  it("say in words what is proven, with a seed that nobody chose, and what is not", async () => {
    await visit({}, `/claim/${announced}`);
    await page.getByText("number 1 of 1 plan").waitFor();
    const meaning = await text(".meaning");
    for (const words of [
      "exactly 8 steps",
      "With a seed that nobody chose",
      "Who trained it",
      "stay secret",
    ])
      assert.ok(meaning.includes(words), words);
    assert.equal(meaning.includes("the seed was not picked"), false);
    await go(`/claim/${honest}`);
    await page.getByText("That the seed was not picked").waitFor();
    assert.equal((await text(".meaning")).includes("nobody chose"), false);
  });

  it("are verified from their files, without a wallet, and with the plan's checks", async () => {
    await visit({}, `/claim/${announced}`);
    await page.getByRole("button", { name: "Fetch the files and verify" }).click();
    await page.locator("#verdict").waitFor();
    assert.equal(await text("#verdict"), "Valid");
    assert.match(await text(".checks"), /P1.*holds.*P3.*holds.*V5.*holds/s);
    assert.deepEqual(await violations(page), []);
    await picture(page, "claim-valid");
    assert.deepEqual(tab.complaints, []);
  });

  it("are invalid where the proof is forged", async () => {
    await visit({ colorScheme: "dark", viewport: { width: 390, height: 844 } }, `/claim/${forged}`);
    await page.getByRole("button", { name: "Fetch the files and verify" }).click();
    await page.locator("#verdict").waitFor();
    assert.equal(await text("#verdict"), "Invalid");
    assert.match(await text(".checks li.bad"), /V5/);
    assert.deepEqual(await violations(page), []);
    const wide: boolean = await page.evaluate(
      "document.documentElement.scrollWidth > document.documentElement.clientWidth",
    );
    assert.equal(wide, false, "the page is wider than the phone");
    await picture(page, "claim-invalid-phone-dark");
  });

  it("that continue another show their lineage, and are verified from the parent's files, too", async () => {
    await visit({}, `/claim/${child}`);
    await page.locator("svg.lineage a").nth(1).waitFor();
    assert.equal(await page.locator("svg.lineage a").count(), 2);
    await page.getByRole("button", { name: "Fetch the files and verify" }).click();
    await page.locator("#verdict").waitFor();
    assert.equal(await text("#verdict"), "Valid");
    assert.match(await text(".verdict"), /continues another one/);
    await page.locator("svg.lineage a").first().click();
    await page.getByRole("heading", { name: `Claim ${honest.slice(0, 8)}` }).waitFor();
    await page.locator("svg.lineage a").nth(1).waitFor();
    await page.getByRole("cell", { name: "an old build" }).waitFor();
    assert.deepEqual(await violations(page), []);
    await picture(page, "claim-lineage");
  });

  it("get no verdict where the files are gone, and are verified from files that the reader has", async () => {
    await visit({}, `/claim/${moved}`);
    await page.getByRole("button", { name: "Fetch the files and verify" }).click();
    await page.getByText("HTTP status 404").waitFor();
    await page.getByText("Verify files that you have").click();
    const input = page.locator("input[type=file]");
    await input.setInputFiles(path.join(folder.path, "forged"));
    await page.getByText("the manifest is not the one that was claimed").waitFor();
    await input.setInputFiles(path.join(folder.path, "owner/run"));
    await page.locator("#verdict").waitFor();
    assert.equal(await text("#verdict"), "Valid");
  });

  it("are attested by a wallet, once, with the digest of the report that is saved", async () => {
    await visit();
    await addWallet(context, { rpcUrl: test.chain.rpcUrl, account: account(6) });
    await page.reload();
    await go(`/claim/${forged}`);
    await page.getByRole("button", { name: "Fetch the files and verify" }).click();
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Attest the verdict on chain" }).click();
    const report = readFileSync(await (await downloading).path());
    await page.getByText("Attested. Keep the report").waitFor();
    const [given] = await getAttestations(owner, { claimId: forged, attester: account(6) });
    assert.equal(given?.verdict, "invalid");
    assert.equal(given.reportDigest, hex32(sha256(new Uint8Array(report))));
    const content = JSON.parse(String(report)) as Record<string, unknown>;
    assert.equal(content["claimId"], forged);
    assert.equal(content["chainId"], test.chain.chainId);
    assert.equal(content["check"], "V5");
    assert.equal(content["verifierBuild"], given.verifierBuild);
    await page.getByRole("row", { name: /invalid/ }).waitFor();
  });

  it("are not attested for a sample that the tab drew", async () => {
    await visit();
    await addWallet(context, { rpcUrl: test.chain.rpcUrl, account: account(6) });
    await page.reload();
    await go(`/claim/${honest}`);
    await page.getByLabel(/a random sample/).check();
    await page.getByLabel("Segments in the sample").fill("1");
    await page.getByRole("button", { name: "Fetch the files and verify" }).click();
    await page.locator("#verdict").waitFor();
    assert.equal(await page.locator("#verdict").textContent(), "No fault in a sample");
    await page.getByText("for an account the chain draws one").waitFor();
    await page.getByRole("button", { name: "Sign and download" }).waitFor();
    assert.equal(await page.getByRole("button", { name: /Attest/ }).count(), 0);
  });

  it("have reports that a wallet signs", async () => {
    await visit();
    await addWallet(context, { rpcUrl: test.chain.rpcUrl, account: account(7) });
    await page.reload();
    await go(`/claim/${honest}`);
    await page.getByRole("button", { name: "Fetch the files and verify" }).click();
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Sign and download" }).click();
    const envelope = path.join(folder.path, "verdict.dsse.json");
    await (await downloading).saveAs(envelope);
    // Without a node: the signature and the form alone.
    const { code, stdout, stderr } = await runVerb(["record", "check", envelope, "--json"]);
    assert.equal(code, 0, stderr);
    const said = JSON.parse(stdout) as Record<string, unknown>;
    assert.equal(said["signer"], account(7));
    assert.deepEqual([said["claimId"], said["verdict"]], [honest, "valid"]);
    assert.equal(said["registry"], test.address.toLowerCase());
    // Another's signature on the same payload is none.
    const { signatures, ...rest } = JSON.parse(readFileSync(envelope, "utf8")) as {
      signatures: { keyid: string; sig: string }[];
    };
    const forgedBy = signatures.map(({ sig }) => ({ keyid: account(6), sig }));
    const other = folder.write("other.json", JSON.stringify({ ...rest, signatures: forgedBy }));
    const checked = await runVerb(["record", "check", other]);
    assert.equal(checked.code, 3, checked.stderr);
    assert.match(checked.stderr, /not .*'s on this payload/);
  });

  it("are signed by the wallet that the reader chooses of those that announce themselves", async () => {
    await visit();
    const { rpcUrl } = test.chain;
    await announceWallet(context, { rpcUrl, account: account(6), name: "First", id: "a" });
    const turned = "Se\u202econd <b>";
    await announceWallet(context, { rpcUrl, account: account(7), name: turned, id: "b" });
    await addWallet(context, { rpcUrl, account: account(8) });
    await page.reload();
    await go(`/claim/${honest}`);
    await page.getByRole("button", { name: "Fetch the files and verify" }).click();
    const choice = page.getByLabel("Wallet");
    await choice.waitFor();
    assert.deepEqual(await choice.locator("option").allTextContents(), [
      "First",
      String.raw`Se\u202econd <b>`,
      "this browser’s",
    ]);
    assert.deepEqual(await violations(page), []);
    for (const [label, index] of [
      [String.raw`Se\u202econd <b>`, 7],
      ["this browser’s", 8],
      ["First", 6],
    ] as const) {
      await choice.selectOption({ label });
      const downloading = page.waitForEvent("download");
      await page.getByRole("button", { name: "Sign and download" }).click();
      const { signatures } = JSON.parse(readFileSync(await (await downloading).path(), "utf8")) as {
        signatures: { keyid: string }[];
      };
      assert.deepEqual(
        signatures.map(({ keyid }) => keyid),
        [account(index)],
      );
    }
    assert.deepEqual(tab.complaints, []);
  });

  it("show bonds on themselves and on verdicts, and what became of them, in plain words", async () => {
    await visit({}, `/claim/${honest}`);
    await page.getByText("No dispute contract is named").waitFor();
    await go("/settings");
    await page.getByLabel("Dispute contract").fill("0x12");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("dispute contract's address must be empty").waitFor();
    await page.getByLabel("Dispute contract").fill(test.disputes);
    await page.getByRole("button", { name: "Save" }).click();
    await go(`/claim/${honest}`);
    await page.getByText("Nobody has staked anything").waitFor();

    const now = Number((await owner.reader.getBlock()).timestamp);
    const terms = {
      claimId: honest,
      amount: 10n ** 18n,
      challengeUntil: now + 5 * 86_400,
      resolveWithin: 86_400,
      threshold: 2,
      resolvers: [account(7), account(8), account(9)],
    };
    await postBond(owner, terms);
    const attester = await test.clients(3);
    const { bondId } = await postBond(attester, { ...terms, attester: account(3) });
    await page.reload();
    const bonds = page.locator(".bond");
    await bonds.nth(1).waitFor();
    const words = async (index: number) => (await bonds.nth(index).textContent()) ?? "";
    assert.match(
      await words(0),
      /1 ether on the claim.*2 of 3 resolvers decide.*challenge it with 1 ether until/s,
    );
    assert.match(await words(1), /1 ether on the verdict of 0x/);
    const reason = "segment 3 <img src=x onerror=alert(1)> fails";
    await challengeBond(await test.clients(4), { bondId, reason });
    await resolveBond(await test.clients(7), { bondId, upheld: false, reason: "check V5 fails" });
    await page.reload();
    await bonds.nth(1).waitFor();
    assert.match(
      await words(1),
      /has staked as much against it: segment 3 <img.*says that it is wrong: check V5 fails.*0 of the resolvers uphold it and 1 refute it/s,
    );
    await resolveBond(await test.clients(8), { bondId, upheld: false, reason: "so it does" });
    await page.reload();
    await bonds.nth(1).waitFor();
    assert.match(
      await words(1),
      /refuted.*found it wrong: the challenger has the stake back and half of the bond/s,
    );
    assert.deepEqual(await violations(page), []);
    await picture(page, "claim-disputes");
    assert.deepEqual(tab.complaints, []);
  });

  it("stay unattested where the wallet says no", async () => {
    await visit();
    await addWallet(context, {
      rpcUrl: test.chain.rpcUrl,
      account: account(8),
      refuses: "eth_sendTransaction",
    });
    await page.reload();
    await go(`/claim/${honest}`);
    await page.getByRole("button", { name: "Fetch the files and verify" }).click();
    await page.getByRole("button", { name: "Attest the verdict on chain" }).click();
    await page.getByRole("alert").waitFor();
    assert.deepEqual(await getAttestations(owner, { claimId: honest, attester: account(8) }), []);
  });
});
