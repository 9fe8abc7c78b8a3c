import { type ReactNode, useEffect, useRef } from "react";
import { Foreign } from "./text.tsx";

/** A page: its title goes to the tab, and to whoever listens instead of looking. */
export function Page({
  title,
  intro,
  children,
}: {
  title: string;
  intro?: ReactNode;
  children: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Trainproof`;
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [title]);
  return (
    <main id="content">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {intro !== undefined && <p className="intro">{intro}</p>}
      {children}
    </main>
  );
}

/** What is shown while something is read, and where that failed. */
export function Pending({ error, what }: { error: Error | null; what: string }) {
  if (error === null)
    return (
      <p role="status" className="quiet">
        Reading {what} …
      </p>
    );
  return (
    <div role="alert" className="note bad">
      <p>
        <strong>Could not read {what}.</strong> <Foreign text={error.message} />
      </p>
    </div>
  );
}
