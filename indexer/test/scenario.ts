import { encodeFunctionData, type Hex, parseAbi, slice, concat } from "viem";
import {
  announcePlan,
  attest,
  challengeBond,
  computePlanId,
  drawSeed,
  postBond,
  registerClaim,
  registryAbi,
  resolveBond,
  retractClaim,
  revokeAttestation,
  type ClaimContent,
  type SegmentSample,
} from "../../src/registry/index.ts";
import { content, digest, saying } from "../../test/registry/chain.ts";
import { type Anvil, addresses } from "./anvil.ts";

/** Claims and verdicts that an index can get wrong. */
export interface Scenario {
  planned: Hex;
  child: Hex;
  retracted: Hex;
  /** Continued from undisclosed weights, and its child, on which there are verdicts of samples. */
  undisclosed: Hex;
  descendant: Hex;
  planDigest: Hex;
  /** Bonds: settled, challenged and not decided, posted. */
  bonds: Hex[];
}

export const contentNamed = (name: string, changes: Partial<ClaimContent> = {}): ClaimContent => ({
  ...content,
  modelCommitment: digest(`model ${name}`),
  proofDigest: digest(`proof ${name}`),
  ...changes,
});

/** Account 1 claims; accounts 0 and 2 attest. */
export async function fillRegistry(anvil: Anvil): Promise<Scenario> {
  const [owner, first, second] = await Promise.all([1, 0, 2].map((i) => anvil.clients(i)));
  if (!owner || !first || !second) throw new Error("three accounts");
  const { chainId } = owner;
  const registry = anvil.registry;

  // So old that the indexer reads them as history, and that only the chain knows whether the seed can be drawn.
  await registerClaim(owner, { content: contentNamed("old"), uri: "old" });
  await announcePlan(second, { planDigest: digest("old") });
  await anvil.node.mine({ blocks: 300 });

  // Three plans more: drawn, ready, waiting, and another account's.
  const planDigest = digest("plan");
  await announcePlan(owner, { planDigest });
  await announcePlan(owner, { planDigest: digest("ready") });
  await announcePlan(second, { planDigest: digest("another's") });
  await anvil.node.mine({ blocks: 5 });
  const planId = computePlanId({ chainId, registry, claimant: addresses[1]!, planDigest });
  const { seed } = await drawSeed(owner, { planId });
  const start = await owner.reader.readContract({
    address: registry,
    abi: registryAbi,
    functionName: "weightSeedOf",
    args: [seed],
  });

  // The start block of the first is drawn; its URI has what Postgres cannot hold.
  const full = contentNamed("planned", {
    start,
    planDigest,
    weightsDigest: digest("weights"),
    signingDigest: digest("manifest"),
    steps: 2n ** 40n,
  });
  const uri = "https://example.org/zero \0, quote \" ' \\ and 😀/manifest.json";
  const { claimId: planned } = await registerClaim(owner, { content: full, uri });
  const child = contentNamed("child", { startKind: "parent", start: planned });
  const { claimId: childId } = await registerClaim(owner, { content: child, uri: "" });
  const { claimId: retracted } = await registerClaim(owner, {
    content: contentNamed("retracted", { startKind: "parent", start: childId }),
    uri: "ipfs://gone",
  });
  await retractClaim(owner, { claimId: retracted, reason: "duplicates\0 in the data" });
  await registerNotUtf8(anvil);
  const hidden = contentNamed("undisclosed", { startKind: "undisclosed", start: digest("hidden") });
  const { claimId: undisclosed } = await registerClaim(owner, { content: hidden, uri: "hidden" });
  const later = contentNamed("later", { startKind: "parent", start: undisclosed });
  const { claimId: descendant } = await registerClaim(owner, { content: later, uri: "later" });

  const on = (
    claimId: Hex,
    name: string,
    verdict: "valid" | "invalid" | "sampled",
    sample?: SegmentSample,
  ) =>
    saying(claimId, verdict, {
      ...(sample && { sample }),
      proofDigest: digest(`proof ${name}`),
      protocolVersion: 2 ** 32 - 1,
    });
  await attest(first, on(planned, "planned", "valid"));
  await attest(second, on(planned, "planned", "valid"));
  await attest(first, on(childId, "child", "invalid"));
  await attest(second, on(childId, "child", "valid"));
  await revokeAttestation(first, { claimId: childId, reason: "wrong build\0" });
  const sample = { size: 2 ** 32 - 1, seed: digest("sample") };
  await attest(first, on(descendant, "later", "sampled", sample));
  await attest(second, on(descendant, "later", "invalid", { ...sample, size: 1 }));
  const bonds = await fillDisputes(anvil, planned, childId);
  return { planned, child: childId, retracted, undisclosed, descendant, planDigest, bonds };
}

/** Account 1 bonds its claims, account 0 its verdict; account 2 challenges; account 0 decides. */
async function fillDisputes(anvil: Anvil, planned: Hex, child: Hex): Promise<Hex[]> {
  const [owner, first, second] = await Promise.all([1, 0, 2].map((i) => anvil.clients(i)));
  if (!owner || !first || !second) throw new Error("three accounts");
  const { timestamp } = await owner.reader.getBlock();
  const terms = {
    amount: 10n ** 24n / 10n ** 6n + 7n,
    challengeUntil: Number(timestamp) + 100_000,
    resolveWithin: 90_000,
    threshold: 1,
  };
  const posted = await postBond(owner, { ...terms, claimId: planned, resolvers: [addresses[0]!] });
  await challengeBond(second, { bondId: posted.bondId, reason: "segment 3\0 fails" });
  await resolveBond(first, { bondId: posted.bondId, upheld: false, reason: "it does\0" });
  const open = await postBond(owner, { ...terms, claimId: child, resolvers: [addresses[0]!] });
  await challengeBond(second, { bondId: open.bondId, reason: "not the data\u202e" });
  const verdict = { ...terms, claimId: planned, attester: addresses[0]!, amount: 1n };
  const own = await postBond(first, {
    ...verdict,
    resolvers: [addresses[1]!, anvil.registry],
    threshold: 2,
  });
  return [posted.bondId, open.bondId, own.bondId];
}

/** A claim whose URI is no UTF-8: the contract takes any bytes. */
async function registerNotUtf8(anvil: Anvil): Promise<void> {
  const owner = await anvil.clients(2);
  const abi = parseAbi([
    "struct Input { bytes32 modelCommitment; uint8 startKind; bytes32 start; bytes32 dataRoot; bytes32 configDigest; uint64 steps; bytes32 planDigest; bytes32 weightsDigest; bytes32 signingDigest; bytes32 proofDigest; }",
    "function register(Input input, bytes uri)",
  ]);
  const zero = `0x${"00".repeat(32)}` as const;
  const input = {
    ...contentNamed("not UTF-8"),
    startKind: 0,
    planDigest: zero,
    weightsDigest: zero,
    signingDigest: zero,
  };
  const asBytes = encodeFunctionData({ abi, args: [input, "0x61ff00c3fe62"] });
  // bytes and string are encoded alike; only the selector differs.
  const asText = encodeFunctionData({
    abi: registryAbi,
    functionName: "register",
    args: [input, ""],
  });
  const data = concat([slice(asText, 0, 4), slice(asBytes, 4)]);
  const hash = await owner.wallet!.sendTransaction({ to: anvil.registry, data });
  const { status } = await owner.reader.waitForTransactionReceipt({ hash });
  if (status !== "success") throw new Error("the claim whose URI is no UTF-8 was not registered");
}
