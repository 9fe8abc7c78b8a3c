import type { ReactNode } from "react";

const TONES: Record<string, string> = { valid: "good", invalid: "bad", conflict: "bad" };

/** A state: in words, and in a colour that says nothing more. */
export const Badge = ({ state, children }: { state: string; children: ReactNode }) => (
  <span className={`badge ${TONES[state] ?? "plain"}`}>{children}</span>
);
