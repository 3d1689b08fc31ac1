/**
 * The versions of Node that this package runs on: those whose HTTP agents know the proxy variables.
 *
 * @see https://nodejs.org/api/http.html#built-in-proxy-support
 */

/** In words. */
export const NODE_RANGE = "Node.js 22.21 or a later 22, or 24.5 or later";

/** Whether a version such as `24.5.0` is one of them. */
export function isNodeSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major === 22) return minor >= 21;
  return major === 24 ? minor >= 5 : major > 24;
}

/**
 * To be called when an entry is loaded.
 *
 * @throws Error in one sentence
 */
export function assertNode(version: string = process.versions.node): void {
  if (isNodeSupported(version)) return;
  throw new Error(
    `pulumi-atlas-secrets needs ${NODE_RANGE}, and this is ${version}: install one from https://nodejs.org.`,
  );
}
