export interface RepeatOptions {
  /** Milliseconds between the end of one call and the next. */
  interval: number;
  /** The longest pause after failures, each of which doubles it; in milliseconds. */
  longest: number;
  /** Ends the repetition after the call that is at work. */
  signal: AbortSignal;
  onError: (error: unknown, pause: number) => void;
}

/** Calls an action again and again until the signal aborts or the action returns false; an error is no end, it makes the pauses longer. */
export async function repeat(
  action: () => Promise<boolean | void>,
  { interval, longest, signal, onError }: RepeatOptions,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    let pause = interval;
    try {
      if ((await action()) === false) return;
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      pause = Math.min(longest, Math.max(interval, 250) * 2 ** Math.min(failures++, 20));
      onError(error, pause);
    }
    await pauseFor(pause, signal);
  }
}

/** Resolves after so many milliseconds, or when the signal aborts. */
export function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
  });
}
