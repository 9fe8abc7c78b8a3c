import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { program } from "../../scripts/trainproof.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { program as programFile, writeTiny } from "../e2e/verbs.ts";
import { startAgents } from "../registry/agents.ts";
import { startRegistry, type TestChain } from "../registry/chain.ts";
import { blocksOf, commandsOf, documents, indentedOf, root, shellOf, textOf } from "./commands.ts";
import { faultOf, wordsOf } from "./parse.ts";

/** Whose shell blocks are run, in this order, in one folder and on one chain; as which account of it. */
const RUN: readonly { document: string; key?: number; window?: boolean }[] = [
  { document: "docs/START.md" },
  { document: "docs/OWNERS.md", key: 1 },
  { document: "docs/VERIFIERS.md", key: 3 },
  { document: "docs/READERS.md" },
  // Between its last blocks of disputes a window ends.
  { document: "docs/REGISTRY.md", key: 1, window: true },
];

/** Daemons whose first block is run, until the line that says that they are at work; as which account. */
const DAEMONS: readonly { document: string; key: number; ready: RegExp }[] = [
  { document: "docs/RELAY.md", key: 1, ready: /\/metrics and \/health are here/ },
  { document: "docs/WATCH.md", key: 3, ready: /"msg":"watching"/ },
];

/** Whose commands are checked against the tree of verbs alone, and why. */
const PARSED: Readonly<Record<string, string>> = {
  "README.md": "installs, tests and demonstrates the whole project: npm test runs this test",
  "docs/START.md": "npm ci and a demo that stays until Ctrl-C, beside what is run",
  "docs/CONTRIBUTING.md": "the test suites themselves",
  "docs/CUDA.md": "needs a GPU",
  "docs/EXPLORER.md": "serves until Ctrl-C; npm run test:explorer builds and serves it",
  "docs/INDEXER.md": "a daemon of its own package; its suite in npm test runs it",
  "docs/LIBRARY.md": "test/api/package.test.ts installs the package",
  "docs/PERFORMANCE.md": "takes an hour",
  "docs/QUEUE.md": "needs Redis; npm run test:queue runs its first commands as they stand, and the verbs of the others",
  "docs/REGISTRY.md": "Ignition deploys for real; test/registry/ignition.test.ts runs its modules",
  "docs/RELAY.md": "run below until it is at work; test/e2e/relay.test.ts has it do everything",
  "docs/SCALE.md": "needs Redis and minutes; test/queue/redis runs it at a toy's size",
  "docs/WATCH.md": "run below until it is at work; test/relayer/watch has it do everything",
};

