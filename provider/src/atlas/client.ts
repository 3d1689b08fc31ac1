/**
 * The Atlas calls that this package needs, a method each. It authenticates, parses, and throws typed errors; it decides
 * nothing, waits for nothing and sends each write once.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-service-accounts
 */
import { RejectionError } from "../errors.js";
import type { Sensitive } from "../sensitive.js";
import { type AccountRef, describeAccount, toAccountPath, toAccountsPath } from "./account-ref.js";
import type { Authenticator } from "./auth/authenticator.js";
import { type ClientCredential, type MintOutcome, mintToken } from "./auth/mint.js";
import { type Purpose, toAtlasError, toUnreadableError } from "./failure.js";
import type { Answer, Transport, TransportRequest } from "./transport.js";
import {
  type AtlasAccount,
  type CreatedSecret,
  MEDIA_TYPE,
  parseAccount,
  parseAccountPage,
  parseCreatedSecret,
} from "./wire.js";

/** A request is sent at most this often when the server answers 401 to it. */
const MAX_ATTEMPTS = 3;

/** Accounts a page: the most that the API gives. */
const PAGE_SIZE = 500;

/** A list longer than this is taken for a server that repeats itself. */
const MAX_PAGES = 200;

/** Something read from Atlas, with the server's time at its answer. */
export interface Dated<T> {
  readonly value: T;
  /** Milliseconds since the epoch, by the answer's `Date` header; absent when it has none. */
  readonly serverTimeMs?: number;
}

/** Options of `AtlasClient`. */
export interface AtlasClientOptions {
  /** Scheme, host and optional path prefix, without a slash at the end. */
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly authenticator: Authenticator;
  readonly userAgent: string;
}

/** Calls Atlas with one credential. Every method rejects with a subclass of `AtlasError`. */
export class AtlasClient {
  readonly #options: AtlasClientOptions;
  /** Values that this client has seen; no message may repeat them. */
  readonly #withheld = new Set<Sensitive>();

  constructor(options: AtlasClientOptions) {
    this.#options = options;
  }

  /** Reads one account with its secrets, without their values. */
  async fetchAccount(
    ref: AccountRef,
  ): Promise<Dated<AtlasAccount & { secrets: NonNullable<AtlasAccount["secrets"]> }>> {
    const purpose = this.#toPurpose(`read ${describeAccount(ref)}`, false);
    const answer = await this.#send({ method: "GET", path: toAccountPath(ref) }, purpose);
    const account = parseAccount(answer.body);
    // Without a list of secrets nothing may be concluded: 'none' would free slots and forget records.
    if (!account?.secrets || account.clientId !== ref.clientId) throw toUnreadableError(answer, purpose);
    return toDated({ ...account, secrets: account.secrets }, answer);
  }

  /** Lists the client ids of all service accounts of an owner: every page, or an error. */
  async fetchAccountIds(owner: Pick<AccountRef, "level" | "ownerId">): Promise<Set<string>> {
    const purpose = this.#toPurpose(`list the service accounts of ${owner.level} ${owner.ownerId}`, false);
    const found = new Set<string>();
    for (let pageNum = 1; pageNum <= MAX_PAGES; pageNum++) {
      const path = `${toAccountsPath(owner)}?itemsPerPage=${PAGE_SIZE}&pageNum=${pageNum}`;
      const answer = await this.#send({ method: "GET", path }, purpose);
      const page = parseAccountPage(answer.body);
      if (!page) throw toUnreadableError(answer, purpose);
      for (const { clientId } of page.accounts) found.add(clientId);
      // A short page may be a server's smaller page size, so the count decides where there is one.
      const isLast =
        page.accounts.length === 0 ||
        (page.totalCount === undefined ? page.accounts.length < PAGE_SIZE : found.size >= page.totalCount);
      if (isLast) return found;
    }
    throw new RejectionError(`Could not ${purpose.what}: more than ${MAX_PAGES * PAGE_SIZE} accounts.`, {});
  }

  /**
   * Creates one secret. The answer is the only one that ever holds its value.
   *
   * @param hours lifetime, 8 to 8760
   * @throws ConnectionError with `mayHaveBeenApplied` when no usable answer came: the secret may exist
   */
  async createSecret(ref: AccountRef, hours: number): Promise<Dated<CreatedSecret>> {
    const purpose = this.#toPurpose(`create a secret for ${describeAccount(ref)}`, true);
    const body = JSON.stringify({ secretExpiresAfterHours: hours });
    const answer = await this.#send({ method: "POST", path: `${toAccountPath(ref)}/secrets`, body }, purpose);
    const secret = parseCreatedSecret(answer.body);
    if (!secret) throw toUnreadableError(answer, purpose);
    this.withhold(secret.value);
    return toDated(secret, answer);
  }

  /** Deletes one secret, which revokes the tokens minted from it at once. Rejects with a 404 when Atlas does not know it. */
  async deleteSecret(ref: AccountRef, secretId: string): Promise<void> {
    const purpose = this.#toPurpose(`delete secret ${secretId} of ${describeAccount(ref)}`, true);
    await this.#send(
      { method: "DELETE", path: `${toAccountPath(ref)}/secrets/${encodeURIComponent(secretId)}` },
      purpose,
    );
  }

  /** Mints a token with another credential than the client's own, to see whether it works. The token is not used. */
  async verify(credential: ClientCredential): Promise<MintOutcome> {
    this.withhold(credential.secret);
    const outcome = await mintToken(this.#options, credential, true);
    if (outcome.kind === "minted") this.withhold(outcome.token);
    return outcome;
  }

  /** Names a value that no message of this client may hold from now on, even if Atlas repeats it. */
  withhold(value: Sensitive): void {
    this.#withheld.add(value);
  }

  async #send(
    { method, path, body }: { method: TransportRequest["method"]; path: string; body?: string },
    purpose: Purpose,
  ): Promise<Answer> {
    const { baseUrl, transport, authenticator, userAgent } = this.#options;
    const url = `${baseUrl}${path}`;
    const { pathname, search } = new URL(url);
    const headers: Record<string, string> = { Accept: MEDIA_TYPE, "User-Agent": userAgent };
    if (body !== undefined) headers["Content-Type"] = MEDIA_TYPE;
    for (let attempt = 1; ; attempt++) {
      const authorization = await authenticator.fetchAuthorization({ method, path: `${pathname}${search}` });
      const outcome = await transport({ method, url, headers, authorization, ...(body !== undefined && { body }) });
      const isAnswer = outcome.kind === "answer";
      if (isAnswer && authenticator.shouldRetry(outcome, authorization) && attempt < MAX_ATTEMPTS) continue;
      if (isAnswer && outcome.status >= 200 && outcome.status < 300) return outcome;
      const known = [...this.#withheld, ...authenticator.knownValues(), ...(authorization ? [authorization] : [])];
      throw toAtlasError(outcome, { ...purpose, known });
    }
  }

  #toPurpose(what: string, isWrite: boolean): Purpose {
    return { what, isWrite, origin: new URL(this.#options.baseUrl).origin, known: [] };
  }
}

function toDated<T>(value: T, { serverTimeMs }: Answer): Dated<T> {
  return serverTimeMs === undefined ? { value } : { value, serverTimeMs };
}
