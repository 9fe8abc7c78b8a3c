import * as prompts from "@clack/prompts";
import { UsageError } from "../lib/verb.ts";
import type { NamedData } from "./dataFiles.ts";

/** What the questions of `trainproof init` fill in. */
export interface Answers {
  train?: string;
  test?: string;
  labelColumn?: string;
  hidden?: string;
  epochs?: number;
}

/** An answer, or an error where the user left with Ctrl-C. */
function given<T>(answer: T): Exclude<T, symbol> {
  if (prompts.isCancel(answer)) throw new UsageError("left; nothing was written");
  return answer as Exclude<T, symbol>;
}

export const begin = (): void => prompts.intro("A training plan. Enter takes what is proposed.");

export async function askTrain(): Promise<string> {
  return given(
    await prompts.text({
      message:
        "Training data: mnist, a CSV, Parquet, .npz or safetensors file, features.npy,labels.npy (or IDX), or a folder of images",
      placeholder: "mnist",
      defaultValue: "mnist",
    }),
  );
}

export async function askTest(): Promise<string | undefined> {
  const text = given(
    await prompts.text({
      message: "Test data, in the same way; empty for none",
      placeholder: "none",
      defaultValue: "",
    }),
  );
  return text === "" ? undefined : text;
}

/** Which column is the label. */
export async function askLabel({ choice }: NamedData): Promise<string | undefined> {
  if (choice === undefined || choice.columns.length < 2) return undefined;
  const found = String(choice.labelColumn);
  return given(
    await prompts.autocomplete({
      message: "The column to predict",
      initialValue: found,
      options: choice.columns.map((name) => ({ value: name, label: name })),
    }),
  );
}

export async function askHidden(proposed: readonly number[]): Promise<string> {
  const usual = proposed.join(",");
  return given(
    await prompts.text({
      message: "Widths of the hidden layers, between commas",
      placeholder: usual,
      defaultValue: usual,
      validate: (text) =>
        text === undefined || text === "" || /^\d+(\s*,\s*\d+)*$/.test(text)
          ? undefined
          : "Whole numbers between commas, such as 128,64",
    }),
  );
}

export async function askEpochs(proposed: number): Promise<number> {
  const usual = String(Number(proposed.toPrecision(3)));
  const text = given(
    await prompts.text({
      message: "Epochs: how often each sample is used",
      placeholder: usual,
      defaultValue: usual,
      validate: (entered) =>
        entered === undefined || entered === "" || Number(entered) > 0
          ? undefined
          : "A number above 0",
    }),
  );
  return Number(text);
}

export async function confirmWriting(file: string): Promise<boolean> {
  return given(await prompts.confirm({ message: `Write ${file}?` }));
}
