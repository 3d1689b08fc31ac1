/**
 * Watches what goes to Atlas and what comes back, between the client and its transport, and keeps of it what a check needs
 * to know: statuses, codes, names, times. No body, no header's value, no secret is kept.
 */
import type { Transport } from "pulumi-atlas-secrets/internal/atlas";
import { findJson, isObject } from "../sources/json.js";
import { type Call, type Comparison, compareWithContract } from "./contract.js";

/** How a field that may be empty stands in an answer. */
export type Presence = "set" | "null" | "absent";

/** What an answer shows of one secret. */
export interface SeenSecret {
  readonly id: string;
  readonly hasMask: boolean;
  readonly lastUsedAt: Presence;
}

/** One request with what became of it. */
export interface Seen extends Comparison {
  readonly call: Call | "other";
  /** Absent without an answer. */
  readonly status?: number;
  /** Why there was none, as Node names it. */
  readonly noAnswer?: string;
  readonly errorCode?: string;
  /** Whether the answer can be Atlas's: JSON, or nothing where nothing is described. */
  readonly isAtlas: boolean;
  /** Milliseconds that this machine's clock is ahead of the server's; absent when it told no time. */
  readonly machineAheadMs?: number;
  /** Names of headers that tell of a rate limit. */
  readonly limitHeaders: readonly string[];
  readonly secrets: readonly SeenSecret[];
  /** Of a list that holds accounts: whether all of them have their `secrets`. */
  readonly listHoldsSecrets?: boolean;
  /** Roles of the account that was asked to be looked for, where the answer shows it. */
  readonly ownRoles?: readonly string[];
}

/** What was seen so far, oldest first. */
export interface Watch {
  readonly transport: Transport;
  readonly seen: readonly Seen[];
}

/** Options of `createWatch`. */
export interface WatchOptions {
  readonly transport: Transport;
  /** Milliseconds since the epoch, of this machine. */
  readonly now: () => number;
  /** Client ids of the accounts whose roles are looked for. */
  readonly clientIds: readonly string[];
}

/** Puts a watch before a transport. */
export function createWatch({ transport, now, clientIds }: WatchOptions): Watch {
  const seen: Seen[] = [];
  return {
    seen,
    transport: async (request) => {
      const outcome = await transport(request);
      // That a token is given back tells nothing of what was asked.
      if (request.url.endsWith("/api/oauth/revoke")) return outcome;
      const call = toCall(request.method, request.url);
      if (outcome.kind !== "answer") {
        seen.push({ call, noAnswer: outcome.cause, isAtlas: false, ...NOTHING });
        return outcome;
      }
      const { status, headers, body, serverTimeMs } = outcome;
      const json = findJson(body);
      seen.push({
        call,
        status,
        isAtlas: isObject(json) || (body === "" && status === 204),
        ...(call === "other" ? NOTHING : compareWithContract(call, status, body)),
        limitHeaders: Object.keys(headers).filter((name) => /^(x-)?rate-?limit|^retry-after$/.test(name)),
        secrets: listSecrets(json),
        ...(call === "listAccounts" && toListFacts(json)),
        ...toErrorCode(json),
        ...(serverTimeMs !== undefined && { machineAheadMs: now() - serverTimeMs }),
        ...toOwnRoles(json, clientIds),
      });
      return outcome;
    },
  };
}

const NOTHING = { limitHeaders: [], secrets: [], deviations: [], unknownFields: [] } as const;

function toCall(method: string, url: string): Call | "other" {
  const { pathname } = new URL(url);
  if (pathname.endsWith("/api/oauth/token")) return "mint";
  if (method === "POST" && pathname.endsWith("/secrets")) return "createSecret";
  if (method === "DELETE" && /\/secrets\/[^/]+$/.test(pathname)) return "deleteSecret";
  if (method !== "GET") return "other";
  if (pathname.endsWith("/serviceAccounts")) return "listAccounts";
  return /\/serviceAccounts\/[^/]+$/.test(pathname) ? "getAccount" : "other";
}

/** A code is the server's text: only what looks like one is kept. */
function toErrorCode(json: unknown): Pick<Seen, "errorCode"> {
  const code = isObject(json) ? (json.errorCode ?? json.error) : undefined;
  return typeof code === "string" && /^[A-Za-z_]{1,60}$/.test(code) ? { errorCode: code } : {};
}

function listSecrets(json: unknown): SeenSecret[] {
  if (!isObject(json)) return [];
  const list = Array.isArray(json.secrets) ? json.secrets : [json];
  return list.filter(isObject).flatMap(({ id, lastUsedAt, maskedSecretValue }) => {
    if (typeof id !== "string" || !/^[a-f0-9]{24}$/.test(id)) return [];
    const presence = lastUsedAt === undefined ? "absent" : lastUsedAt === null ? "null" : "set";
    return [{ id, hasMask: typeof maskedSecretValue === "string", lastUsedAt: presence }];
  });
}

function toListFacts(json: unknown): Pick<Seen, "listHoldsSecrets"> {
  const accounts = isObject(json) && Array.isArray(json.results) ? json.results.filter(isObject) : [];
  return accounts.length === 0 ? {} : { listHoldsSecrets: accounts.every(({ secrets }) => Array.isArray(secrets)) };
}

function toOwnRoles(json: unknown, clientIds: readonly string[]): Pick<Seen, "ownRoles"> {
  if (!isObject(json)) return {};
  const accounts = (Array.isArray(json.results) ? json.results : [json]).filter(isObject);
  const roles = accounts.find(({ clientId }) => clientIds.includes(String(clientId)))?.roles;
  if (!Array.isArray(roles)) return {};
  return { ownRoles: roles.filter((role) => typeof role === "string" && /^[A-Z_]{1,60}$/.test(role)) };
}
