import { Component, type ReactNode } from "react";
import { Foreign } from "./text.tsx";

/** What went wrong in drawing a page stays on that page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <main id="content">
        <h1>This page has failed</h1>
        <p role="alert">
          <Foreign text={error.message} />
        </p>
        <p>
          <a href="#/">Back to the claims</a>
        </p>
      </main>
    );
  }
}
