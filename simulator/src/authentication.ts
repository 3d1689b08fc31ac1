/**
 * Who asks, and may they: bearer tokens, HTTP digest with API keys, roles.
 *
 * @see https://www.mongodb.com/docs/atlas/configure-api-access/
 * @see https://www.rfc-editor.org/rfc/rfc7616
 */
import { createHash, randomBytes } from "node:crypto";
import { type Answer, toError, toUnauthorized } from "./answer.js";
import type { Account, Model, Principal } from "./model.js";
import { type ApiRequest, isWrite, type Route } from "./request.js";
import type { Switches } from "./types.js";

const REALM = "MMS Public API";

/** How long a nonce may be used, in milliseconds. */
const NONCE_LIFETIME_MS = 5 * 60_000;

export class Authentication {
  readonly #model: Model;
  /** Nonces with the time of their issue and the highest count seen. */
  readonly #nonces = new Map<string, { issuedAtMs: number; count: number }>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** Tells who asks, or the 401 to answer. */
  identify(request: ApiRequest): Principal | Answer {
    const header = request.headers.authorization;
    const bearer = /^Bearer (\S+)$/i.exec(header ?? "")?.[1];
    if (bearer !== undefined) {
      const token = this.#model.tokens.get(bearer);
      const isLive = token !== undefined && token.expiresAtMs > this.#model.clock.now();
      return (isLive && this.#model.principalOf(token)) || toUnauthorized();
    }
    if (header !== undefined && /^Digest /i.test(header)) return this.#identifyByDigest(request, header);
    return toUnauthorized(this.#toChallenge(false));
  }

  #identifyByDigest(request: ApiRequest, header: string): Principal | Answer {
    const fields = parseDigest(header);
    const key = this.#model.apiKeys.get(fields.get("username") ?? "");
    const nonce = this.#nonces.get(fields.get("nonce") ?? "");
    const isFresh = nonce !== undefined && this.#model.clock.now() - nonce.issuedAtMs < NONCE_LIFETIME_MS;
    if (nonce === undefined || !isFresh) return toUnauthorized(this.#toChallenge(true));
    const count = Number.parseInt(fields.get("nc") ?? "", 16);
    const isNext = count > nonce.count;
    if (!key || !isNext || fields.get("uri") !== request.target || fields.get("qop") !== "auth") {
      return toUnauthorized(this.#toChallenge(false));
    }
    if (toDigest(fields, request.method, key.privateKey) !== fields.get("response")) {
      return toUnauthorized(this.#toChallenge(false));
    }
    nonce.count = count;
    return key.principal;
  }

  #toChallenge(isStale: boolean): string {
    const nonce = randomBytes(16).toString("base64url");
    this.#nonces.set(nonce, { issuedAtMs: this.#model.clock.now(), count: 0 });
    const toOne = (algorithm: string) =>
      `Digest realm="${REALM}", domain="", nonce="${nonce}", algorithm=${algorithm}, qop="auth", stale=${isStale}`;
    return this.#model.switches.digestAlgorithms.map(toOne).join(", ");
  }
}

/** What each role that is missing is called. The words are those of the official table. */
const MISSING_ROLES = {
  USER_UNAUTHORIZED: "Current user is not authorized to perform this action.",
  USER_CANNOT_ACCESS_GROUP: "User cannot access this group.",
  USER_CANNOT_ACCESS_ORG: "User cannot access this organization.",
  NOT_ORG_OWNER: "The currently logged in user does not have the owner role in organization",
} as const;

/** What a request is about, as far as roles go. */
export interface RoleSubject {
  readonly route: Route;
  readonly orgId: string;
  /** The account that the request names, if there is one. */
  readonly account: Account | undefined;
}

/**
 * Says why a principal may not do this; `undefined` when it may. A role that is missing is a 401 with a code. Accounts that
 * several projects share are the organization's.
 *
 * @see https://www.mongodb.com/docs/atlas/reference/api-errors/
 * @see https://github.com/mongodb/terraform-provider-mongodbatlas/issues/1371
 * @see https://github.com/mongodb/terraform-provider-mongodbatlas/pull/4066
 */
export function findMissingRole(principal: Principal, subject: RoleSubject, switches: Switches): Answer | undefined {
  const code = principal.isAdmin ? undefined : findMissingRoleCode(principal, subject, switches);
  if (code === undefined) return undefined;
  const { missingRole: status } = switches;
  if (code !== "NOT_ORG_OWNER") return toError({ status, errorCode: code }, MISSING_ROLES[code]);
  return toError({ status, errorCode: code }, `${MISSING_ROLES[code]} ${subject.orgId}.`, [subject.orgId]);
}

function findMissingRoleCode(
  { roles }: Principal,
  { route: { operation, level, ownerId = "" }, orgId, account }: RoleSubject,
  { sharedAccountNeedsOrgOwner }: Switches,
): keyof typeof MISSING_ROLES | undefined {
  const own = roles.get(ownerId) ?? [];
  if (roles.get(orgId)?.includes("ORG_OWNER")) return undefined;
  if (own.length === 0) return level === "project" ? "USER_CANNOT_ACCESS_GROUP" : "USER_CANNOT_ACCESS_ORG";
  if (!isWrite(operation)) {
    // Every role in a project includes reading, not every one in an organization.
    return level === "project" || own.includes("ORG_READ_ONLY") ? undefined : "USER_UNAUTHORIZED";
  }
  if (!own.includes("GROUP_OWNER")) return "USER_UNAUTHORIZED";
  const isShared = account !== undefined && (account.isOfOrg || account.projects.size > 1);
  return isShared && sharedAccountNeedsOrgOwner ? "NOT_ORG_OWNER" : undefined;
}

function parseDigest(header: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [, name, quoted, bare] of header.matchAll(/([a-z]+)=(?:"([^"]*)"|([^\s,]+))/gi)) {
    fields.set(String(name).toLowerCase(), quoted ?? bare ?? "");
  }
  return fields;
}

function toDigest(fields: ReadonlyMap<string, string>, method: string, privateKey: string): string {
  const algorithm = (fields.get("algorithm") ?? "MD5").toUpperCase() === "SHA-256" ? "sha256" : "md5";
  const hash = (text: string) => createHash(algorithm).update(text).digest("hex");
  const key = hash(`${fields.get("username")}:${REALM}:${privateKey}`);
  const action = hash(`${method}:${fields.get("uri")}`);
  return hash([key, fields.get("nonce"), fields.get("nc"), fields.get("cnonce"), "auth", action].join(":"));
}
