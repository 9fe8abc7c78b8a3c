/**
 * Opens the data set that argv[2] describes (JSON, DatasetOptions), reads every sample once in order and 100,000 of them in a
 * pseudo-random order, and prints the count, a checksum of either, and the most memory that this process ever had, and one that it
 * started, in MiB.
 */
import fs from "node:fs";
import { type DatasetOptions, openDataset } from "../../src/dataset/index.ts";

/** The most memory that a process has had since its program began, in KiB. (Its maxRSS counts what it was forked from, too.) */
const peakOf = (process: string) => {
  const status = fs.readFileSync(`/proc/${process}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN);
};

/** Peak memory of the processes that this one started, while they run. */
let childPeak = 0;
const timer = setInterval(() => {
  for (const child of fs
    .readFileSync(`/proc/self/task/${process.pid}/children`, "utf8")
    .split(" ")) {
    if (child === "") continue;
    try {
      childPeak = Math.max(childPeak, peakOf(child) || 0); // a zombie has none
    } catch {
      // It has ended.
    }
  }
}, 20);

const data = await openDataset(JSON.parse(process.argv[2]!) as DatasetOptions);
const width = data.featureCount + data.labelCount;
clearInterval(timer);
let [ordered, shuffled] = [0, 0];
for (let first = 0; first < data.count; first += 1000) {
  const size = Math.min(1000, data.count - first);
  const rows = data.rows(Array.from({ length: size }, (_, i) => first + i));
  for (let i = 0; i < size; i++) ordered = (ordered + rows[i * width]! * (first + i + 1)) % 1e9;
}
const indices = Array.from({ length: 100_000 }, (_, i) => (i * 611_953) % data.count);
for (let first = 0; first < indices.length; first += 1000) {
  const some = indices.slice(first, first + 1000);
  const rows = data.rows(some);
  some.forEach((index, i) => (shuffled = (shuffled + rows[i * width]! * (index + 1)) % 1e9));
}
data.close();
const peak = Math.round(peakOf("self") / 1024);
childPeak = Math.round(childPeak / 1024);
process.stdout.write(JSON.stringify({ count: data.count, ordered, shuffled, peak, childPeak }));
