/** Versions as numbers. */

/** Whether a version is not older than another one; what is not a version is older than any. */
export function isAtLeast(version: string, needed: string): boolean {
  const [a, b] = [toNumbers(version), toNumbers(needed)];
  if (!a || !b) return false;
  const different = a.findIndex((number, index) => number !== b[index]);
  return different === -1 || Number(a[different]) > Number(b[different]);
}

/** The version in a line such as `v3.259.0` or `v24.21.0`. */
export function parseVersion(text: string): string | undefined {
  return /(?:^|\s)v?(\d{1,6}\.\d{1,6}\.\d{1,6}[\w.+-]{0,40})/.exec(text)?.[1];
}

function toNumbers(version: string): number[] | undefined {
  return /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
}
