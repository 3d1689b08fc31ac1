/** Tells this machine from others: only to it may a request go without TLS, and never through a proxy. */

/** Whether a host name, as `URL` gives it, means this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Whether a request to this URL may carry a credential: https, or http to this machine, and no user name or password of its
 * own. A text that is not a URL may not.
 */
export function mayCarryCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  if (username || password) return false;
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}
