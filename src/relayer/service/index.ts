export * from "../../service/index.ts";
export { RelayerMetrics } from "./metrics.ts";
