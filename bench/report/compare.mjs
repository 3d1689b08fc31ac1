/** What became worse from one run to another: ratios, sizes and memory by more than a tenth, requests by any. */

/** Machines are never quite quiet. */
const TOLERANCE = 1.1;

/**
 * @param earlier `sizes` of the run to compare with
 * @param now `sizes` of this one
 * @returns {string[]} a line for each thing that is worse
 */
export function findWorse(earlier, now) {
  const lines = [];
  const note = (what, before, after, tolerance = TOLERANCE) => {
    if (before !== undefined && after > before * tolerance)
      lines.push(`${what}: ${round(before)} before, ${round(after)} now`);
  };
  for (const [size, { phases, peakMegabytes }] of Object.entries(now)) {
    const old = earlier[size];
    if (!old) continue;
    for (const [phase, { kinds }] of Object.entries(phases)) {
      for (const [kind, { ratio, requests = {} }] of Object.entries(kinds)) {
        const before = old.phases[phase]?.kinds[kind];
        const what = `N = ${size}, ${phase}, ${kind}`;
        note(what, before?.ratio.median, ratio.median);
        for (const [operation, count] of Object.entries(requests))
          note(`${what}, ${operation}`, before && (before.requests?.[operation] ?? 0), count, 1);
      }
    }
    for (const [kind, peaks] of Object.entries(peakMegabytes))
      for (const [name, megabytes] of Object.entries(peaks))
        note(`N = ${size}, memory of ${name} in MB, ${kind}`, old.peakMegabytes[kind]?.[name], megabytes);
  }
  return lines;
}

const round = (value) => (Number.isInteger(value) ? `${value}` : value.toFixed(2));
