import assert from "node:assert/strict";
import { BaseError, HttpRequestError, RpcRequestError } from "viem";
import {
  bumpedFees,
  checkPolicy,
  DEFAULT_POLICY,
  outcomeOf,
  suggestedFees,
} from "../../src/relayer/sender/index.ts";
import {
  createLog,
  Health,
  repeat,
  secretsOfKey,
  secretsOfUrls,
} from "../../src/relayer/service/index.ts";

const url = "http://node.example";
const answer = (message: string) =>
  new BaseError("failed", {
    cause: new RpcRequestError({ body: {}, url, error: { code: -32000, message } }),
  });

describe("what nodes answer to a transaction", () => {
  const answers: [string, string][] = [
    ["already known", "known"],
    ["Known transaction: 0xab", "known"],
    ["transaction already imported", "known"],
    ["AlreadyKnown", "known"],
    ["nonce too low: next nonce 5, tx nonce 4", "nonceTooLow"],
    ["Nonce too low. Expected nonce to be 1 but got 0.", "nonceTooLow"],
    ["OldNonce", "nonceTooLow"],
    [
      "Nonce too high. Expected nonce to be 0 but got 1. Note that transactions can't be queued when automining.",
      "nonceTooHigh",
    ],
    ["replacement transaction underpriced", "replacementUnderpriced"],
    [
      "Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 2 is necessary to replace the existing transaction with nonce 0.",
      "replacementUnderpriced",
    ],
    ["could not replace existing tx", "replacementUnderpriced"],
    ["transaction underpriced: tip needed 1, tip permitted 0", "underpriced"],
    [
      "max fee per gas less than block base fee: address 0x, maxFeePerGas: 1, baseFee: 2",
      "underpriced",
    ],
    ["FeeTooLow, MaxFeePerGas too low", "underpriced"],
    [
      "Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of 2",
      "underpriced",
    ],
    ["insufficient funds for gas * price + value: balance 0", "insufficientFunds"],
    [
      "Sender doesn't have enough funds to send tx. The max upfront cost is: 1 and the sender's balance is: 0.",
      "insufficientFunds",
    ],
    ["exceeds block gas limit", "refused"],
    ["invalid sender", "refused"],
  ];
  for (const [message, outcome] of answers) {
    it(`"${message.slice(0, 50)}" means ${outcome}`, () => {
      assert.deepEqual(outcomeOf(answer(message)), { outcome, message });
    });
  }

  it("no answer is neither acceptance nor refusal, also when an error page comes", () => {
    for (const status of [500, 502, 503, 429]) {
      const silent = new HttpRequestError({ url: `${url}/key`, status, details: "Bad Gateway" });
      assert.equal(outcomeOf(silent).outcome, "unreachable");
      assert.doesNotMatch(outcomeOf(silent).message, /node\.example/);
    }
    const known = new HttpRequestError({ url, status: 400, details: "already known" });
    assert.equal(outcomeOf(known).outcome, "known");
    assert.equal(outcomeOf(new Error("0xsecret")).message, "unknown error");
  });
});

describe("fees", () => {
  const policy = { ...DEFAULT_POLICY, bumpPercent: 10 };
  it("leave room for the base fee to double, within the limit", () => {
    assert.deepEqual(suggestedFees(100n, 7n, policy), {
      maxFeePerGas: 207n,
      maxPriorityFeePerGas: 7n,
    });
    const limited = { ...policy, maxFeePerGas: 150n };
    assert.equal(suggestedFees(100n, 7n, limited)?.maxFeePerGas, 150n);
    assert.equal(suggestedFees(144n, 7n, limited), undefined);
  });
  it("of a replacement grow by at least 10 % each, rounded up, and from 0", () => {
    for (const fee of [0n, 1n, 9n, 10n, 11n, 999n, 10n ** 18n + 1n]) {
      const former = { maxFeePerGas: fee, maxPriorityFeePerGas: fee };
      const grown = bumpedFees(former, { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }, policy)!;
      for (const one of [grown.maxFeePerGas, grown.maxPriorityFeePerGas])
        assert.ok(one > fee && one * 10n >= fee * 11n, `${fee} → ${one}`);
    }
  });
  it("of a replacement are at least what is asked now, never above the limit", () => {
    const former = { maxFeePerGas: 100n, maxPriorityFeePerGas: 1n };
    const now = { maxFeePerGas: 500n, maxPriorityFeePerGas: 9n };
    assert.deepEqual(bumpedFees(former, now, policy), now);
    assert.equal(bumpedFees(former, now, { ...policy, maxFeePerGas: 499n }), undefined);
  });
  it("need a policy that nodes accept", () => {
    for (const wrong of [
      { bumpPercent: 9.9 },
      { confirmations: 0 },
      { window: 1.5 },
      { stuckSeconds: 0 },
      { stuckBlocks: -1 },
    ])
      assert.throws(() => checkPolicy({ ...policy, ...wrong }), RangeError, JSON.stringify(wrong));
  });
});

