/** What several measurements of the same say together. */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** @param {readonly number[]} values */
export function spread(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** @param {{ median: number, min: number, max: number }} found */
export function describeSpread({ median: middle, min, max }) {
  return `${middle.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

/** How often each operation was requested. */
export function countRequests(requests) {
  const counts = {};
  for (const { operation } of requests) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

/** @param {Readonly<Record<string, number>>} counts */
export function describeCounts(counts) {
  return Object.entries(counts)
    .map(([operation, count]) => `${count} ${operation}`)
    .join(", ");
}
