import { duration } from "../ui/text.tsx";
import { PHASE_NAMES } from "./checkNames.ts";

/** Where the time went. */
export function Timings({
  phases,
  total,
}: {
  phases: Readonly<Record<string, number>>;
  total: number;
}) {
  const longest = Math.max(...Object.values(phases), 1);
  return (
    <details>
      <summary>Time by phase, {duration(total)} in all</summary>
      <table className="timings">
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col">Time</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {Object.entries(phases).map(([phase, milliseconds]) => (
            <tr key={phase}>
              <th scope="row">{PHASE_NAMES[phase] ?? phase}</th>
              <td className="number">{duration(milliseconds)}</td>
              <td>
                <svg
                  className="bar"
                  viewBox="0 0 100 6"
                  preserveAspectRatio="none"
                  aria-hidden="true"
                >
                  <rect width={(100 * milliseconds) / longest} height="6" />
                </svg>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
