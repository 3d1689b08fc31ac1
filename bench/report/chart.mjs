/** The ratios of a run as bars, in SVG: a panel for each size, a row for each phase, a bar for each kind of resource. */

const COLORS = { single: "#4269d0", set: "#ff8c42" };
const BAR = 9;
const ROW = 30;
const LABELS = 110;
const WIDTH = 720;
const TITLE = 34;
/** Room for the figure behind the longest bar. */
const FIGURE = 44;

/** @param sizes for each number of secrets the phases, each with the ratio of each kind */
export function toChart(sizes) {
  const panels = Object.entries(sizes);
  const all = panels.flatMap(([, { phases }]) => Object.values(phases).flatMap(({ kinds }) => Object.values(kinds)));
  const most = Math.max(1, ...all.map(({ ratio }) => ratio.median));
  const toX = (ratio) => LABELS + (ratio / most) * (WIDTH - LABELS - FIGURE);
  let y = 30;
  const parts = [legend()];
  for (const [size, { phases }] of panels) {
    parts.push(text(0, y + 14, `${size} secret${size === "1" ? "" : "s"}`, "title"));
    y += TITLE;
    const top = y - 8;
    for (const [phase, { kinds }] of Object.entries(phases)) {
      parts.push(text(0, y + BAR + 2, phase));
      Object.entries(kinds).forEach(([kind, { ratio }], index) => {
        const at = y + index * (BAR + 2) - 2;
        const width = Math.max(1, toX(ratio.median) - LABELS);
        parts.push(
          `<rect x="${LABELS}" y="${at}" width="${width.toFixed(1)}" height="${BAR}" fill="${COLORS[kind]}"/>`,
        );
        parts.push(text(LABELS + width + 4, at + BAR - 1, ratio.median.toFixed(2), "figure"));
      });
      y += ROW;
    }
    const x = toX(1).toFixed(1);
    parts.push(`<line x1="${x}" x2="${x}" y1="${top}" y2="${y - 6}" class="floor"/>`);
    y += 12;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="Time of each phase as a multiple of the floor">`,
    "<style>text { font: 12px sans-serif; fill: #333 } .title { font-weight: bold } .figure { font-size: 10px } .floor { stroke: #888; stroke-dasharray: 3 3 } @media (prefers-color-scheme: dark) { text { fill: #ccc } }</style>",
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function legend() {
  const words = { single: "single resources", set: "one set" };
  const entries = Object.entries(words).map(
    ([kind, word], index) =>
      `<rect x="${LABELS + index * 140}" y="6" width="${BAR}" height="${BAR}" fill="${COLORS[kind]}"/>${text(LABELS + index * 140 + 14, 14, word)}`,
  );
  return `${entries.join("")}${text(LABELS + 280, 14, "dashed: the floor, 1.00")}`;
}

function text(x, y, words, className) {
  return `<text x="${x.toFixed(1)}" y="${y}"${className ? ` class="${className}"` : ""}>${words}</text>`;
}
