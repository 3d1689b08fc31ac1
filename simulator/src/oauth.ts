/**
 * The token endpoint: mints for a client id and one of its secrets, revokes.
 *
 * @see https://www.mongodb.com/docs/atlas/api/service-accounts/generate-oauth2-token/
 */
import { type Answer, toError, toOauthError, withHeaders } from "./answer.js";
import { type Account, type Model, type Secret, TOKEN_SECONDS } from "./model.js";
import { toRetryAfter } from "./rate-limits.js";
import type { ApiRequest } from "./request.js";

/** The client id of a request with HTTP Basic, also when its secret is wrong; for logs and faults. */
export function findClientId({ headers }: Pick<ApiRequest, "headers">): string | undefined {
  return parseBasic(headers.authorization)?.clientId;
}

export class Oauth {
  readonly #model: Model;
  /** Times of the latest mints by client and address. */
  readonly #mints = new Map<string, number[]>();
  #refusals = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  mint(request: ApiRequest): Answer {
    const problem = findFormProblem(request, "grant_type");
    if (problem) return problem;
    if (new URLSearchParams(request.body).get("grant_type") !== "client_credentials") {
      return toOauthError(400, "unsupported_grant_type", "grant_type must be client_credentials");
    }
    const pair = parseBasic(request.headers.authorization);
    const limited = this.#findLimit(`${pair?.clientId}@${request.remoteAddress}`, request.path);
    if (limited) return limited;
    const found = pair && this.#findSecret(pair.clientId, pair.secret);
    if (!found) return toOauthError(401, "invalid_client", "Client authentication failed.");
    // https://www.mongodb.com/docs/manual/reference/limits/#mongodb-atlas-service-account-limits
    if (this.#model.tokensOf(found.account.clientId).length >= this.#model.switches.maxLiveTokens) {
      return toOauthError(403, "access_denied", "The service account has reached its limit of access tokens.");
    }
    return this.#issue(found.account, found.secret);
  }

  #issue(account: Account, secret: Secret): Answer {
    const { clock, switches } = this.#model;
    const now = clock.now();
    if (switches.lastUsedAfterSeconds !== null) {
      secret.lastUsed = { atMs: now, showsFromMs: now + switches.lastUsedAfterSeconds * 1000 };
    }
    const token = this.#model.addToken({
      expiresAtMs: now + TOKEN_SECONDS * 1000,
      clientId: account.clientId,
      secretId: secret.id,
    });
    return { status: 200, body: { access_token: token.value, expires_in: TOKEN_SECONDS, token_type: "Bearer" } };
  }

  revoke(request: ApiRequest): Answer {
    const problem = findFormProblem(request, "token", "token_type_hint");
    if (problem) return problem;
    const pair = parseBasic(request.headers.authorization);
    if (!pair || !this.#findSecret(pair.clientId, pair.secret)) {
      return toOauthError(401, "invalid_client", "Client authentication failed.");
    }
    const token = this.#model.tokens.get(new URLSearchParams(request.body).get("token") ?? "");
    // An unknown token is no error. @see https://www.rfc-editor.org/rfc/rfc7009#section-2.2
    if (token?.clientId === pair.clientId) this.#model.tokens.delete(token.value);
    return { status: 200, body: {} };
  }

  #findSecret(clientId: string, value: string): { account: Account; secret: Secret } | undefined {
    const { clock, switches } = this.#model;
    const account = this.#model.accounts.get(clientId);
    const secret = account?.secrets.find((held) => held.value === value);
    if (!account || !secret || this.#model.expiryOf(secret) <= clock.now()) return undefined;
    if (clock.now() < secret.createdAtMs + switches.valueWorksAfterSeconds * 1000) return undefined;
    return { account, secret };
  }

  /** The three-part form of a 429: https://github.com/mongodb/terraform-provider-mongodbatlas/pull/3791 */
  #findLimit(client: string, path: string): Answer | undefined {
    const { clock, switches } = this.#model;
    const { mintLimitPerMinute: limit } = switches;
    if (limit === null) return undefined;
    const now = clock.now();
    const recent = (this.#mints.get(client) ?? []).filter((at) => at > now - 60_000);
    const isOver = recent.length >= limit;
    if (!isOver) recent.push(now);
    this.#mints.set(client, recent);
    if (!isOver) return undefined;
    const seconds = Math.ceil(((recent[0] ?? now) + 60_000 - now) / 1000);
    this.#refusals += 1;
    const detail = `Resource ${path} is limited to ${limit} requests every 1 minutes.`;
    const answer = toError({ status: 429, errorCode: "RATE_LIMITED" }, detail, [path, limit, 1]);
    return withHeaders(answer, toRetryAfter(switches.retryAfter, seconds, this.#refusals));
  }
}

function findFormProblem({ headers, query, body }: ApiRequest, ...allowed: string[]): Answer | undefined {
  const type = headers["content-type"]?.split(";")[0]?.trim();
  if (type !== "application/x-www-form-urlencoded")
    return toOauthError(400, "invalid_request", "the body is not a form");
  const unknown = [...new URLSearchParams(body).keys(), ...query.keys()].find((name) => !allowed.includes(name));
  return unknown === undefined ? undefined : toOauthError(400, "invalid_request", "a parameter is not described");
}

function parseBasic(header: string | undefined): { clientId: string; secret: string } | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [clientId, ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return clientId ? { clientId, secret: secret.join(":") } : undefined;
}
