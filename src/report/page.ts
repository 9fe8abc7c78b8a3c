import { COLOURS, escape, type Plot, type PlotLine, svgPlot } from "./plot.ts";

/** HTML that is known to be well formed; everything else goes through escape(). */
export type Html = string;

/** A cell that is no text. */
export interface Cell {
  readonly html: Html;
}

export const code = (text: string): Cell => ({ html: `<code>${escape(text)}</code>` });

const cell = (content: string | Cell): Html =>
  typeof content === "string" ? escape(content) : content.html;

export const section = (id: string, heading: string, ...content: readonly Html[]): Html =>
  [
    `<section aria-labelledby="${id}">`,
    `<h2 id="${id}">${escape(heading)}</h2>`,
    ...content,
    "</section>",
  ].join("\n");

export const paragraph = (text: string): Html => `<p>${escape(text)}</p>`;

export const list = (items: readonly (string | Cell)[]): Html =>
  `<ul>${items.map((item) => `<li>${cell(item)}</li>`).join("")}</ul>`;

/** Names and their values. */
export const facts = (rows: readonly (readonly [name: string, value: string | Cell])[]): Html =>
  `<dl>${rows.map(([name, value]) => `<div><dt>${escape(name)}</dt><dd>${cell(value)}</dd></div>`).join("\n")}</dl>`;

/** A table whose first column names the row; the others are numbers. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | Cell)[])[],
): Html {
  const names = head.map((name) => `<th scope="col">${escape(name)}</th>`).join("");
  const body = rows.map(
    ([first = "", ...rest]) =>
      `<tr><th scope="row">${cell(first)}</th>${rest.map((value) => `<td>${cell(value)}</td>`).join("")}</tr>`,
  );
  // What scrolls can be reached by keyboard.
  return [
    `<div class="scroll" tabindex="0" role="region" aria-label="${escape(caption)}">`,
    `<table><caption>${escape(caption)}</caption>`,
    `<thead><tr>${names}</tr></thead>`,
    `<tbody>${body.join("\n")}</tbody></table></div>`,
  ].join("\n");
}

/** Hidden until it is asked for. */
export const details = (summary: string, content: Html): Html =>
  `<details><summary>${escape(summary)}</summary>${content}</details>`;

/** A plot of a page, with its legend above where it has several lines, and a sentence that says what it shows. */
export function figure(plot: Omit<Plot, "style">, caption: string): Html {
  const entry = ({ name, faint, colour }: PlotLine, i: number) =>
    `<li><svg viewBox="0 0 22 8" class="plot swatch" aria-hidden="true" focusable="false"><path class="c${(colour ?? i) % COLOURS.length}${faint === true ? " faint" : ""}" d="M0 4h22"/></svg>${escape(name)}</li>`;
  const legend =
    plot.lines.length > 1 ? `<ul class="legend">${plot.lines.map(entry).join("")}</ul>` : "";
  const svg = svgPlot({ ...plot, style: "page" });
  return `<figure>${legend}${svg}<figcaption>${escape(caption)}</figcaption></figure>`;
}

/** Horizontal bars: a name, a share from 0 to 1, and the value in words. */
export function bars(
  caption: string,
  rows: readonly { name: string; share: number; value: string; warn?: boolean }[],
): Html {
  const row = (one: (typeof rows)[number]) => {
    const width = Math.max(0.3, Math.min(100, 100 * one.share)).toFixed(1);
    return [
      `<tr><th scope="row">${escape(one.name)}</th>`,
      `<td class="bar"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="8"/><rect class="${one.warn === true ? "warn" : "fill"}" width="${width}" height="8"/></svg></td>`,
      `<td>${escape(one.value)}</td></tr>`,
    ].join("");
  };
  return [
    `<table class="bars"><caption>${escape(caption)}</caption>`,
    `<thead class="hidden"><tr><th scope="col">Name</th><th scope="col">Share</th><th scope="col">Value</th></tr></thead>`,
    `<tbody>${rows.map(row).join("\n")}</tbody></table>`,
  ].join("\n");
}

/** Lighter ones for dark ground. */
const DARK = ["#56b4e9", "#f0893e", "#35c79b", "#e39ac4"];

