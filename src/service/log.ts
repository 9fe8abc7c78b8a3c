import { type DestinationStream, type Logger, pino } from "pino";
import { printableJson } from "../protocol/index.ts";

export type { Logger } from "pino";

export interface LogOptions {
  /** A service's name, in each line. */
  name: string;
  level?: string;
  /** Texts that must never be in a log: keys, and addresses of nodes, whose paths often are keys. */
  secrets?: readonly string[];
  /** Where lines go; stderr unless said. */
  destination?: DestinationStream;
}

/** Short words would be found everywhere. */
const shortestSecret = 6;

/** What must not be seen of a key, 0x and 64 digits. */
export const secretsOfKey = (key: string | undefined): string[] =>
  key === undefined ? [] : [key.replace(/^0x/i, "")];

/** What must not be seen of endpoints between commas: user, password, path and query of each. */
export function secretsOfUrls(urls: string): string[] {
  return urls.split(",").flatMap((text) => {
    const url = URL.parse(text.trim());
    if (url === null) return [];
    const { username, password, pathname, search } = url;
    return [username, password, pathname.replaceAll(/^\/|\/$/g, ""), search.slice(1)];
  });
}

/** Replaces each secret, however its letters are written. */
export function hiding(secrets: readonly string[]): (text: string) => string {
  const escaped = secrets
    .filter((secret) => secret.length >= shortestSecret)
    .map((secret) => secret.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (escaped.length === 0) return (text) => text;
  const pattern = new RegExp(escaped.join("|"), "gi");
  return (text) => text.replaceAll(pattern, "[hidden]");
}

/**
 * A log of one JSON object a line: time (ISO), level in words, msg, and the facts. Nothing is buffered: what was logged before a kill is
 * there; nothing in it is obeyed by a terminal. No code here logs a secret; should one get into a message nevertheless, the line says [hidden].
 */
export function createLog(options: LogOptions): Logger {
  const { name, level = "info", secrets = [] } = options;
  const hide = hiding(secrets);
  return pino(
    {
      level,
      base: { name, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: (line) => printableJson(hide(line)) },
    },
    options.destination ?? pino.destination({ dest: 2, sync: true }),
  );
}