const scriptsOf = (folder: string): Record<string, string> =>
  (
    JSON.parse(fs.readFileSync(path.join(root, folder, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    }
  ).scripts;
/** The indexer's document speaks of its own package, too. */
const scripts: Record<string, string> = { ...scriptsOf("indexer"), ...scriptsOf(".") };

/** What is wrong with a command of a document; undefined where it would be taken. */
function commandFault(line: string): string | undefined {
  const words = wordsOf(line.replace(/^npx /, ""));
  if (words.shift() === "trainproof") return faultOf(program, words);
  const [task = "", name = ""] = words.filter((word) => word !== "--silent");
  if (["ci", "install", "test"].includes(task)) return undefined;
  if (task === "start" && task in scripts) return undefined;
  if (task !== "run") return `npm ${task}: neither run, ci, install nor test`;
  if (!(name in scripts)) return `package.json has no script ${name}`;
  const verb = /trainproof\.mjs (\w+)$/.exec(scripts[name] ?? "")?.[1];
  if (verb === undefined) return undefined;
  return faultOf(program, [verb, ...words.slice(words.indexOf(name) + 1).filter((w) => w !== "--")]);
}

describe("the commands in README.md and docs", function () {
  this.timeout(400_000);
  const folder = temporaryFolder();
  let test: TestChain;
  let mining: NodeJS.Timeout;
  let claim = "";
  let parties: Record<string, string> = {};

  before(async () => {
    test = await startRegistry();
    const { accounts } = test.chain;
    const owner = await test.clients(1);
    const verifiers = [3, 4, 5].map((index) => accounts[index]!.address);
    const { validator } = await startAgents(owner, verifiers.slice(0, 1));
    parties = {
      TRAINPROOF_DISPUTES: test.disputes,
      CREATED_BY: test.created,
      VERIFIERS: verifiers.join(),
      VALIDATOR: validator,
      VERIFIER_KEY: accounts[3]!.privateKey,
      CHALLENGER_KEY: accounts[6]!.privateKey,
    };
    // A chain goes on by itself; draw waits for its blocks.
    mining = setInterval(() => void test.chain.mine(1), 500);
    writeTiny(path.join(folder.path, "examples"));
    const plan = path.join(folder.path, "examples/plan.json");
    fs.renameSync(plan, path.join(folder.path, "examples/mnist.json"));
  });
  after(async () => {
    clearInterval(mining);
    await test.chain.stop();
  });

  const environment = (key: number | undefined): Record<string, string> => ({
    PATH: process.env["PATH"] ?? "",
    NODE: process.execPath,
    PROGRAM: programFile,
    TRAINPROOF_RPC_URL: test.chain.rpcUrl,
    TRAINPROOF_REGISTRY: test.address,
    CLAIM: claim,
    ...parties,
    ...(key !== undefined && { TRAINPROOF_PRIVATE_KEY: test.chain.accounts[key]!.privateKey }),
  });

  /** Runs bash in the folder, where `trainproof` is the program and says on stderr what it was called with. */
  const bash = (script: string, key: number | undefined): ChildProcess =>
    spawn("bash", ["-c", `trainproof() { echo "> $*" >&2; "$NODE" "$PROGRAM" "$@"; }\n${script}`], {
      cwd: folder.path,
      env: environment(key),
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
  const collect = (child: ChildProcess, seen: (output: string) => void): Promise<string> => {
    let output = "";
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding("utf8").on("data", (text: string) => seen((output += text)));
    return new Promise((resolve, reject) => {
      child.once("error", reject).once("close", (code) => {
        if (code === 0) resolve(output);
        else reject(new Error(`exit code ${code}:\n${output}`));
      });
    });
  };

  /** Runs a document's shell blocks as one script of bash, each command of which must succeed. */
  const shell = (document: string, key?: number, window = false): Promise<string> => {
    const blocks = blocksOf(document)
      .map((block) =>
        block
          .replaceAll("http://127.0.0.1:8545", test.chain.rpcUrl)
          .replaceAll("0x5FbDB2315678afecb367f032d93F642f64180aa3", test.address),
      )
      // The test answers when what happens between two blocks has happened.
      .join('echo "@@ next block"; read -r _\n');
    const child = bash(`set -euo pipefail\n${blocks}\necho "CLAIM=$CLAIM"\n`, key);
    let answered = 0;
    const next = async () => {
      if (window) await test.pass(3700);
      child.stdin!.write("\n");
    };
    return collect(child, (output) => {
      const asked = output.match(/^@@ next block$/gm)?.length ?? 0;
      for (; answered < asked; answered++) void next();
    });
  };

  for (const { document, key, window } of RUN) {
    it(`${document}: every command succeeds, one after the other`, async () => {
      const wanted = shellOf(document).match(/^(\w+=(\$\(|\$\w+ ))?trainproof /gm)?.length ?? 0;
      assert.ok(wanted >= 4, `${wanted}`);
      const output = await shell(document, key, window);
      assert.equal(output.match(/^> /gm)?.length, wanted, output);
      if (document === "docs/START.md") {
        claim = /^CLAIM=(0x[0-9a-f]{64})$/m.exec(output)?.[1] ?? "";
        assert.match(output, /VALID: 12 steps.*attested as valid.*^valid$.*1 valid, 0 invalid/ms);
      }
      // The claim's id went to the shell; the retraction shows which it was.
      if (document === "docs/OWNERS.md") assert.match(output, /retracted, \d+ gas/);
      if (document === "docs/REGISTRY.md")
        assert.match(output, /^open$.*this package's.*upheld.*^released.*^1 ether to .*^answered 100, valid/ms);
      if (document === "docs/READERS.md") assert.match(output, /^valid$.*1 valid, 0 invalid, 0 sampled, 1 revoked/ms);
    });
  }

  for (const { document, key, ready } of DAEMONS) {
    it(`${document}: the daemon starts, is at work, and ends when it is told to`, async () => {
      const block = indentedOf(document)
        .replaceAll("npx trainproof", "trainproof")
        .replace(/^export .*$/m, "");
      assert.match(block, /^trainproof /m, document);
      const child = bash(block, key);
      let told = false;
      const output = await collect(child, (sofar) => {
        if (told || !ready.test(sofar)) return;
        told = true;
        process.kill(-child.pid!, "SIGTERM"); // the shell's whole group, as a terminal would
      }).catch((error: unknown) => {
        // Bash itself may go down by the signal: what the daemon said decides.
        return String(error);
      });
      assert.ok(told, output);
      assert.match(output, /stopping|folders: /, output);
    });
  }

  it("every other command is one that the tree of verbs, or package.json, knows", () => {
    let checked = 0;
    for (const document of documents()) {
      for (const line of commandsOf(document)) {
        assert.ok(document in PARSED, `${document} has a command: run it (RUN), or say why not (PARSED)`);
        assert.equal(commandFault(line), undefined, `${document}: ${line}`);
        checked += 1;
      }
      const runs = RUN.some((run) => run.document === document);
      assert.ok(runs || shellOf(document) === "", `${document} has \`\`\`sh blocks that are not run`);
    }
    assert.ok(checked >= 25, `${checked}`);
  });

  it("commands that would fail are found", () => {
    const wrong: [string, RegExp][] = [
      ["npm run nothing", /no script nothing/],
      ["npm frobnicate", /neither run/],
      ["npm run bench -- headline --frobnicate", /no option --frobnicate/],
      ["npm run demo -- --steps", /--steps has no value/],
      ["npx trainproof prove plan.json", /needs --run/],
    ];
    for (const [line, fault] of wrong) assert.match(commandFault(line) ?? "", fault, line);
  });

  it("links between README.md and docs lead to files that are there", () => {
    for (const document of documents()) {
      for (const [, target = ""] of textOf(document).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)) {
        if (!/[./]/.test(target)) continue; // mathematics
        const file = path.join(root, path.dirname(document), target);
        assert.ok(fs.existsSync(file), `${document}: ${target}`);
      }
    }
  });
});
