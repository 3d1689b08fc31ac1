/** Tells this machine from others: only here may a request go without TLS, and never through a proxy. */

/** Whether a host name, as `URL` gives it, means this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
