/** Finds the name that a misspelt one is meant for. */

/** A longer one is no misspelt name, and would take its time to compare. */
const MAX_LENGTH = 60;

/** So much of a name may differ. */
const SHARE = 1 / 3;

/** The nearest of `names`; `undefined` when none is near. Case does not count, and a beginning of four letters is near. */
export function findNearest(name: string, names: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const given = name.toLowerCase();
  const measured = names.map((candidate) => {
    const lower = candidate.toLowerCase();
    const isPart = given.length >= 4 && (lower.startsWith(given) || lower.endsWith(given));
    return { candidate, share: isPart ? SHARE : countEdits(given, lower) / Math.max(given.length, lower.length) };
  });
  const [nearest] = measured.sort((a, b) => a.share - b.share);
  return nearest && nearest.share <= SHARE ? nearest.candidate : undefined;
}

/** How many characters must be put in, taken out or changed. @see https://en.wikipedia.org/wiki/Levenshtein_distance */
function countEdits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, changed));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
