import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const file = path.resolve(import.meta.dirname, "../../schema/output.schema.json");
const schema = JSON.parse(fs.readFileSync(file, "utf8")) as { $defs: Record<string, object> };
const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false });
ajv.addSchema(schema, "output");

const validators = new Map<string, ValidateFunction>();
const validator = (name: string): ValidateFunction => {
  const known = validators.get(name) ?? ajv.compile({ $ref: `output#/$defs/${name}` });
  validators.set(name, known);
  return known;
};

/** The definition of a verb's output, from its arguments: "query-status", "prove"; undefined where there is none. */
export function definitionOf(args: readonly string[]): string | undefined {
  const [verb = "", part = ""] = args;
  return [`${verb}-${part}`, verb].find((name) => name in schema.$defs);
}

/** What is wrong with a verb's output; undefined where schema/output.schema.json takes it. */
export function outputFault(args: readonly string[], stdout: string): string | undefined {
  const output = JSON.parse(stdout) as Record<string, unknown>;
  const failed = "exitCode" in output && "error" in output;
  const name = failed ? "failure" : definitionOf(args);
  if (name === undefined) return `schema/output.schema.json has nothing on ${args[0] ?? ""}`;
  const validate = validator(name);
  if (validate(output)) return undefined;
  return `${args.join(" ")}: ${ajv.errorsText(validate.errors)}\n${stdout}`;
}

/** Verbs whose output has no schema, and why. */
export const WITHOUT_SCHEMA: Readonly<Record<string, string>> = {
  "bench epoch": "figures for people and plots; docs/PERFORMANCE.md is made of them",
  "bench scaling": "likewise",
  "bench scale": "likewise, docs/SCALE.md",
  "bench calibrate": "likewise, and data/cost.json",
  "bench all": "likewise",
};

/** Every --json output that a test sees must be what the schema says. */
export function checkOutput(args: readonly string[], stdout: string): void {
  if (!args.includes("--json") || args.includes("--help") || stdout === "") return;
  if (args.slice(0, 2).join(" ") in WITHOUT_SCHEMA && !stdout.includes('"exitCode"')) return;
  assert.equal(outputFault(args, stdout), undefined);
}
