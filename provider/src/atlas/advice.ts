/**
 * What an answer that is not a success means, and what to do next: the one place that reads Atlas's codes. A role that is missing
 * is answered 401 like a wrong credential, and a full account maybe 403 like a missing role, so that a status alone says little.
 * Pure; `failure.ts` makes the error of it, and the reference of messages is checked against these texts.
 *
 * @see https://www.mongodb.com/docs/atlas/reference/api-errors/
 * @see docs/atlas-behaviour.md
 */
import type { AtlasFault } from "../errors.js";
import { describeId } from "../ids.js";
import type { CredentialSource } from "../settings.js";
import { describeOwner } from "./account-ref.js";
import type { Answer } from "./transport.js";
import type { AccountRef } from "./types.js";
import { API_VERSION, parseErrorBody } from "./wire.js";

/** What is wrong, as far as Atlas tells. */
export type Cause =
  | "credential"
  | "role"
  | "organization-role"
  | "owner-unseen"
  | "owner-gone"
  | "address"
  | "forbidden"
  | "limit"
  | "version"
  | "suspended"
  | "tokens"
  | "upgrade"
  | "inputs"
  | "unknown-account"
  | "busy"
  | "wait"
  | "redirect"
  | "proxy"
  | "server";

const BY_CODE: Readonly<Record<string, Cause>> = {
  invalid_client: "credential",
  API_KEY_ACCESS_LIST_ACCESS_DENIED: "role",
  NOT_ORG_GROUP_CREATOR: "role",
  USER_CANNOT_ACCESS_GROUP: "role",
  USER_CANNOT_ACCESS_ORG: "role",
  USER_UNAUTHORIZED: "role",
  NOT_ORG_OWNER: "organization-role",
  NOT_IN_GROUP: "owner-unseen",
  GROUP_NOT_FOUND: "owner-gone",
  ORG_NOT_FOUND: "owner-gone",
  IP_ADDRESS_NOT_ON_ACCESS_LIST: "address",
  ORG_REQUIRES_ACCESS_LIST: "address",
  ORG_REQUIRES_WHITELIST: "address",
  RESOURCE_REQUIRES_ACCESS_LIST: "address",
  RESOURCE_REQUIRES_WHITELIST: "address",
  INVALID_VERSION_DATE: "version",
  VERSION_GONE: "version",
  WRITES_NOT_ALLOWED_DURING_APP_UPGRADES: "upgrade",
};

const BY_STATUS: Readonly<Record<number, Cause>> = {
  400: "inputs",
  401: "credential",
  402: "suspended",
  403: "forbidden",
  404: "unknown-account",
  406: "version",
  // Between us and Atlas something gave up, which may have passed the request on.
  408: "server",
  409: "busy",
  410: "version",
  429: "wait",
  503: "wait",
};

/** Codes of limits on how many there may be: `MAX_..._EXCEEDED`, `PEER_MAXIMUM_REACHED`, `..._LIMIT_EXCEEDED`. */
const LIMIT_CODE = /(^|_)(MAX|MAXIMUM|LIMIT)(_|$)|_EXCEEDED$/;
const LIMIT_STATUSES: readonly (number | undefined)[] = [400, 403, 409];

/** Reads status and code of an answer outside 2xx. */
export function findCause({ status = 0, errorCode = "" }: Pick<AtlasFault, "status" | "errorCode">): Cause {
  if (status >= 500 || status < 400)
    return status >= 300 && status < 400 ? "redirect" : (BY_STATUS[status] ?? "server");
  if (LIMIT_STATUSES.includes(status) && LIMIT_CODE.test(errorCode)) return "limit";
  // The token endpoint's word: a mint never fails for a role or an address.
  if (status === 403 && errorCode === "access_denied") return "tokens";
  return BY_CODE[errorCode] ?? BY_STATUS[status] ?? "proxy";
}

/** Whether Atlas says that it knows no such project or organization, or may: then nothing can be told of what is in it. */
export function isOwnerUnseen(fault: Pick<AtlasFault, "status" | "errorCode">): boolean {
  const cause = findCause(fault);
  return cause === "owner-gone" || cause === "owner-unseen";
}

/** Whether a 401 says that a role is missing: the credential was accepted, and another token would not help. */
export function isRoleMissing({ status, body }: Answer): boolean {
  return status === 401 && findCause({ status, errorCode: parseErrorBody(body).errorCode ?? "" }) !== "credential";
}

/** What a text is made of. */
export interface AdviceContext {
  /** The command to run again; default `pulumi up`. */
  readonly command?: string;
  /** Where the account belongs; absent for a mint. */
  readonly owner?: Pick<AccountRef, "level" | "ownerId"> | undefined;
  /** What the request was signed with; absent in tests and for what is no credential of the provider. */
  readonly credentialSource?: CredentialSource | undefined;
}

