/**
 * Reports of a run as one self-contained HTML page each.
 *
 *     writeFile("report.html", ownReport(readOwnRun("runs/mnist")));                       // secret
 *     writeFile("public.html", publicReport(await readPublicRun("runs/mnist")));           // for everybody
 */
export { ownReport } from "./ownReport.ts";
export { type Plot, type PlotLine, svgPlot } from "./plot.ts";
export { publicReport } from "./publicReport.ts";
