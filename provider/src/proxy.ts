/**
 * Which proxy a request over TLS takes, by the variables as Go and curl read them. Decided here, because Node's agent passes over
 * what it does not understand, so that the request would go past a proxy that it must take. No text repeats a variable: it may
 * hold a password.
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy
 * @see https://curl.se/docs/manpage.html#ENVIRONMENT
 */
import { BlockList, isIP } from "node:net";
import { isLoopback } from "./loopback.js";

/** The first that is set counts; Go alone knows no `ALL_PROXY`. */
const PROXY_VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] as const;

type Env = Readonly<Record<string, string | undefined>>;

/** The proxy's URL, or why the one that is set cannot be used. Neither: none is taken. */
export interface ProxyChoice {
  readonly proxy?: string;
  readonly problem?: string;
}

/** Finds the proxy for a URL of `https:`; to this machine none is taken. */
export function findProxy(target: URL, env: Env): ProxyChoice {
  const name = PROXY_VARIABLES.find((variable) => env[variable]?.trim());
  const exempt = env.no_proxy ? "no_proxy" : "NO_PROXY";
  if (name === undefined || isLoopback(target.hostname) || isExempt(target, env[exempt] ?? "")) return {};
  const url = parseProxy(env[name]?.trim() ?? "");
  const instead = `Name one in https_proxy, or list ${target.hostname} in ${exempt} to use none.`;
  if (!url) {
    const escaping = "where characters other than letters and digits are percent-encoded in a user name and password";
    return { problem: `${name} is not the URL of a proxy (http://host:port, ${escaping}). ${instead}` };
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return { problem: `${name} is a ${url.protocol}// proxy; only http:// and https:// can be used. ${instead}` };
  }
  if ((url.username || url.password) && env.NODE_DEBUG) {
    return { problem: `${name} holds a credential, which NODE_DEBUG would print: unset NODE_DEBUG.` };
  }
  return { proxy: url.href };
}

function parseProxy(text: string): URL | undefined {
  try {
    const url = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`);
    decodeURIComponent(url.username + url.password); // As the agent does, which throws with the text.
    return url;
  } catch {
    return undefined;
  }
}

/** Whether a list names a host: `*` is all, a name also those below it, `.name` and `*.name` only those; ports are optional. */
function isExempt({ hostname, port }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === "*") return true;
      const [, bracketed, plain = entry, itsPort = ""] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
      if (itsPort !== "" && itsPort !== (port || "443")) return false;
      if (isIP(host)) return isInRange(host, bracketed ?? plain);
      const name = plain.replace(/^\*(?=\.)/, "");
      return name.startsWith(".") ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
    });
}

/** Whether an address is the given one, or in the range that is given by its first one (`10.0.0.0/8`). */
function isInRange(address: string, range: string): boolean {
  const [first = "", bits] = range.split("/");
  const toFamily = (text: string) => (isIP(text) === 4 ? "ipv4" : "ipv6");
  const given = new BlockList();
  try {
    if (bits === undefined) given.addAddress(first, toFamily(first));
    else given.addSubnet(first, /^\d+$/.test(bits) ? Number(bits) : Number.NaN, toFamily(first));
  } catch {
    return false; // A name.
  }
  return given.check(address, toFamily(address));
}
