import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../dataset/files.ts";
import { program, runVerb, tinyPlan, writeTiny } from "../e2e/verbs.ts";

const verbs = [
  "announce",
  "draw",
  "train",
  "prove",
  "worker",
  "queue",
  "export",
  "verify",
  "register",
  "attest",
  "relay",
  "retract",
  "revoke",
  "watch",
  "query",
  "dispute",
  "validation",
  "record",
  "demo",
  "doctor",
  "bench",
  "init",
  "report",
  "completion",
];

const id = `0x${"ab".repeat(32)}`;
const account = (byte: number) => `0x${`0${byte}`.repeat(20)}`;
const bond = ["dispute", "post", id, "--amount", "1"];

describe("the command line", () => {
  const folder = temporaryFolder();

  it("every verb explains itself", async () => {
    const helps = await Promise.all(verbs.map((verb) => runVerb([verb, "--help"])));
    helps.forEach(({ code, stdout }, i) => {
      assert.equal(code, 0, verbs[i]);
      assert.match(stdout, new RegExp(`Usage: (trainproof )?${verbs[i]!}`));
      assert.match(stdout, /Options:|Example/);
    });
  });

  it("a reader who has seen enough of the output is no error", async () => {
    const child = spawn(process.execPath, [program, "prove", "--help"]);
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (text: string) => (said += text));
    assert.deepEqual(await once(child, "close"), [0, null], said);
    assert.equal(said, "");
  });

  const wrong: [string, string[], RegExp][] = [
    ["an unknown verb", ["frobnicate"], /unknown command.*\n.*--help/s],
    ["no plan", ["prove"], /missing required argument 'plan'|required option '--run/],
    ["no run folder", ["prove", "plan.json"], /required option '--run/],
    ["nothing to verify", ["verify"], /missing required argument 'what'/],
    ["nothing to register", ["register"], /missing required argument 'run'/],
    ["no claim", ["attest"], /missing required argument 'claim'/],
    [
      "a number of threads that is none",
      ["verify", "run", "--threads", "0"],
      /whole number from 1/,
    ],
    ["nothing to relay", ["relay"], /missing required argument 'folder'/],
    ["a folder to relay that is none", ["relay", "nowhere"], /nowhere is no folder/],
    ["fees that no node takes", ["relay", ".", "--bump-percent", "9"], /whole number from 10/],
    ["a bad claim id", ["attest", "0x12"], /no claim id: 0x and 64 digits/],
    ["nothing to check", ["query", "--check"], /--check compares an indexer with the node/],
    [
      "an indexer that is none",
      ["query", "--indexer", "ftp://127.0.0.1", "--registry", `0x${"11".repeat(20)}`],
      /not an http\(s\) URL/,
    ],
    ["no node", ["query"], /--rpc or TRAINPROOF_RPC_URL/],
    ["an unknown option", ["doctor", "--nope"], /unknown option '--nope'.*--help/s],
    ["no folder to announce into", ["announce", "plan.json"], /required option '--out/],
    ["nothing to draw", ["draw", "nowhere"], /neither a plan id nor a folder/],
    ["no reason", ["retract", `0x${"ab".repeat(32)}`], /required option '--reason/],
    ["no verifiers", ["query", "status", `0x${"ab".repeat(32)}`], /required option '--verifiers/],
    [
      "a verifier that is none",
      ["query", "status", `0x${"ab".repeat(32)}`, "--verifiers", "0x12", "--threshold", "1"],
      /no address/,
    ],
    [
      "a threshold out of range",
      [
        "query",
        "status",
        `0x${"ab".repeat(32)}`,
        "--verifiers",
        `0x${"12".repeat(20)}`,
        "--threshold",
        "2",
      ],
      /from 1 to the 1 verifiers/,
    ],
    ["a validation of no agent", ["validation", "request", id], /required option '--agent/],
    ["a validation by nobody", ["validation", "show", id, "--agent", "7"], /TRAINPROOF_VALIDATOR/],
    [
      "a transaction that is none",
      ["query", "registry", "--transaction", "1"],
      /no transaction hash/,
    ],
    ["a bond without an amount", ["dispute", "post", id], /required option '--amount/],
    ["a bond without a verb", ["dispute"], /post.*challenge.*resolve/s],
    [
      "a threshold that is no majority",
      [...bond, "--resolvers", [1, 2].map(account).join(), "--threshold", "1"],
      /more than half of 2 resolvers/,
    ],
    [
      "a window that is no time",
      [...bond, "--resolvers", account(1), "--threshold", "1", "--window", "soon"],
      /no span of time, such as 90m/,
    ],
    [
      "an amount that is none",
      ["dispute", "post", id, "--amount", "1e3", "--resolvers", account(1), "--threshold", "1"],
      /no amount of ether/,
    ],
    ["a ruling that is none", ["dispute", "resolve", id, "--ruling", "maybe"], /uphold, refute/],
    ["a vote without a reason", ["dispute", "resolve", id, "--ruling", "uphold"], /'--reason/],
    ["a bad bond id", ["dispute", "show", "0x12"], /no bond id: 0x and 64 digits/],
    ["no key for a worker", ["worker"], /required option '--key-file/],
    ["no queue", ["worker", "--key-file", "none"], /--queue, or TRAINPROOF_QUEUE/],
    [
      "a queue that is none",
      ["worker", "--key-file", "none", "--queue", "http://127.0.0.1"],
      /redis:\/\/host:port/,
    ],
    [
      "a key file that is not there",
      ["worker", "--key-file", "none", "--queue", "redis://127.0.0.1:1", "--store", "."],
      /none: cannot be read \(ENOENT\)/,
    ],
    ["a queue without a verb", ["queue"], /status.*pause.*resume/s],
    [
      "a share of checks above 1",
      ["prove", "plan.json", "--run", "run", "--check", "1.5"],
      /share from 0 to 1/,
    ],
    ["a bad data root", ["query", "--data", "0x12"], /no data root: 0x and 64 digits/],
    ["a bad address", ["query", "--claimant", "0x12"], /no address: 0x and 40 digits/],
  ];
  for (const [what, args, message] of wrong) {
    it(`${what}: exit code 2 and a hint`, async () => {
      const { code, stdout, stderr } = await runVerb(args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
      assert.equal(stdout, "");
    });
  }

  it("no verb at all: exit code 2 and the verbs", async () => {
    const { code, stderr, stdout } = await runVerb([]);
    assert.equal(code, 2);
    assert.match(stderr + stdout, /prove/);
  });

  it("names what is wrong with a plan", async () => {
    const run = path.join(folder.path, "never");
    const plans: [string, string, number, RegExp][] = [
      [writeTiny(path.join(folder.path, "a"), { bogus: 1 }), "unknown field", 2, /bogus/],
      [folder.write("bad.json", "{"), "bad JSON", 2, /bad\.json/],
      [path.join(folder.path, "missing.json"), "missing file", 4, /missing\.json/],
      [folder.write("noData.json", JSON.stringify(tinyPlan)), "missing data", 2, /data\.csv/],
      [writeTiny(path.join(folder.path, "b"), { batch: 3 }), "bad batch", 2, /batch/],
    ];
    for (const [file, what, expected, message] of plans) {
      const { code, stderr, stdout } = await runVerb(["prove", file, "--run", run, "--json"]);
      assert.equal(code, expected, `${what}: ${stderr}`);
      assert.match(stderr, message);
      const { ok, exitCode } = JSON.parse(stdout) as { ok: boolean; exitCode: number };
      assert.deepEqual({ ok, exitCode }, { ok: false, exitCode: expected });
      assert.doesNotMatch(stderr, /\n\s+at /);
    }
  });

  it("a GPU that is not there leaves no run folder", async () => {
    const plan = writeTiny(path.join(folder.path, "gpu"));
    const run = path.join(folder.path, "gpu-run");
    const { code, stderr } = await runVerb(["prove", plan, "--run", run, "--device", "cuda:99"]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /cuda:99.*--device cpu/s);
    assert.equal(existsSync(run), false);
  });

  it("workers without a store leave no run folder", async () => {
    const plan = writeTiny(path.join(folder.path, "queued"));
    const run = path.join(folder.path, "queued-run");
    const args = ["prove", plan, "--run", run, "--queue", "redis://127.0.0.1:1"];
    const { code, stderr } = await runVerb(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /--store, or TRAINPROOF_STORE/);
    assert.ok(!existsSync(run));
  });

  it("a run folder that is not there: exit code 4", async () => {
    const { code, stderr } = await runVerb(["verify", path.join(folder.path, "nowhere")]);
    assert.equal(code, 4, stderr);
    assert.match(stderr, /nowhere/);
  });

  it("doctor --json prints one object", async () => {
    const { code, stdout } = await runVerb(["doctor", "--json"]);
    assert.equal(code, 0);
    const { findings } = JSON.parse(stdout) as { findings: { what: string; ok: boolean }[] };
    assert.ok(findings.some(({ what, ok }) => what === "generators" && ok));
  });
});
