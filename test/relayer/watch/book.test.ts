import assert from "node:assert/strict";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Address, Hex } from "viem";
import { Book, bookMigrations, type OpenClaim } from "../../../src/relayer/watch/book.ts";
import { pause } from "../../../src/relayer/watch/policy.ts";
import { temporaryFolder } from "../../dataset/files.ts";

const owner = {
  chainId: 1,
  registry: `0x${"aa".repeat(20)}`,
  actor: `0x${"bb".repeat(20)}`,
} as const;
const id = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
const claim = (n: number, claimant: number, block = n) => ({
  claimId: id(n),
  claimant: account(claimant),
  blockNumber: BigInt(block),
});
const day = 24 * 3600_000;

describe("a watcher's book", () => {
  const folder = temporaryFolder();
  let file = "";
  let files = 0;
  const open = (as: ConstructorParameters<typeof Book>[1] = owner, versions = bookMigrations) => {
    const database = new DatabaseSync(file);
    const { user_version } = database.prepare("PRAGMA user_version").get() as {
      user_version: number;
    };
    for (const step of versions.slice(user_version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${versions.length}`);
    return new Book(database, as);
  };
  let book: Book;
  const next = (now: number, except: Hex[] = [], choice = {}) =>
    book.next(now, { except, perClaimant: 100, ...choice });
  beforeEach(() => {
    file = path.join(folder.path, `${files++}.sqlite`);
    book = open();
  });
  afterEach(() => book.close());

  it("holds each claim once, and keeps what it knows when opened again", () => {
    book.found([claim(1, 1), claim(2, 1)], 3);
    book.dropped({ id: id(1) }, "taken back");
    book.close();
    book = open();
    book.found([claim(1, 1), claim(2, 1)], 3);
    assert.equal(book.nextBlock, 3);
    assert.deepEqual(book.counts(), { open: 1, decided: 0, settled: 0, dropped: 1 });
    assert.deepEqual(book.about(id(1)), { state: "dropped", tries: 0, reason: "taken back" });
  });

  it("takes over an older version's claims and decisions, and holds verdicts on samples", () => {
    book.close();
    file = path.join(folder.path, `${files++}.sqlite`);
    book = open(owner, bookMigrations.slice(0, 1));
    book.found([claim(1, 1), claim(2, 1)], 3);
    const decided = { id: id(1), verdict: "invalid", report: id(9) } as const;
    book.decided(decided, 5, "V5");
    const sampled = { id: id(2), verdict: "sampled", report: id(8) } as const;
    assert.throws(() => book.decided(sampled, 6), /constraint/);
    book.close();
    book = open();
    assert.deepEqual(book.decisions(), [decided]);
    book.decided(sampled, 6);
    assert.deepEqual(book.decisions(), [decided, sampled]);
    assert.equal(book.nextBlock, 3);
  });

  it("is of one registry, chain and account", () => {
    for (const other of [{ chainId: 2 }, { registry: account(7) }, { actor: account(7) }])
      assert.throws(() => open({ ...owner, ...other }), /name another --state folder/);
  });

  it("never goes back behind what it has read", () => {
    book.found([], 10);
    book.found([], 5);
    assert.equal(book.nextBlock, 10);
  });

  it("gives the oldest claim first, each to one worker", () => {
    book.found([claim(2, 1), claim(1, 1)], 3);
    assert.equal(next(0)?.id, id(1));
    assert.equal(next(0, [id(1)])?.id, id(2));
    assert.equal(next(0, [id(1), id(2)]), undefined);
  });

  it("lets no claimant keep others waiting: by number, by time", () => {
    book.found([...Array.from({ length: 50 }, (_, i) => claim(i + 1, 1)), claim(60, 2)], 61);
    // One of the first claimant's is under way: the other claimant is next.
    assert.equal(next(0, [id(1)])?.id, id(60));
    // It has taken a minute: the other claimant is next.
    const first = next(0)!;
    assert.equal(first.claimant, account(1));
    book.verified(first, day, 60_000);
    assert.equal(next(day)?.id, id(60));
    // A day later that is forgotten.
    assert.equal(next(2 * day)?.id, id(1));
  });

  it("postpones what cannot be decided", () => {
    book.found([claim(1, 1)], 2);
    const open = next(0) as OpenClaim;
    book.postponed(open, "no answer", 1000);
    assert.equal(next(999), undefined);
    assert.deepEqual(next(1000), { ...open, tries: 1 });
    assert.equal(book.about(id(1))?.reason, "no answer");
  });

  it("keeps the first verdict, until it is settled", () => {
    book.found([claim(1, 1), claim(2, 2)], 3);
    book.decided({ id: id(1), verdict: "valid", report: id(9) }, 5);
    book.decided({ id: id(1), verdict: "invalid", report: id(8) }, 6);
    book.dropped({ id: id(1) }, "too late");
    assert.deepEqual(book.decisions(), [{ id: id(1), verdict: "valid", report: id(9) }]);
    assert.equal(next(10)?.id, id(2));
    book.settled({ id: id(1) });
    assert.deepEqual(book.decisions(), []);
    assert.deepEqual(book.counts(), { open: 1, decided: 0, settled: 1, dropped: 0 });
    book.settled({ id: id(2) }); // not decided
    assert.equal(book.about(id(2))?.state, "open");
  });

  it("looks at the chosen accounts' claims alone", () => {
    book.found([claim(1, 1), claim(2, 2)], 3);
    const claimants = [account(2).toUpperCase().replace("0X", "0x")];
    assert.equal(next(0, [], { claimants })?.id, id(2));
    assert.equal(next(0, [id(2)], { claimants }), undefined);
    assert.equal(next(0, [], { claimants: [] }), undefined);
  });

  it("verifies a claim again whose decision cannot be sent", () => {
    book.found([claim(1, 1)], 2);
    book.reopened({ id: id(1) }, "not decided at all");
    book.decided({ id: id(1), verdict: "valid", report: id(9) }, 5);
    book.reopened({ id: id(1) }, "the report is gone");
    assert.equal(next(0)?.id, id(1));
    assert.deepEqual(book.decisions(), []);
    assert.equal(book.decidedWithinDay(5), 0);
  });

  it("counts a day's verdicts, and gives no claimant more than some of them", () => {
    book.found([claim(1, 1), claim(2, 2)], 3);
    book.decided({ id: id(1), verdict: "valid", report: id(9) }, 1000);
    book.decided({ id: id(2), verdict: "invalid", report: id(9) }, 2000);
    book.settled({ id: id(1) });
    assert.equal(book.decidedWithinDay(2000), 2);
    assert.equal(book.decidedWithinDay(1000 + day), 1);
    book.found([claim(3, 1), claim(4, 3)], 5);
    assert.equal(next(2000, [], { perClaimant: 1 })?.id, id(4));
    assert.equal(next(2000, [id(4)], { perClaimant: 1 }), undefined);
    assert.equal(next(2000, [id(4)], { perClaimant: 2 })?.id, id(3));
    assert.equal(next(1000 + day, [id(4)], { perClaimant: 1 })?.id, id(3));
  });

  it("waits longer after each try, six hours at most", () => {
    assert.deepEqual(
      [0, 1, 5, 30].map((tries) => pause(tries, false) / 60_000),
      [1, 2, 32, 360],
    );
    assert.equal(pause(0, true) / 60_000, 360);
  });
});
