/**
 * The versions that the set-up asks for, and how two versions compare. What is built stands in `go/pulumi/go.mod` as well; a test
 * compares the two.
 */

/**
 * What is built: the newest one of the Go modules. `@pulumi/pulumi` on npm can be ahead of it, since its releases do not wait for
 * them. What is downloaded stands in pulumi-release.json, beside its checksums.
 */
export const PULUMI_VERSION = "3.274.1";

/** What a `pulumi` on PATH needs at least. @see docs/guides/start.md */
export const PULUMI_MINIMUM = "3.249.0";

/** What the modules of the CLI need. @see `go` line of https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/go.mod */
export const GO_MINIMUM = "1.26.6";

/** What the Python SDK needs. By `Requires-Python` of its package pulumi 3.272.0. */
export const PYTHON_MINIMUM = "3.10.0";

/** Major version of Node from which on the running one is used instead of the one from npm. */
export const NODE_MINIMUM = "24.5.0";

/**
 * Returns the first version in a text such as `go version go1.26.8 linux/amd64`, or undefined.
 * @param {string} text
 */
export function parseVersion(text) {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return found === null ? undefined : `${found[1]}.${found[2]}.${found[3] ?? 0}`;
}

/**
 * Decides whether version `found` is `minimum` or later. Both are `major.minor.patch`.
 * @param {string} found @param {string} minimum
 */
export function isAtLeast(found, minimum) {
  const [left, right] = [found, minimum].map((version) => version.split(".").map(Number));
  const place = left.findIndex((number, index) => number !== right[index]);
  return place === -1 || left[place] > right[place];
}
