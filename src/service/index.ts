export { Health, type HealthReport } from "./health.ts";
export {
  createLog,
  hiding,
  type Logger,
  type LogOptions,
  secretsOfKey,
  secretsOfUrls,
} from "./log.ts";
export { pauseFor, repeat, type RepeatOptions } from "./repeat.ts";
export { secondsSince } from "./time.ts";
export { PortError, startStatusServer, type StatusServer } from "./statusServer.ts";
