/** How long this machine takes for what the calibrated one did in the unit of time: 2 is half as fast. */
export interface MachineSpeed {
  readonly train: number;
  readonly commit: number;
  readonly prove: number;
}

/** The calibrated machine itself. */
export const SAME_SPEED: MachineSpeed = { train: 1, commit: 1, prove: 1 };

export const DATA_PHASE = "commit samples";

/** Speed from seconds of the same probe there and here. */
export const speedOf = (there: MachineSpeed, here: MachineSpeed): MachineSpeed => ({
  train: here.train / there.train,
  commit: here.commit / there.commit,
  prove: here.prove / there.prove,
});
