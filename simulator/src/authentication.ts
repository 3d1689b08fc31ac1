/**
 * Who asks, and may they: bearer tokens, HTTP digest with API keys, roles.
 *
 * @see https://www.mongodb.com/docs/atlas/configure-api-access/
 * @see https://www.rfc-editor.org/rfc/rfc7616
 */
import { createHash, randomBytes } from "node:crypto";
import { type Answer, toError, toUnauthorized } from "./answer.js";
import type { Model, Principal } from "./model.js";
import type { ApiRequest, Route } from "./request.js";

const REALM = "MMS Public API";

/** How long a nonce may be used, in milliseconds. */
const NONCE_LIFETIME_MS = 5 * 60_000;

/** Roles that may create and delete. */
const OWNER_ROLES = ["GROUP_OWNER", "ORG_OWNER"];

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
      return token && token.expiresAtMs > this.#model.clock.now() ? token.principal : toUnauthorized();
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

  #toChallenge(isStale: boolean): Record<string, string> {
    const nonce = randomBytes(16).toString("base64url");
    this.#nonces.set(nonce, { issuedAtMs: this.#model.clock.now(), count: 0 });
    const stale = isStale ? ", stale=true" : "";
    const challenges = this.#model.switches.digestAlgorithms.map(
      (algorithm) => `Digest realm="${REALM}", domain="", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale}`,
    );
    return { "www-authenticate": challenges.join(", ") };
  }
}

/** Says why a principal may not do this; `undefined` when it may. */
export function findMissingRole(
  principal: Principal,
  { operation, ownerId = "" }: Route,
  orgId: string | undefined,
): Answer | undefined {
  if (principal.isAdmin) return undefined;
  const roles = [
    ...(principal.roles.get(ownerId) ?? []),
    ...(principal.roles.get(orgId ?? "") ?? []).filter((role) => role === "ORG_OWNER"),
  ];
  if (roles.length === 0) return toUnauthorized();
  const isWrite = operation === "createSecret" || operation === "deleteSecret";
  if (!isWrite || roles.some((role) => OWNER_ROLES.includes(role))) return undefined;
  return toError(
    { status: 403, errorCode: "USER_UNAUTHORIZED" },
    "The current user is not authorized to perform this action.",
  );
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
