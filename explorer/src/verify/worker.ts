/** The worker: takes one VerifyJob, answers as it goes. The page ends it, to cancel or when it is done. */
import "./withoutJit.ts";
import type { Answer, VerifyJob } from "./messages.ts";
import { verifyJob } from "./verifyJob.ts";

const answer = (message: Answer): void => postMessage(message);

addEventListener("message", ({ data }: MessageEvent<VerifyJob>) => {
  verifyJob(data, answer).catch((error: unknown) => {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    answer({ kind: "failed", name, message });
  });
});
