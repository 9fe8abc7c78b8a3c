import { Foreign, Hex, plural } from "../ui/text.tsx";
import type { RunFacts } from "./messages.ts";

/** What the public configuration says of the training. */
export function RunTable({ run: { config, ...run } }: { run: RunFacts }) {
  const { fixedPoint: f, start } = config;
  const rate = (eta: string) =>
    Number(((Number(eta) * config.batch) / 2 ** (f.R - f.fA - f.fG)).toPrecision(4));
  return (
    <>
      <h3>What was trained</h3>
      <dl className="facts">
        <dt>Name</dt>
        <dd>
          <Foreign text={config.name} />
        </dd>
        <dt>Network</dt>
        <dd>{config.widths.join("–")}, ReLU</dd>
        <dt>Training</dt>
        <dd>
          {plural(config.steps, "step")} of {plural(config.batch, "sample")}, learning rate{" "}
          {rate(config.eta)}
          {(config.etaSchedule ?? []).map(
            ({ fromStep, eta }) => `, from step ${fromStep} on ${rate(eta)}`,
          )}
        </dd>
        <dt>Data set</dt>
        <dd>
          {plural(config.samples, "sample")}, committed as <Hex value={run.dataRoot} />
        </dd>
        <dt>Start</dt>
        <dd>
          {"seed" in start ? (
            <>
              public seed <Hex value={start.seed} />
            </>
          ) : "parent" in start ? (
            <>
              model <Hex value={start.parent.modelCommitment} /> of another run
            </>
          ) : (
            <>
              continued from undisclosed weights <Hex value={start.undisclosed.modelCommitment} />
            </>
          )}
        </dd>
        <dt>Batch order</dt>
        <dd>
          public seed <Hex value={config.scheduleSeed} />
        </dd>
        <dt>Model</dt>
        <dd>
          <Hex value={run.modelCommitment} />
        </dd>
        <dt>Proof digest</dt>
        <dd>
          <Hex value={run.proofDigest} whole />
        </dd>
      </dl>
    </>
  );
}
