import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { prove, verify } from "../../src/api/index.ts";
import { flipProof, republish } from "../artifact/republish.ts";
import { temporaryFolder } from "../dataset/files.ts";
import { writeTiny } from "../e2e/verbs.ts";
import { startRegistry, type TestChain } from "../registry/chain.ts";
import { node, packAndInstall, type Packed, runProgram } from "./packed.ts";

describe("the packed package, installed without a compiler", function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  const owner = path.join(folder.path, "owner");
  const run = path.join(owner, "run");
  let packed: Packed;
  let chain: TestChain;

  /** A program of the example, with the environment's additions. */
  const example = (name: string, args: string[], env: Record<string, string> = {}) =>
    runProgram(node, [`src/${name}.ts`, ...args], {
      cwd: packed.project,
      env: { ...packed.env, ...env },
    });

  before(async () => {
    const plan = writeTiny(owner);
    await prove(plan, { run, device: "cpu" });
    packed = await packAndInstall(folder.path);
    chain = await startRegistry();
  });
  after(() => chain.chain.stop());

  it("says that the prover was not built, and what to do", () => {
    assert.match(packed.installing, /the native prover was not built: CMake was not found on PATH/);
    assert.match(packed.installing, /verifying, registering, attesting and querying do/);
    assert.ok(!fs.existsSync(path.join(packed.installed, "build")));
  });

  it("holds what its exports name, with types, and neither tests nor secrets", async () => {
    const { exports } = JSON.parse(
      fs.readFileSync(path.join(packed.installed, "package.json"), "utf8"),
    ) as { exports: Record<string, string | { types: string; default: string }> };
    const code = Object.entries(exports).filter(([, target]) => typeof target !== "string");
    assert.ok(code.length >= 10);
    const imports = code.map(([name]) => {
      const target = exports[name] as { types: string; default: string };
      for (const file of Object.values(target))
        assert.ok(fs.existsSync(path.join(packed.installed, file)), `${name}: ${file}`);
      return name.replace(".", "trainproof");
    });
    const script = `for (const name of ${JSON.stringify(imports)}) if (Object.keys(await import(name)).length === 0) throw new Error(name)`;
    const loaded = await runProgram(node, ["--input-type=module", "--eval", script], {
      cwd: packed.project,
      env: packed.env,
    });
    assert.equal(loaded.code, 0, loaded.output);
    assert.deepEqual(
      packed.files.filter((file) => /^test\/|_test\.cc$|^\.|^runs\/|^explorer\/src\//.test(file)),
      [],
    );
  });

  it("gives no way into what its exports do not name", async () => {
    const script = `await import("trainproof/dist/src/prover/addon.js")`;
    const loaded = await runProgram(node, ["--input-type=module", "--eval", script], {
      cwd: packed.project,
      env: packed.env,
    });
    assert.equal(loaded.code, 1);
    assert.match(loaded.output, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  it("type-checks the example, and refuses a wrong use of it", async () => {
    const tsc = path.join(packed.project, "node_modules/typescript/bin/tsc");
    const check = () => runProgram(node, [tsc], { cwd: packed.project, env: packed.env });
    const right = await check();
    assert.equal(right.code, 0, right.output);
    const wrong = path.join(packed.project, "src/wrong.ts");
    fs.writeFileSync(
      wrong,
      `import { TrainproofError, verify } from "trainproof";\n` +
        `const verdict = await verify("run");\nconsole.log(verdict.check);\n` +
        `export const is = (error: TrainproofError) => error.code === "NO_SUCH_CODE";\n`,
    );
    const { code, output } = await check();
    fs.rmSync(wrong);
    assert.notEqual(code, 0);
    assert.match(output, /Property 'check' does not exist/);
    assert.match(output, /NO_SUCH_CODE/);
    assert.equal(output.match(/error TS/g)?.length, 2, output);
  });

  it("verifies a proven run", async () => {
    const { code, output } = await example("checkRun", [run]);
    assert.equal(code, 0, output);
    assert.match(output, /segment 2 of 2: /);
    assert.match(output, /valid: 12 steps, proof 0x[0-9a-f]{64}/);
  });

  it("finds a forged proof invalid, and damaged and missing files no verdict", async () => {
    const forged = path.join(folder.path, "forged");
    fs.cpSync(path.join(run, "public"), forged, { recursive: true });
    flipProof(forged, "000000");
    const damaged = await example("checkRun", [forged]);
    assert.equal(damaged.code, 1, damaged.output);
    assert.match(damaged.output, /^FILES_ALTERED: .*SHA-256/m);
    republish(forged);
    const invalid = await example("checkRun", [forged]);
    assert.equal(invalid.code, 3, invalid.output);
    assert.match(invalid.output, /invalid: check V\d/);
    const missing = await example("checkRun", [path.join(folder.path, "nowhere")]);
    assert.equal(missing.code, 4, missing.output);
    assert.match(missing.output, /^FILES_NOT_FOUND: .*nowhere/m);
  });

  it("its command verifies, too, and says that proving needs a compiler", async () => {
    const command = path.join(packed.installed, "scripts/trainproof.mjs");
    const verb = (...args: string[]) =>
      runProgram(node, [command, ...args], { cwd: owner, env: packed.env });
    const verified = await verb("verify", "run");
    assert.equal(verified.code, 0, verified.output);
    assert.match(verified.output, /VALID: 12 steps/);
    const proving = await verb("prove", "plan.json", "--run", "other");
    assert.equal(proving.code, 2, proving.output);
    assert.match(proving.output, /native prover is not built.*apt-get install g\+\+ cmake/s);
    assert.ok(!fs.existsSync(path.join(owner, "other")));
  });

  it("goes the whole path, with a prover that was built elsewhere", async () => {
    const account = (index: number) => chain.chain.accounts[index]!.privateKey;
    const addon = path.resolve("build/native/release/trainproof_native.node");
    assert.ok(fs.existsSync(addon), "npm run build:native");
    const args = [path.join(owner, "plan.json"), path.join(folder.path, "whole")];
    const env = {
      RPC_URL: chain.chain.rpcUrl,
      REGISTRY: chain.address,
      OWNER_KEY: account(1),
      VERIFIER_KEY: account(2),
    };
    const without = await example("wholePath", args, env);
    assert.equal(without.code, 1);
    assert.match(without.output, /code: 'PROVER_MISSING'/);
    const { code, output } = await example("wholePath", args, { ...env, TRAINPROOF_ADDON: addon });
    assert.equal(code, 0, output);
    const said = JSON.parse(output.slice(output.lastIndexOf("{"))) as Record<string, unknown>;
    assert.deepEqual(
      { ...said, claimId: undefined },
      { claimId: undefined, steps: 12, verdict: "valid", outcome: "valid" },
    );
  });

  it("its verifier is bundled for browsers, and gives the verdict there that Node gives", async () => {
    const outDir = path.join(folder.path, "bundle");
    const entry = path.join(packed.project, "src/inBrowser.ts");
    await build({
      root: packed.project,
      configFile: false,
      logLevel: "silent",
      build: { outDir, target: "es2022", lib: { entry, formats: ["es"], fileName: "verifier" } },
    });
    const bundle = path.join(outDir, "verifier.js");
    const text = fs.readFileSync(bundle, "utf8");
    assert.doesNotMatch(text, /node:|from\s*["']|\brequire\(|\bprocess\.|\bBuffer\b/);
    const { verifyFiles } = (await import(pathToFileURL(bundle).href)) as {
      verifyFiles: (
        bytesOf: (path: string) => Promise<Uint8Array>,
        table: Uint8Array,
      ) => Promise<{ verdict: { ok: boolean }; steps: number; proofDigest: string }>;
    };
    const table = new Uint8Array(
      fs.readFileSync(path.join(packed.installed, "data/generators.bin")),
    );
    const bytesOf = (name: string) =>
      Promise.resolve(new Uint8Array(fs.readFileSync(path.join(run, "public", name))));
    const { verdict, steps, proofDigest } = await verifyFiles(bytesOf, table);
    const here = await verify(run);
    assert.deepEqual(
      { ...verdict, steps, proofDigest },
      {
        ok: true,
        steps: here.steps,
        proofDigest: here.proofDigest,
      },
    );
    const damaged = async (name: string) => {
      const bytes = await bytesOf(name);
      if (name.endsWith("proof.bin")) bytes[100]! ^= 1;
      return bytes;
    };
    await assert.rejects(verifyFiles(damaged, table), /proof\.bin.*SHA-256/);
  });
});
