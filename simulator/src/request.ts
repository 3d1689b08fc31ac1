/** A request as the rules see it, and where it goes. */
import type { IncomingHttpHeaders } from "node:http";
import type { Level, Operation } from "./types.js";

export interface ApiRequest {
  readonly method: string;
  /** Path with query, as sent. */
  readonly target: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly remoteAddress: string;
}

/** Where a request goes. */
export interface Route {
  readonly operation: Operation;
  readonly level?: Level;
  readonly ownerId?: string;
  readonly clientId?: string;
  readonly secretId?: string;
}

/** Whether a call changes something. */
export function isWrite(operation: Operation): boolean {
  return operation === "createSecret" || operation === "deleteSecret";
}

const BASE = "/api/atlas/v2";

/** Finds the operation of a method and path; `unknown` when the contract's slice has none. */
export function toRoute(method: string, path: string): Route {
  if (path === "/api/oauth/token") return { operation: method === "POST" ? "mint" : "unknown" };
  if (path === "/api/oauth/revoke") return { operation: method === "POST" ? "revoke" : "unknown" };
  const [, owners, ownerId, accounts, clientId, secrets, secretId, ...rest] = path.startsWith(`${BASE}/`)
    ? path.slice(BASE.length).split("/")
    : [];
  if ((owners !== "groups" && owners !== "orgs") || !ownerId || accounts !== "serviceAccounts" || rest.length > 0) {
    return { operation: "unknown" };
  }
  const level: Level = owners === "groups" ? "project" : "organization";
  if (clientId === undefined) return { operation: method === "GET" ? "listAccounts" : "unknown", level, ownerId };
  const account = { level, ownerId, clientId };
  if (secrets === undefined) return { operation: method === "GET" ? "getAccount" : "unknown", ...account };
  if (secrets !== "secrets") return { operation: "unknown" };
  if (secretId === undefined) return { operation: method === "POST" ? "createSecret" : "unknown", ...account };
  return { operation: method === "DELETE" ? "deleteSecret" : "unknown", ...account, secretId };
}
