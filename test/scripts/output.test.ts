import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { places } from "../../scripts/completion/places.ts";
import { outputJsonSchema, outputs } from "../../scripts/output/verbs.ts";
import { program } from "../../scripts/trainproof.ts";
import { checkOutput, definitionOf, outputFault, WITHOUT_SCHEMA } from "../e2e/outputSchema.ts";
import { runVerb } from "../e2e/verbs.ts";

const root = path.resolve(import.meta.dirname, "../..");
const hex = (byte: string) => `0x${byte.repeat(32)}`;
const failure = { ok: false, error: "x", code: "NOT_FOUND", exitCode: 4 };
const drawn = { planId: hex("ab"), seed: hex("cd"), alreadyDrawn: true };

describe("what verbs print with --json", function () {
  this.timeout(60_000);

  it("schema/output.schema.json is what the code says", () => {
    const file = path.join(root, "schema/output.schema.json");
    if (process.env["UPDATE_SCHEMA"]) fs.writeFileSync(file, outputJsonSchema());
    assert.deepEqual(
      JSON.parse(fs.readFileSync(file, "utf8")),
      JSON.parse(outputJsonSchema()),
      "run UPDATE_SCHEMA=1 npx mocha test/scripts/output.test.ts, then npm run format",
    );
  });

  it("has a schema for every verb that takes --json and does something itself", () => {
    const groups = new Set(["dispute", "record", "bench"]);
    const verbs = places(program)
      .filter(({ path: where, options }) => {
        const takes = options.some(({ flags }) => flags.includes("--json"));
        return takes && !groups.has(where);
      })
      .map(({ path: where }) => where);
    const expected = [...Object.keys(outputs), ...Object.keys(WITHOUT_SCHEMA)];
    assert.deepEqual(verbs.sort(), expected.sort());
  });

  it("a verb's own output and a failure are taken", () => {
    assert.equal(outputFault(["draw", "announced"], JSON.stringify(drawn)), undefined);
    assert.equal(outputFault(["draw", "announced"], JSON.stringify(failure)), undefined);
    assert.equal(definitionOf(["query", "status", "0x"]), "query-status");
    assert.equal(definitionOf(["query", "0x"]), "query");
  });

  const wrong: [string, string[], unknown][] = [
    ["a field too many", ["draw"], { ...drawn, more: 1 }],
    ["a field too few", ["draw"], { planId: hex("ab"), alreadyDrawn: true }],
    ["capitals in a digest", ["draw"], { ...drawn, seed: hex("CD") }],
    ["a number where a decimal string belongs", ["draw"], { ...drawn, gasUsed: 5 }],
    ["another verb's output", ["verify"], drawn],
    ["a verdict without its check", ["verify"], { ok: false, reason: "x" }],
    ["a failure without a code", ["verify"], { ok: false, error: "x", exitCode: 1 }],
    ["a failure with an unknown code", ["verify"], { ...failure, code: "OOPS" }],
    ["a failure with exit code 0", ["verify"], { ...failure, exitCode: 0 }],
    ["a verb that the schema does not know", ["frobnicate"], {}],
  ];
  for (const [what, args, output] of wrong) {
    it(`${what} is refused`, () => {
      assert.notEqual(outputFault(args, JSON.stringify(output)), undefined);
      assert.throws(() => checkOutput([...args, "--json"], JSON.stringify(output)));
    });
  }

  it("completion --json, doctor --json and a failure, as real runs print them", async () => {
    const ok = await runVerb(["completion", "fish", "--json"]);
    assert.equal(ok.code, 0);
    assert.match(ok.stdout, /complete -c trainproof/);
    const failed = await runVerb(["verify", "nowhere", "--json"]);
    assert.equal(failed.code, 4);
    assert.match(failed.stdout, /"code": "FILES_NOT_FOUND"/);
  });
});
