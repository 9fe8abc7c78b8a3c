import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  type Intent,
  intentKey,
  Journal,
  JournalError,
  type NewIntent,
  openDatabase,
  openJournal,
} from "../../src/relayer/journal/index.ts";
import { migrations } from "../../src/relayer/journal/schema.ts";
import { temporaryFolder } from "../dataset/files.ts";

const actor = {
  chainId: 1,
  registry: `0x${"ab".repeat(20)}`,
  actor: `0x${"cd".repeat(20)}`,
} as const;
const claim = (name: string, changes: Partial<NewIntent> = {}): NewIntent => ({
  ...actor,
  kind: "register",
  subject: `0x${name}`,
  to: actor.registry,
  data: "0x01",
  ...changes,
});
const signed = (nonce: number, hash = `0x${nonce}`) => ({
  nonce,
  hash: hash as `0x${string}`,
  raw: "0x02" as const,
  gas: 21_000n,
  maxFeePerGas: 2n ** 70n,
  maxPriorityFeePerGas: 1n,
  signedBlock: 5,
});
const block = { hash: "0x1", block: 7, blockHash: "0x7" } as const;

describe("the journal", () => {
  const folder = temporaryFolder();
  let [files, file] = [0, ""];
  let journal: Journal;
  beforeEach(async () => {
    file = path.join(folder.path, `${files++}.sqlite`);
    journal = await openJournal(file);
  });
  afterEach(() => journal.close());

  it("has an intent once, by kind, subject, account, chain and registry", () => {
    const first = journal.intend(claim("a"));
    assert.equal(first.key, `register:0xa:${actor.actor}:1:${actor.registry}`);
    const again = journal.intend(
      claim("A", {
        data: "0xff",
        actor: actor.actor.toUpperCase().replace("0X", "0x") as `0x${string}`,
      }),
    );
    assert.deepEqual(again, first);
    const others: Partial<NewIntent>[] = [
      { kind: "announce" },
      { subject: "0xb" },
      { actor: actor.registry },
      { chainId: 2 },
      { registry: actor.actor },
    ];
    const keys = others.map((change) => journal.intend(claim("a", change)).key);
    assert.equal(new Set([first.key, ...keys]).size, 6);
    assert.ok(keys.every((key, i) => key === intentKey(claim("a", others[i]))));
  });

  it("claims a run once, whatever else the second claim says, unless the first failed", () => {
    const first = journal.intend(claim("a", { run: "0x99" }));
    assert.equal(journal.intend(claim("b", { run: "0x99" })).key, first.key);
    assert.equal(journal.findRun(actor, "0x99")?.key, first.key);
    assert.equal(journal.findRun({ ...actor, chainId: 2 }, "0x99"), undefined);
    journal.failed(first, "refused");
    assert.equal(journal.findRun(actor, "0x99"), undefined);
    assert.equal(journal.intend(claim("b", { run: "0x99" })).subject, "0xb");
  });

  it("tries a failed intent anew, unless its run is claimed by another", () => {
    const first = journal.failed(journal.intend(claim("a", { run: "0x99" })), "no")!;
    const second = journal.intend(claim("b", { run: "0x99" }));
    const other = journal.intend(claim("c"));
    assert.deepEqual(journal.failures(actor), [first]);
    assert.deepEqual(journal.failures({ ...actor, chainId: 2 }), []);
    assert.equal(journal.retried(first), undefined);
    assert.equal(journal.retried(other), undefined); // has not failed
    journal.failed(second, "no, too");
    const retried = journal.retried(first)!;
    assert.deepEqual([retried.state, retried.reverts, retried.nonce], ["intended", 0, undefined]);
    assert.equal(journal.retried(first), undefined); // an older state
    assert.deepEqual(
      journal.failures(actor).map(({ subject }) => subject),
      ["0xb"],
    );
  });

  it("puts back what was confirmed with its nonce, unless another holds that", () => {
    const sent = (name: string, nonce: number) => {
      const one = journal.sign(journal.intend(claim(name)), signed(nonce, `0x${name}`))!;
      return journal.sent(one, { number: 1 })!;
    };
    const first = journal.confirmed(journal.mined(sent("a", 4), block)!)!;
    assert.deepEqual(journal.heldNonces(actor), []);
    const second = sent("b", 4);
    assert.equal(journal.unmined(first), undefined);
    journal.failed(second, "no");
    assert.equal(journal.unmined(first)?.state, "sent");
    assert.deepEqual(journal.heldNonces(actor), [4]);
    assert.equal(journal.unmined(journal.intend(claim("c"))), undefined); // has no nonce
  });

  it("refuses every change that was decided on an older state", () => {
    const old = journal.intend(claim("a"));
    assert.ok(journal.refused(old, "not yet", 3));
    const changes: ((intent: Intent) => Intent | undefined)[] = [
      (intent) => journal.sign(intent, signed(0)),
      (intent) => journal.sent({ ...intent, state: "signed" }, { number: 1 }),
      (intent) => journal.mined(intent, block),
      (intent) => journal.found(intent, 7),
      (intent) => journal.unmined(intent),
      (intent) => journal.released(intent, "x"),
      (intent) => journal.refused(intent, "x", 4),
      (intent) => journal.confirmed(intent),
      (intent) => journal.failed(intent, "x"),
    ];
    for (const change of changes) assert.equal(change(old), undefined, String(change));
    const now = journal.find(old);
    assert.deepEqual([now?.state, now?.version, now?.reason], ["intended", 1, "not yet"]);
    assert.deepEqual(journal.attempts(old), []);
  });

  it("gives a nonce to one intent at a time, of one account on one chain", () => {
    const [a, b] = [journal.intend(claim("a")), journal.intend(claim("b"))];
    const held = journal.sign(a, signed(4));
    assert.equal(held?.state, "signed");
    assert.equal(journal.sign(b, signed(4, "0xother")), undefined);
    assert.deepEqual(journal.attempts(b), []);
    assert.ok(journal.sign(b, signed(5)));
    const elsewhere = journal.intend(claim("a", { chainId: 2 }));
    assert.ok(journal.sign(elsewhere, signed(4)));
    // Another registry's transaction has the same account's nonces.
    const registry = journal.intend(claim("a", { registry: actor.actor }));
    assert.equal(journal.sign(registry, signed(4)), undefined);
    assert.deepEqual(journal.heldNonces(actor), [4, 5]);
    const released = journal.released(held, "gone elsewhere");
    assert.deepEqual([released?.state, released?.nonce], ["intended", undefined]);
    assert.ok(journal.sign(registry, signed(4)));
  });

  it("keeps every attempt, with amounts of any size", () => {
    const first = journal.sign(journal.intend(claim("a")), signed(0, "0x1"))!;
    const second = journal.sign(first, signed(0, "0x2"))!;
    journal.sent(second, { number: 2 });
    const [one, two] = journal.attempts(second);
    assert.deepEqual([one?.hash, two?.hash, two?.number], ["0x1", "0x2", 2]);
    assert.equal(one?.maxFeePerGas, 2n ** 70n);
    assert.deepEqual([one?.sentAt, typeof two?.sentAt], [undefined, "number"]);
  });

  it("lists what is open, nonces first and in order, and counts everything", () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => journal.intend(claim(name)));
    journal.sign(c!, signed(9));
    journal.sign(b!, signed(2));
    journal.failed(d!, "x");
    assert.deepEqual(
      journal.open(actor).map(({ key }) => key),
      [b!.key, c!.key, a!.key],
    );
    assert.deepEqual(
      journal.counts(actor).map(({ state, count }) => [state, count]),
      [
        ["failed", 1],
        ["intended", 1],
        ["signed", 2],
      ],
    );
  });

  it("is the same after it was opened again, by several at once", async () => {
    const mined = journal.mined(journal.sign(journal.intend(claim("a")), signed(0))!, block)!;
    const others = await Promise.all([openJournal(file), openJournal(file)]);
    for (const other of others) assert.deepEqual(other.find(mined), mined);
    const confirmed = others[0].confirmed(mined);
    assert.equal(others[1].failed(mined, "too late"), undefined);
    assert.deepEqual(journal.find(mined), confirmed);
    assert.deepEqual(journal.confirmedSince(actor, 7), [confirmed]);
    assert.deepEqual(journal.confirmedSince(actor, 8), []);
    for (const other of others) other.close();
  });

  it("is synced at each step, readable by its owner alone, and has a version", () => {
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    const raw = new DatabaseSync(file);
    assert.deepEqual({ ...raw.prepare("PRAGMA journal_mode").get() }, { journal_mode: "wal" });
    assert.deepEqual({ ...raw.prepare("PRAGMA user_version").get() }, { user_version: 2 });
    journal.intend(claim("a"));
    for (const state of ["dreamt", "signed"])
      // signed without a nonce
      assert.throws(() => raw.exec(`UPDATE intent SET state = '${state}'`), /constraint/);
    raw.close();
  });

  it("takes over an older version's, verdicts included, and holds verdicts on samples", async () => {
    const old = path.join(folder.path, "old.sqlite");
    const before = await openDatabase(old, { migrations: migrations.slice(0, 1) });
    const former = new Journal(before);
    const attest = { kind: "attest", verdict: "invalid" } as const;
    const kept = former.sign(former.intend(claim("a", attest)), signed(3))!;
    former.intend(claim("b"));
    assert.throws(() => former.intend(claim("c", { kind: "attest", verdict: "sampled" })));
    former.close();
    const now = await openJournal(old);
    assert.deepEqual(now.find(kept), kept);
    assert.equal(kept.verdict, "invalid");
    assert.equal(now.find(claim("b"))?.verdict, undefined);
    const sampled = now.intend(claim("c", { kind: "attest", verdict: "sampled" }));
    assert.equal(now.find(sampled)?.verdict, "sampled");
    now.close();
  });

  it("says so when it is no journal, or a newer version's", async () => {
    const other = folder.write(
      "other.txt",
      "this is no database, but it is long enough to be read as one".repeat(20),
    );
    await assert.rejects(openJournal(other), (error) => {
      assert.ok(error instanceof JournalError);
      assert.match(error.message, /not usable .* name another file/);
      return true;
    });
    const raw = new DatabaseSync(file);
    raw.exec("PRAGMA user_version = 99");
    raw.close();
    await assert.rejects(openJournal(file), /version 99 of a newer trainproof, this one knows 2/);
    await assert.rejects(openJournal("/dev/null/x"), /not usable/);
  });
});
