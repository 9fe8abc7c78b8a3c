/**
 * Writes the generated parts of docs/CUDA.md: `node scripts/ci/cudaReport.ts` compiles every kernel for sm_90 and reads the compiler's
 * report and the machine code; needs nvcc, no GPU. What it says of time is arithmetic, not a measurement.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { format, resolveConfig } from "prettier";
import { modelTables } from "./cudaModel.ts";

const root = path.resolve(import.meta.dirname, "../..");
const operations = path.join(root, "native/backend/cuda/operations");
const work = mkdtempSync(path.join(os.tmpdir(), "trainproof-cuda-report-"));

interface Kernel {
  file: string;
  name: string;
  registers: number;
  shared: number;
  stack: number;
  spills: number;
  threads: number;
}

function compile(file: string, output: string): string {
  const args = ["-std=c++20", "-O3", `-I${path.join(root, "native")}`];
  const target = ["-gencode", "arch=compute_90,code=sm_90", "-Xptxas", "-v", "-cubin"];
  const { status, stderr } = spawnSync("nvcc", [...args, ...target, "-o", output, file], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`nvcc failed on ${file}\n${stderr}`);
  return stderr;
}

/** "trainproof::cuda::(anonymous namespace)::fold(FoldBatch)" is fold. */
function shortName(mangled: string): string {
  const full = execFileSync("c++filt", [mangled], { encoding: "utf8" }).trim();
  const plain = full
    .replaceAll("trainproof::cuda::", "")
    .replaceAll("(anonymous namespace)::", "")
    .replace(/^void /, "");
  let depth = 0;
  for (let i = 0; i < plain.length; ++i) {
    if (plain[i] === "<") depth += 1;
    else if (plain[i] === ">") depth -= 1;
    else if (plain[i] === "(" && depth === 0) return plain.slice(0, i);
  }
  return plain;
}

function kernelsOf(file: string): Kernel[] {
  const report = compile(path.join(operations, file), path.join(work, "kernel.cubin"));
  const source = readFileSync(path.join(operations, file), "utf8");
  const threads = Number(/kThreads = (\d+)/.exec(source)?.[1] ?? 32);
  const kernels: Kernel[] = [];
  for (const part of report.split("Compiling entry function '").slice(1)) {
    const number = (pattern: RegExp) => Number(pattern.exec(part)?.[1] ?? 0);
    const name = shortName(part.slice(0, part.indexOf("'")));
    // CUB's own kernels are not ours to tune.
    if (name.startsWith("cub::")) continue;
    kernels.push({
      file,
      name: name.replace(/for_each<(\w+)>/, "$1"),
      registers: number(/Used (\d+) registers/),
      shared: number(/(\d+) bytes smem/),
      stack: number(/(\d+) bytes stack frame/),
      spills: number(/(\d+) bytes spill stores/) + number(/(\d+) bytes spill loads/),
      threads,
    });
  }
  return kernels;
}

/** Resident warps of 64 on an SM: 65,536 registers in units of 256 a warp, 32 blocks, 227 KiB of shared memory. */
function occupancy({ registers, shared, threads }: Kernel): number {
  const warps = threads / 32;
  const registersOfWarp = Math.ceil((registers * 32) / 256) * 256;
  const byRegisters = Math.floor(Math.floor(65_536 / registersOfWarp) / warps);
  const byShared = Math.floor((227 * 1024) / (shared + 1024));
  return Math.min(byRegisters, byShared, 32, Math.floor(64 / warps)) * warps;
}

