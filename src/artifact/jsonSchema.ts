import { z } from "zod";
import { PlanSchema } from "./planSchema.ts";

/** The JSON Schema of the plan file, as schema/plan.schema.json holds it: for editors. */
export function planJsonSchema(): string {
  const schema = z.toJSONSchema(PlanSchema, { io: "input" });
  return `${JSON.stringify({ ...schema, title: "Trainproof plan" }, null, 2)}\n`;
}
