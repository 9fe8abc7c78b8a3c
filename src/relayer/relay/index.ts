export { type OwnVerdicts, type RelayPlan } from "./context.ts";
export { relay, type RelayOptions, type RelaySummary } from "./relay.ts";