const BY_LEVEL = {
  project: {
    role: "Project Owner",
    readingRole: "Project Read Only",
    ids: "projectId and clientId",
    place: "is assigned to the project",
    idName: "projectId",
    option: "--project",
  },
  organization: {
    role: "Organization Owner",
    readingRole: "Organization Read Only",
    ids: "orgId and clientId",
    place: "is one of the organization",
    idName: "orgId",
    option: "--organization",
  },
} as const;

/** What is wrong in words, and what to do next. */
export function toAdvice(cause: Cause, context: AdviceContext, { retryAfterSeconds }: AtlasFault = {}): string {
  const { command = "pulumi up", owner, credentialSource } = context;
  const level = owner?.level ?? "project";
  const { role, readingRole, ids, place, idName } = BY_LEVEL[level];
  const where = owner ? describeOwner(owner) : `the ${level}`;
  const credential = `The credential was ${credentialSource?.name ?? "the provider's own"}`;
  const again = `run '${command}' again`;
  const doctor = toDoctor(context);
  const roles = `the role ${role} in ${where} (${readingRole} is enough to read)`;
  const address = "the address of this machine as Atlas sees it";
  switch (cause) {
    case "credential":
      return `${credential}; Atlas does not accept it: it may be wrong, expired or deleted. Put one that works in its place.${doctor}`;
    case "role":
      return `${credential}; it lacks a role: give it ${roles}.${doctor}`;
    case "organization-role":
      return `${toOrganizationRole(level)} ${credential}: give it that role.${doctor}`;
    case "owner-unseen":
      return `${credential}. It has no role in ${where}, or the ${level} does not exist: Atlas does not tell which. If it exists, give the credential ${roles}.${doctor}`;
    case "address":
      return `${credential}; ${address} is not on its IP access list: add it there.${doctor}`;
    case "forbidden":
      return `${credential}; it may lack ${roles}, or ${address} may be missing on its IP access list.${doctor}`;
    case "owner-gone":
      return `Atlas knows no ${where}. Unless it was deleted, ${idName} is wrong: correct it, then ${again}.`;
    case "limit":
      return `Atlas speaks of a limit. A service account holds two secrets: ${again} in two minutes, which then names them.`;
    case "version":
      return `Atlas does not offer version ${API_VERSION} of its API, which this package asks for: update it by 'npm install pulumi-atlas-secrets@latest', then ${again}.`;
    case "suspended":
      return `Atlas has suspended the organization, as it does while an invoice is unpaid for more than 30 days: have that settled at Atlas, then ${again}.`;
    case "tokens":
      return `This service account has too many live tokens (Atlas allows 100). Each ends within an hour: ${again} then, and look for what mints so many with this account; deleting a secret is not needed.`;
    case "upgrade":
      return `Atlas takes no changes while it is upgraded: ${again} later.`;
    case "inputs":
      return `Correct what Atlas objects to, then ${again}.`;
    case "unknown-account":
      // Nothing else is asked for by a mint than the token endpoint.
      if (!owner) return toAdvice("proxy", context);
      return `Check ${ids}, and that the service account ${place}, then ${again}.`;
    case "busy":
      return `Another operation was under way on this service account: ${again} when it is over.`;
    case "wait":
      return `Atlas asks to wait: ${again} after ${retryAfterSeconds === undefined ? "a minute" : `${retryAfterSeconds} s`}.`;
    case "redirect":
      return `Redirects are not followed: check baseUrl. Then ${again}.`;
    case "proxy":
      return `That is no answer of Atlas's API: check baseUrl and the proxy variables, then ${again}.`;
    case "server":
      return `${again.replace("run", "Run")}; if it persists, see https://status.mongodb.com.`;
  }
}

/** @see https://www.mongodb.com/docs/atlas/tutorial/rotate-service-account-secrets/ */
function toOrganizationRole(level: AccountRef["level"]): string {
  if (level === "organization") return "Only an Organization Owner may do this.";
  return (
    "This service account belongs to the organization or to several projects, so that only an Organization Owner may change its " +
    "secrets; an account of the organization is declared by ServiceAccountSecret with orgId, which takes the same role."
  );
}

/** The command that checks credential, role and address list; it knows the environment and stacks, but no explicit provider. */
function toDoctor({ command, owner, credentialSource }: AdviceContext): string {
  if (command === "atlas-secrets doctor") return "";
  const named = owner ? ` ${BY_LEVEL[owner.level].option} ${describeId(owner.ownerId)}` : "";
  if (credentialSource?.from === "stack") return " 'atlas-secrets doctor --stack NAME' checks it.";
  const where = credentialSource?.from === "provider" ? " with this credential in the environment" : "";
  return ` 'atlas-secrets doctor${named}'${where} checks it.`;
}