function kernelTable(): string {
  const files = readdirSync(operations).filter((file) => file.endsWith(".cu"));
  const kernels = files.flatMap(kernelsOf);
  // One row where the variants for integer types are alike.
  const rows = new Map<string, Kernel>();
  for (const kernel of kernels) {
    const key = kernel.name.replace(
      /<(IntegerDigits<)?(unsigned )?(char|short|int|long)>?>/,
      "<T>",
    );
    const known = rows.get(key);
    if (!known || known.registers < kernel.registers) rows.set(key, { ...kernel, name: key });
  }
  const lines = [...rows.values()].map((kernel) => {
    const warps = occupancy(kernel);
    const { name, file, registers, shared, stack, spills, threads } = kernel;
    return `| \`${name}\` | ${file} | ${threads} | ${registers} | ${shared} | ${stack} | ${spills} | ${warps}/64 |`;
  });
  return [
    "| kernel | file | threads | registers | shared, bytes | stack, bytes | spills, bytes | warps an SM |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...lines,
  ].join("\n");
}

/** Instructions of a kernel in a cubin by kind. An instruction is 16 bytes; the low 9 bits of its first word are its code. */
function instructions(cubin: Buffer): Map<string, Map<string, number>> {
  const kinds = new Map([
    [0x024, "IMAD"],
    [0x025, "IMAD.WIDE"],
    [0x027, "IMAD.HI"],
    [0x010, "IADD3"],
    [0x007, "SEL"],
    [0x012, "LOP3"],
  ]);
  const sections = Number(cubin.readBigUInt64LE(40));
  const [size, count, names] = [58, 60, 62].map((at) => cubin.readUInt16LE(at)) as [
    number,
    number,
    number,
  ];
  const field = (section: number, at: number) =>
    Number(cubin.readBigUInt64LE(sections + section * size + at));
  const out = new Map<string, Map<string, number>>();
  for (let section = 0; section < count; ++section) {
    const at = field(names, 24) + cubin.readUInt32LE(sections + section * size);
    const name = cubin.toString("latin1", at, cubin.indexOf(0, at));
    if (!name.startsWith(".text.")) continue;
    const counts = new Map<string, number>();
    const [begin, length] = [field(section, 24), field(section, 32)];
    for (let i = begin; i < begin + length; i += 16) {
      const word = cubin.readBigUInt64LE(i);
      let kind = kinds.get(Number(word & 0x1ffn)) ?? "other";
      // A move that the compiler gives to the multiplier: both factors are the zero register.
      if (kind === "IMAD" && Number((word >> 24n) & 0xffn) === 0xff) kind = "other";
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    out.set(name.slice(6), counts);
  }
  return out;
}

function instructionTable(): string {
  const cubin = path.join(work, "probe.cubin");
  compile(path.join(root, "native/backend/cuda/probe/products.cu"), cubin);
  const kernels = instructions(readFileSync(cubin));
  const of = (name: string, kind: string) => {
    const at = (length: number) => kernels.get(`probe_${name}_${length}`)?.get(kind) ?? 0;
    return (at(5) - at(1)) / 4;
  };
  const kinds = ["IMAD.WIDE", "IMAD.HI", "IMAD", "IADD3", "SEL", "LOP3"];
  const rows: [string, string, number][] = [
    ["product, reduced", "product", 136],
    ["product in a lazy sum (the sum's reduction: 72 more)", "lazy", 64],
    ["sum", "sum", 0],
    ["difference", "difference", 0],
  ];
  return [
    `| one | ${kinds.join(" | ")} | multiplier instructions | ideal |`,
    `| --- |${" ---: |".repeat(kinds.length + 2)}`,
    ...rows.map(([what, name, ideal]) => {
      const counts = kinds.map((kind) => of(name, kind));
      const multiplier = counts[0]! + counts[1]! + counts[2]!;
      const cells = counts.map((x) => String(Math.round(x * 10) / 10));
      return `| ${what} | ${cells.join(" | ")} | ${Math.round(multiplier * 10) / 10} | ${ideal} |`;
    }),
  ].join("\n");
}

const target = path.join(root, "docs/CUDA.md");
let text = readFileSync(target, "utf8");
const parts = { kernels: kernelTable(), instructions: instructionTable(), ...modelTables() };
for (const [name, part] of Object.entries(parts)) {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/CUDA.md has no place for ${name}`);
  text = `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`;
}
writeFileSync(target, await format(text, { ...(await resolveConfig(target)), filepath: target }));
rmSync(work, { recursive: true, force: true });
