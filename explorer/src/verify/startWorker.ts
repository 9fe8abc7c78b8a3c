import generatorsUrl from "../../../data/generators.bin?url";
import workerUrl from "./worker.ts?worker&url";
import type { Answer, VerifyJob } from "./messages.ts";

/** The verifier's code, and its table, as absolute addresses of this site. */
export const verifierUrl = new URL(workerUrl, import.meta.url);
const tableUrl = new URL(generatorsUrl, import.meta.url).href;

/** The policy lets one script address become a worker, and no text become a script or a document. */
const trusted = (
  globalThis as {
    trustedTypes?: {
      createPolicy(
        name: string,
        rules: { createScriptURL(url: string): string },
      ): { createScriptURL(url: string): string };
    };
  }
).trustedTypes?.createPolicy("trainproof-worker", {
  createScriptURL: (url) => {
    if (url === verifierUrl.href) return url;
    throw new TypeError("only the verifier runs as a worker");
  },
});

/** Starts a verification; `stop` ends the thread at once, wherever it is. */
export function startWorker(
  job: Omit<VerifyJob, "generators">,
  onAnswer: (answer: Answer) => void,
): { stop(): void } {
  const url = trusted?.createScriptURL(verifierUrl.href) ?? verifierUrl.href;
  const worker = new Worker(url, { type: "module", name: "verifier" });
  const fail = (message: string) => {
    worker.terminate();
    onAnswer({ kind: "failed", name: "WorkerError", message });
  };
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    if (data.kind === "done" || data.kind === "failed") worker.terminate();
    onAnswer(data);
  });
  worker.addEventListener("error", (event) => fail(event.message || "the verifier did not start"));
  worker.addEventListener("messageerror", () => fail("the verifier's answer could not be read"));
  worker.postMessage({ ...job, generators: tableUrl } satisfies VerifyJob);
  return { stop: () => worker.terminate() };
}
