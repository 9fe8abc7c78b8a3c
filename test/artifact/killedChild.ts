/** Trains a stand-in run in argv[2] and kills itself with SIGKILL at writing call number argv[3]. */
import fs from "node:fs";
import { createRun, openRun } from "../../src/artifact/index.ts";
import { failingFiles } from "./failingFiles.ts";
import { config, finish } from "./runs.ts";

const [folder, at] = [process.argv[2]!, Number(process.argv[3])];
const die = () => process.kill(process.pid, "SIGKILL");
const { files } = failingFiles(at, { kind: "crash", die });
finish(fs.existsSync(folder) ? openRun(folder, files) : createRun({ folder, config, files }));
