import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as viem from "viem";
import type { Hex } from "viem";
import * as sdk from "../../src/registry/index.ts";
import { answered, startExampleChain, type ExampleChain } from "./exampleChain.ts";

const folder = path.resolve(import.meta.dirname, "../../src/registry");

/** What stands after @example above an exported name, by that name. */
function examples(): Map<string, string> {
  const found = new Map<string, string>();
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    const text = readFileSync(path.join(folder, file), "utf8");
    const pattern =
      / \* @example\n((?: \*.*\n)+?) \*\/\nexport (?:async )?(?:function|const) (\w+)/g;
    for (const [, block, name] of text.matchAll(pattern))
      found.set(name!, block!.replaceAll(/^ \* ?/gm, "").replaceAll(" as const", ""));
  }
  return found;
}

/** Actions: what has a ReturnType of its name. */
function actions(): string[] {
  const text = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(path.join(folder, name), "utf8"))
    .join("\n");
  return Array.from(text.matchAll(/^export (?:interface|type) (\w+)ReturnType\b/gm), ([, name]) =>
    name!.replace(/^./, (letter) => letter.toLowerCase()),
  );
}

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>;

describe("the examples in the registry's docs", function () {
  this.timeout(120_000);
  const all = examples();
  let chain: ExampleChain;
  before(async () => {
    chain = await startExampleChain();
  });
  after(() => chain.stop());

  it("are there for each action", () => {
    const without = actions().filter((name) => !all.get(name)?.includes(`${name}(`));
    assert.deepEqual(without, []);
    assert.ok(actions().length > 30);
  });

  for (const [name, code] of all) {
    it(`${name} runs as it stands there`, async () => {
      const silent = { log: () => {} };
      const given = await chain.prepare(name);
      const scope: Record<string, unknown> = { ...viem, ...sdk, console: silent, ...given };
      // What an example declares, it declares itself.
      const declared = new Set(
        Array.from(code.matchAll(/(?:const|let) (?:\{([^}]*)\}|(\w+))/g)).flatMap(([, many, one]) =>
          (many ?? one ?? "").split(",").map((part) => part.split(":").at(-1)!.trim()),
        ),
      );
      const names = Object.keys(scope).filter((key) => !declared.has(key));
      await new AsyncFunction(...names, code)(...names.map((key) => scope[key]));
      await answered(chain, name, given as Record<string, Hex>);
    });
  }
});