const STYLE = `
:root{color-scheme:light dark;--ground:light-dark(#f6f7f6,#111614);--card:light-dark(#fff,#1a211e);--ink:light-dark(#17201c,#e6ece9);--soft:light-dark(#55625c,#a3b0aa);--line:light-dark(#d5ddd9,#33403a);--accent:light-dark(#0b6b57,#5fd3b4);--warn:light-dark(#a33a00,#ffab73);--warn-ground:light-dark(#fdf0e4,#33230f);--good-ground:light-dark(#e3f4e8,#12301d);
${COLOURS.map((colour, i) => `--c${i}:light-dark(${colour},${DARK[i]!})`).join(";")};
font:1rem/1.55 system-ui,"Segoe UI","Noto Sans","DejaVu Sans",sans-serif}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink)}
main,header,footer{max-width:76rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:0 0 .8rem}
.lead{color:var(--soft);margin:.2rem 0 1rem}
.notice{border-left:4px solid var(--warn);background:var(--warn-ground);padding:.7rem 1rem;border-radius:0 8px 8px 0;margin:1rem 0}
.notice.public{border-color:var(--accent);background:var(--good-ground)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.8rem;margin:1.2rem 0;padding:0;list-style:none}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.7rem .9rem}
.tiles b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums;line-height:1.3}
.tiles span{color:var(--soft);font-size:.88rem}
section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.1rem 1.25rem;margin:0 0 1.1rem}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1.1rem;margin-bottom:1.1rem}
.two>section{margin:0}
figure{margin:0 auto;max-width:44rem}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:0 0 .5rem;padding:0;font-size:.9rem}
.legend li{display:flex;align-items:center;gap:.45rem}
svg.plot.swatch{width:1.5rem;height:.55rem}
figcaption{color:var(--soft);font-size:.9rem}
svg.plot{display:block;width:100%;height:auto;font-size:14px;font-family:inherit;fill:var(--ink);overflow:visible}
svg.plot path{stroke-width:2;fill:none}
svg.plot path.grid{stroke:var(--line);stroke-width:1}
svg.plot path.frame{stroke:var(--soft);stroke-width:1}
svg.plot .faint{opacity:.35;stroke-width:1}
${COLOURS.map((_, i) => `svg.plot path.c${i}{stroke:var(--c${i})}svg.plot circle.c${i}{fill:var(--c${i})}`).join("")}
dl{margin:0;display:grid;gap:.35rem}
dl>div{display:grid;grid-template-columns:minmax(8rem,12rem) 1fr;gap:.2rem 1rem}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
code{font:.9em ui-monospace,"Cascadia Mono","DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
.scroll:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.95rem}
caption{text-align:left;color:var(--soft);padding-bottom:.4rem}
th,td{padding:.28rem .6rem .28rem 0;text-align:right;border-top:1px solid var(--line);white-space:nowrap}
th:first-child{text-align:left;font-weight:normal}
thead th{font-weight:600;border-top:0;color:var(--soft)}
tr>*:last-child{padding-right:0}
.bars td.bar{width:55%;padding-right:.9rem}
.bars svg{display:block;width:100%;height:.7rem;border-radius:4px}
.bars .track{fill:var(--line)}.bars .fill{fill:var(--c0)}.bars .warn{fill:var(--c1)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
section>details:only-child{margin:0}
details{margin-top:.8rem}
summary{cursor:pointer;color:var(--accent)}
ul{margin:.3rem 0;padding-left:1.2rem}
.tag{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:0 .6rem;font-size:.85rem;margin-bottom:.6rem}
.tag.secret{color:var(--warn)}.tag.public{color:var(--accent)}
footer{color:var(--soft);font-size:.9rem;padding-bottom:2.5rem}
@media (max-width:34rem){dl>div{grid-template-columns:1fr;gap:0;margin-bottom:.35rem}section{padding:.9rem 1rem}main,header,footer{padding-left:.8rem;padding-right:.8rem}svg.plot{font-size:19px}.bars td.bar{width:34%}.bars th{white-space:normal}h1{font-size:1.5rem}.tiles{grid-template-columns:1fr 1fr}}
@media print{section{break-inside:avoid}}
`;

/** One self-contained page: it asks for nothing, runs nothing, and is refused everything by its own policy. */
export function document(title: string, header: Html, main: Html, footer: Html): Html {
  return [
    "<!doctype html>",
    `<html lang="en">`,
    "<head>",
    `<meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<meta name="referrer" content="no-referrer">`,
    `<title>${escape(title)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    `<header>${header}</header>`,
    `<main>${main}</main>`,
    `<footer>${footer}</footer>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** A figure that is looked at first. */
export type Tile = readonly [value: string, name: string];

export const tiles = (items: readonly Tile[]): Html =>
  `<ul class="tiles">${items.map(([value, name]) => `<li><b>${escape(value)}</b><span>${escape(name)}</span></li>`).join("")}</ul>`;