describe("a service's log", () => {
  it("hides keys and endpoints' secrets, wherever they get in", () => {
    const key = `0x${"aB12".repeat(16)}`;
    const urls =
      "https://me:passw0rd@node.example/v3/abcdef012345?apikey=qwertz123, http://b.example";
    let text = "";
    const secrets = [...secretsOfKey(key), ...secretsOfUrls(urls)];
    const log = createLog({
      name: "test",
      secrets,
      destination: { write: (line) => void (text += line) },
    });
    log.info({ key, nested: { urls } }, `a message with ${key.toUpperCase()} and ${urls}`);
    log.error(new Error(`cannot reach ${urls} with ${key.slice(2)}`));
    for (const hidden of ["ab12ab12", "passw0rd", "abcdef012345", "qwertz123"])
      assert.ok(!text.toLowerCase().includes(hidden), hidden);
    assert.match(text, /node\.example/);
    const [first] = text.split("\n");
    const { level, name, msg } = JSON.parse(first!) as Record<string, unknown>;
    assert.deepEqual([level, name], ["info", "test"]);
    assert.match(String(msg), /\[hidden\]/);
  });

  it("holds nothing that a terminal obeys, and says exactly what was said", () => {
    let text = "";
    const destination = { write: (line: string) => void (text += line) };
    const log = createLog({ name: "test", secrets: ["mysecret"], destination });
    const hostile = '\u001b[2J\u009b31m\u202e\u2028\n{"level":"info"} mysecret';
    log.warn({ uri: hostile }, hostile);
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]|\n./);
    const { uri, msg } = JSON.parse(text) as Record<string, unknown>;
    const hidden = hostile.replace("mysecret", "[hidden]");
    assert.deepEqual([uri, msg], [hidden, hidden]);
  });
});

describe("a service's health and loop", () => {
  it("is ill when a part has not succeeded in time, or something stands in the way", async () => {
    const health = new Health();
    health.expect("chain", 250);
    assert.equal(health.report().ok, true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.match(health.report().problems[0]!, /^chain has not succeeded/);
    health.succeeded("chain");
    health.obstacle("funds", "the account cannot pay");
    assert.deepEqual(health.report().problems, ["the account cannot pay"]);
    health.obstacle("funds", undefined);
    assert.deepEqual([health.report().ok, health.report().problems], [true, []]);
  });

  it("goes on after errors, with pauses that double up to a limit, and from the start after a success", async () => {
    const pauses: number[] = [];
    let calls = 0;
    const { signal } = new AbortController();
    const onError = (_: unknown, pause: number) => void pauses.push(pause);
    const action = () => {
      calls++;
      if (calls === 4) return Promise.resolve(true);
      return calls === 6 ? Promise.resolve(false) : Promise.reject(new Error("no"));
    };
    await repeat(action, { interval: 1, longest: 300, signal, onError });
    assert.deepEqual(pauses, [250, 300, 300, 250]);
  });

  it("stops in its pause when it is told to", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const started = Date.now();
    await repeat(() => Promise.resolve(), {
      interval: 60_000,
      longest: 60_000,
      signal: stop.signal,
      onError: () => undefined,
    });
    assert.ok(Date.now() - started < 5_000);
  });
});
