import { useCallback, useEffect, useReducer, useRef } from "react";
import type { Answer, Position, RunFacts, Verification, VerifyJob } from "./messages.ts";
import { startWorker } from "./startWorker.ts";

export type VerificationState =
  | { readonly status: "idle" }
  | { readonly status: "running"; readonly run?: RunFacts; readonly at?: Position }
  | { readonly status: "done"; readonly verification: Verification }
  | { readonly status: "failed"; readonly name: string; readonly message: string }
  | { readonly status: "cancelled" };

type Event = Answer | { readonly kind: "started" | "cancelled" };

function next(state: VerificationState, event: Event): VerificationState {
  switch (event.kind) {
    case "started":
      return { status: "running" };
    case "cancelled":
      return state.status === "running" ? { status: "cancelled" } : state;
    case "read":
      return { status: "running", run: event.run };
    case "phase":
      return state.status === "running" ? { ...state, at: event } : state;
    case "done":
      return { status: "done", verification: event.verification };
    case "failed":
      return { status: "failed", name: event.name, message: event.message };
  }
}

/** One verification at a time, in a thread that ends with it, with `cancel`, or with the component. */
export function useVerification() {
  const [state, dispatch] = useReducer(next, { status: "idle" });
  const worker = useRef<{ stop(): void }>(undefined);
  const stop = useCallback(() => {
    worker.current?.stop();
    worker.current = undefined;
  }, []);
  useEffect(() => stop, [stop]);
  const start = useCallback(
    (job: Omit<VerifyJob, "generators">) => {
      stop();
      dispatch({ kind: "started" });
      worker.current = startWorker(job, dispatch);
    },
    [stop],
  );
  const cancel = useCallback(() => {
    stop();
    dispatch({ kind: "cancelled" });
  }, [stop]);
  return { state, start, cancel };
}
