import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { bashScript } from "../../scripts/completion/bash.ts";
import { fishScript } from "../../scripts/completion/fish.ts";
import { type Place, places } from "../../scripts/completion/places.ts";
import { zshScript } from "../../scripts/completion/zsh.ts";
import { program } from "../../scripts/trainproof.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { faultOf, wordsOf } from "../docs/parse.ts";
import { runVerb } from "../e2e/verbs.ts";

const all = places(program);
/** What --help prints. */
function helpOf(where: string): string {
  const command = where
    .split(" ")
    .filter(Boolean)
    .reduce((above, name) => above.commands.find((verb) => verb.name() === name)!, program);
  let text = "";
  command.configureOutput({ writeOut: (more) => (text += more) }).outputHelp();
  return text;
}

const at = (where: string): Place => {
  const place = all.find(({ path: found }) => found === where);
  assert.ok(place, where);
  return place;
};

describe("shell completion", function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  before(() => {
    folder.write("completion.bash", bashScript(all));
    fs.mkdirSync(path.join(folder.path, "run of mine"));
    folder.write("run of mine/manifest.json", "");
    folder.write("plan.json", "");
  });

  /**
   * What a real, interactive bash on a terminal (util-linux's script) makes of keys: the arguments of each command that was run, in
   * a folder with plan.json and the folder "run of mine".
   */
  const type = (...lines: string[]): Promise<string[][]> => {
    const child = spawn("script", ["-qec", "bash --norc --noprofile -i", "/dev/null"], {
      cwd: folder.path,
      env: {
        PATH: process.env["PATH"] ?? "",
        TERM: "dumb",
        HOME: folder.path,
        HISTFILE: "/dev/null",
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdout.resume();
    const keys = [
      "source completion.bash",
      `trainproof() { printf '%s\\0' "$@" >> ran; printf '\\n' >> ran; }`,
      ...lines,
      "exit",
    ];
    fs.rmSync(path.join(folder.path, "ran"), { force: true });
    child.stdin.end(`${keys.join("\n")}\n`);
    return new Promise((resolve, reject) => {
      child.once("error", reject).once("close", () => {
        const ran = fs.readFileSync(path.join(folder.path, "ran"), "utf8");
        const commands = ran.split("\n").slice(0, -1);
        resolve(commands.map((line) => line.split("\0").slice(0, -1)));
      });
    });
  };

  it("completes verbs, verbs of verbs, options, chosen words, files and folders in bash", async () => {
    const commands = await type(
      "trainproof pro\tpla\t --ru\t'run o\t",
      "trainproof quer\tstat\t--verif\t0x12 --thre\t1",
      "trainproof dispute reso\t0xab --rul\tref\t",
      "trainproof completion fi\t",
      "trainproof record che\t--js\t",
      "trainproof verify run\\ o\t",
    );
    assert.deepEqual(commands, [
      ["prove", "plan.json", "--run", "run of mine/"],
      ["query", "status", "--verifiers", "0x12", "--threshold", "1"],
      ["dispute", "resolve", "0xab", "--ruling", "refute"],
      ["completion", "fish"],
      ["record", "check", "--json"],
      ["verify", "run of mine/"],
    ]);
  });

  it("completes nothing where nothing is known: no files for a key's or a claim's place", async () => {
    const commands = await type(
      "trainproof prove --threads pla\t",
      "trainproof attest pla\t",
      "trainproof frobnicate --ru\t",
      "trainproof query --run\t",
    );
    assert.deepEqual(commands, [
      ["prove", "--threads", "pla"],
      ["attest", "pla"],
      ["frobnicate", "--ru"],
      ["query", "--run"],
    ]);
  });

  it("knows every verb and every option that --help shows", () => {
    for (const place of all) {
      const help = helpOf(place.path);
      const flags = [...help.matchAll(/^ {2}(?:-\w, |--[a-z-]+, )?(--[a-z-]+)/gm)].map(
        ([, flag]) => flag,
      );
      const known = place.options.map(({ flags: [long] }) => long);
      assert.deepEqual(known, flags, place.path);
    }
    assert.ok(all.length > 30);
  });

  it("says in each shell the same of each place", () => {
    const texts = [bashScript(all), zshScript(all), fishScript(all)];
    for (const text of texts) {
      for (const { verbs } of all)
        for (const { name } of verbs) assert.ok(text.includes(name), name);
      assert.doesNotMatch(text, /undefined|\[object/);
    }
    assert.deepEqual(at("completion").argument, { words: ["bash", "zsh", "fish"] });
    assert.equal(at("prove").argument, "file");
    assert.equal(at("attest").argument, "other");
  });

  it("text with quotes and colons in it stays text", () => {
    const hostile = "it's $(touch owned) `x`: \\";
    const place: Place = {
      path: "",
      verbs: [{ name: "verb", description: hostile }],
      options: [{ flags: ["--option"], description: hostile }],
    };
    assert.ok(zshScript([place]).includes(`'verb:it'\\''s $(touch owned) \`x\`: \\'`));
    assert.ok(fishScript([place]).includes(`'it\\'s $(touch owned) \`x\`: \\\\'`));
    assert.ok(!bashScript([place]).includes("touch"));
  });

  it("an unknown shell: exit code 2 and the ones it knows", async () => {
    const { code, stderr } = await runVerb(["completion", "tcsh"]);
    assert.equal(code, 2);
    assert.match(stderr, /bash, zsh, fish/);
  });
});

describe("--help", () => {
  it("of every verb, at every depth, has an example of that verb that parses", () => {
    for (const { path: where } of all) {
      const help = helpOf(where);
      const [, examples = ""] = /^Examples?:\n((?: {2}.+\n?)+)/m.exec(help) ?? [];
      const lines = examples.split("\n").map((line) => line.trim());
      const commands = lines.filter(Boolean).map((line) => {
        const words = wordsOf(line.replace(/^npm (--silent )?run (bench) --/, "trainproof $2"));
        assert.equal(words.shift(), "trainproof", `trainproof ${where} --help: ${line}`);
        assert.equal(faultOf(program, words), undefined, line);
        return words.join(" ");
      });
      assert.ok(
        commands.some((words) => words.startsWith(where)),
        `trainproof ${where} --help has no example of it`,
      );
    }
  });

  it("an example that does not parse is found", () => {
    const wrong: [string, RegExp][] = [
      ["prove plan.json", /needs --run/],
      ["prove plan.json --run", /--run has no value/],
      ["prove plan.json --run r --bogus", /no option --bogus/],
      ["prove --run r", /takes 1 to 1 arguments, not 0/],
      ["verify a b", /not 2/],
      ["query nonsense more", /not 2/],
      ["dispute", /needs one of its verbs/],
      ["dispute resolve 0x… --ruling maybe --reason x", /not one of uphold, refute/],
      ["frobnicate", /takes 0 to 0/],
    ];
    for (const [line, fault] of wrong)
      assert.match(faultOf(program, wordsOf(line)) ?? "", fault, line);
    assert.deepEqual(wordsOf(`verify 'a b' "c d" e\\ f # not this`), [
      "verify",
      "a b",
      "c d",
      "e f",
    ]);
  });
});
