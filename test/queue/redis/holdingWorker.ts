/** A worker that takes a job and keeps it: it lives, and never answers. */
import { answerWith } from "./workerScript.ts";

await answerWith(() => new Promise<never>(() => setInterval(() => undefined, 60_000)));
