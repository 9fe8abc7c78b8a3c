import { useId, useState } from "react";

/** What most would draw: it finds one false segment in a hundred with a probability of 63 %. */
const USUAL = 100;

/** Which proofs to verify: all, or those of so many segments, drawn in this tab. */
export function SampleChoice({
  size,
  onSize,
}: {
  size: number | undefined;
  onSize: (size: number | undefined) => void;
}) {
  const group = useId();
  const [last, setLast] = useState(USUAL);
  const draw = (wanted: number) => {
    if (!(wanted >= 1)) return;
    setLast(Math.floor(wanted));
    onSize(Math.floor(wanted));
  };
  return (
    <fieldset className="sample">
      <legend>Proofs to verify</legend>
      <label>
        <input
          type="radio"
          name={group}
          checked={size === undefined}
          onChange={() => onSize(undefined)}
        />{" "}
        all: only so a run is found valid
      </label>
      <label>
        <input
          type="radio"
          name={group}
          checked={size !== undefined}
          onChange={() => onSize(last)}
        />{" "}
        a random sample, which is evidence and no proof: for long runs
      </label>
      {size !== undefined && (
        <label className="size">
          Segments in the sample{" "}
          <input
            type="number"
            min={1}
            defaultValue={size}
            onChange={({ target }) => draw(target.valueAsNumber)}
            // What is no number of segments is replaced by the last that was.
            onBlur={({ target }) => (target.value = String(size))}
          />
        </label>
      )}
    </fieldset>
  );
}
