/**
 * The Atlas calls that this package needs, a method each. It authenticates, parses, keeps to rate limits and throws typed
 * errors. What only reads is tried up to four times; each write is sent once, and what follows is its caller's decision.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-service-accounts
 */
import { type Clock, systemClock } from "../clock.js";
import { RejectionError } from "../errors.js";
import { describeId, isSameClientId, toComparableClientId } from "../ids.js";
import { isSameValue, type Sensitive } from "../sensitive.js";
import type { CredentialSource } from "../settings.js";
import { describeAccount, describeOwner, toAccountPath, toAccountsPath, toSecretPath } from "./account-ref.js";
import type { Authenticator } from "./auth/authenticator.js";
import { type ClientCredential, type MintOutcome, mintToken, revokeToken } from "./auth/mint.js";
import { type Purpose, toAtlasError, toUnreadableError } from "./failure.js";
import { Pacer } from "./pacing.js";
import type { Report } from "./report.js";
import { repeat } from "./retry.js";
import { TimeBudget } from "./time-budget.js";
import type { Answer, NoAnswer, Transport, TransportRequest } from "./transport.js";
import type { AccountRef } from "./types.js";
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

/** A list longer than this is taken for a server that repeats itself: 100,000 accounts at 500 a page. */
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
  readonly clock?: Clock;
  readonly pacer?: Pacer;
  /** Shows a line for each long wait of a call outside any operation. */
  readonly report?: Report;
  /** The command that a message tells to run again; default `pulumi up`. */
  readonly command?: string;
  /** What it signs in with, for messages. */
  readonly credentialSource?: CredentialSource | undefined;
}

/** A request before it is signed. */
interface ApiRequest {
  readonly method: TransportRequest["method"];
  readonly path: string;
  readonly body?: string;
  /** Which rate limit it counts against, in words. */
  readonly limit: string;
  /** Called each time just before it is sent, when all waits are over. */
  readonly onSend?: (() => void) | undefined;
}

/** What the attempts of one request came to. */
interface Attempts {
  /** The authorizations that it was sent with. */
  readonly sent: Sensitive[];
  /** What the server asked for that the credential cannot give. */
  unsupported: string | undefined;
}

/** Calls Atlas with one credential. Every method rejects with a subclass of `AtlasError`. */
export class AtlasClient {
  readonly #options: AtlasClientOptions;
  readonly #clock: Clock;
  readonly #pacer: Pacer;
  /** Whose time the waits take; without one each call has its own. */
  readonly #budget: TimeBudget | undefined;
  /**
   * Values that this client has seen; no message may repeat them. Those of other operations are not among them: to look for
   * the values of a thousand accounts in each error would take longer than the requests.
   */
  readonly #withheld: Set<Sensitive>;

  constructor(options: AtlasClientOptions, parent?: { budget: TimeBudget; withheld: Iterable<Sensitive> }) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#pacer = options.pacer ?? new Pacer(this.#clock);
    this.#budget = parent?.budget;
    this.#withheld = new Set(parent?.withheld);
  }

  /** The same client for the calls of one operation, which together may take no longer than it allows. */
  within(budget: TimeBudget): AtlasClient {
    const options = { ...this.#options, clock: this.#clock, pacer: this.#pacer };
    return new AtlasClient(options, { budget, withheld: this.#withheld });
  }

  /** Reads one account with its secrets, without their values. */
  async fetchAccount(
    ref: AccountRef,
  ): Promise<Dated<AtlasAccount & { secrets: NonNullable<AtlasAccount["secrets"]> }>> {
    const purpose = this.#toPurpose(`read ${describeAccount(ref)}`, ref, false);
    const request = { method: "GET", path: toAccountPath(ref), limit: describeOwner(ref) } as const;
    return this.#read(request, purpose, (body) => {
      const account = parseAccount(body);
      // Without a list of secrets nothing may be concluded: 'none' would free slots and forget records.
      if (!account?.secrets || !isSameClientId(account.clientId, ref.clientId)) return undefined;
      return { ...account, secrets: account.secrets };
    });
  }

  /**
   * Lists the service accounts of an owner: every page, or an error. An account has no `secrets` when the list does not show
   * them; each is there once, as the last page that holds it shows it. The time is that of the last page.
   */
  async fetchAccounts(owner: Pick<AccountRef, "level" | "ownerId">): Promise<Dated<readonly AtlasAccount[]>> {
    const purpose = this.#toPurpose(`list the service accounts of ${describeOwner(owner)}`, owner, false);
    const found = new Map<string, AtlasAccount>();
    for (let pageNum = 1; pageNum <= MAX_PAGES; pageNum++) {
      const path = `${toAccountsPath(owner)}?itemsPerPage=${PAGE_SIZE}&pageNum=${pageNum}`;
      const request = { method: "GET", path, limit: describeOwner(owner) } as const;
      const { value: page, ...time } = await this.#read(request, purpose, parseAccountPage);
      for (const account of page.accounts) found.set(toComparableClientId(account.clientId), account);
      // A short page may be a server's smaller page size, and the count of a list is an estimate: neither ends it.
      if (page.accounts.length === 0 || page.hasNext === false) return { value: [...found.values()], ...time };
    }
    throw new RejectionError(`Could not ${purpose.what}: the list has more than ${MAX_PAGES} pages.`, {});
  }

  /**
   * Creates one secret. The answer is the only one that ever holds its value.
   *
   * @param hours lifetime, 8 to 8760
   * @param onSend called each time just before the request is sent, when all waits for its turn are over
   * @throws ConnectionError with `mayHaveBeenApplied` when no usable answer came: the secret may exist
   */
  async createSecret(ref: AccountRef, hours: number, onSend?: () => void): Promise<Dated<CreatedSecret>> {
    const purpose = this.#toPurpose(`create a secret for ${describeAccount(ref)}`, ref, true);
    const body = JSON.stringify({ secretExpiresAfterHours: hours });
    const request = {
      method: "POST",
      path: `${toAccountPath(ref)}/secrets`,
      body,
      limit: describeOwner(ref),
      onSend,
    } as const;
    const created = await this.#send(request, purpose, parseCreatedSecret);
    this.withhold(created.value.value);
    return created;
  }

  /** Deletes one secret, which revokes the tokens minted from it at once. Rejects with a 404 when Atlas does not know it. */
  async deleteSecret(ref: AccountRef, secretId: string): Promise<void> {
    const purpose = this.#toPurpose(`delete secret ${describeId(secretId)} of ${describeAccount(ref)}`, ref, true);
    const path = toSecretPath(ref, secretId);
    // Done is said without a body (204): anything else under a 2xx came from something between us and Atlas.
    const parse = (body: string) => (body === "" ? true : undefined);
    await this.#send({ method: "DELETE", path, limit: describeOwner(ref) }, purpose, parse);
  }

  /**
   * Mints a token with another credential than the client's own, to see whether it works. The token is not used: it is given back,
   * which nobody waits for.
   */
  async verify(credential: ClientCredential): Promise<MintOutcome> {
    this.withhold(credential.secret);
    const budget = this.#toBudget();
    const outcome = await mintToken({ ...this.#options, pacer: this.#pacer, budget }, credential, {
      isTrial: true,
      known: this.#toKnown(),
    });
    if (outcome.kind !== "minted") return outcome;
    const { token } = outcome;
    this.withhold(token);
    // A server that gives one token to all who ask must not lose the client its own.
    const isOwn = this.#options.authenticator.knownValues().some((value) => isSameValue(value, token));
    if (!isOwn) void revokeToken(this.#options, credential, token);
    return outcome;
  }

  /** Gives the client's own token back, when no more calls follow. Resolves in every case, within two seconds. */
  async revokeToken(): Promise<void> {
    await this.#options.authenticator.revoke?.();
  }

  /** Names a value that no message of this client may hold from now on, even if Atlas repeats it. */
  withhold(value: Sensitive): void {
    this.#withheld.add(value);
  }

  /** Sends a request that changes nothing, again if that can help. */
  #read<T>(request: ApiRequest, purpose: Purpose, parse: (body: string) => T | undefined): Promise<Dated<T>> {
    const budget = this.#toBudget();
    return repeat(() => this.#send(request, purpose, parse, budget), budget);
  }

  async #send<T>(
    request: ApiRequest,
    purpose: Purpose,
    parse: (body: string) => T | undefined,
    budget = this.#toBudget(),
  ): Promise<Dated<T>> {
    const attempts: Attempts = { sent: [], unsupported: undefined };
    const outcome = await this.#sendSigned(request, attempts, budget);
    const { sent, unsupported } = attempts;
    if (outcome.kind !== "answer" || outcome.status < 200 || outcome.status >= 300) {
      throw toAtlasError(outcome, { ...purpose, known: [...this.#toKnown(), ...sent], unsupported });
    }
    const value = parse(outcome.body);
    if (value === undefined) throw toUnreadableError(outcome, purpose);
    return toDated(value, outcome);
  }

  /** Notes its attempts in `attempts`. */
  async #sendSigned(
    { method, path, body, limit, onSend }: ApiRequest,
    attempts: Attempts,
    budget: TimeBudget,
  ): Promise<Answer | NoAnswer> {
    const { baseUrl, transport, authenticator, userAgent } = this.#options;
    const url = `${baseUrl}${path}`;
    const { pathname, search } = new URL(url);
    const headers: Record<string, string> = { Accept: MEDIA_TYPE, "User-Agent": userAgent };
    if (body !== undefined) headers["Content-Type"] = MEDIA_TYPE;
    for (let attempt = 1; ; attempt++) {
      // Before its turn comes: where one request goes alone, the others would wait for its token, and then for their own.
      await this.#withoutTime(budget, async () => authenticator.prepare?.());
      const outcome = await this.#pacer.run(limit, budget, async () => {
        const sign = () => authenticator.fetchAuthorization({ method, path: `${pathname}${search}` });
        const authorization = await this.#withoutTime(budget, sign);
        if (authorization) attempts.sent.push(authorization);
        onSend?.();
        return transport({ method, url, headers, authorization, ...(body !== undefined && { body }) });
      });
      if (outcome.kind !== "answer") return outcome;
      const verdict = authenticator.decideRetry(outcome, attempts.sent);
      if (verdict.action === "stop") attempts.unsupported = verdict.unsupported;
      if (verdict.action === "stop" || attempt === MAX_ATTEMPTS) return outcome;
      if (verdict.waitMs > 0 && !(await budget.pause(verdict.waitMs, "backoff"))) return outcome;
    }
  }

  /** A mint has a time of its own, in which it waits as Atlas tells. */
  async #withoutTime<T>(budget: TimeBudget, mint: () => Promise<T>): Promise<T> {
    const startMs = this.#clock.now();
    const result = await mint();
    budget.noteServerWait(this.#clock.now() - startMs);
    return result;
  }

  #toKnown(): Sensitive[] {
    return [...this.#withheld, ...this.#options.authenticator.knownValues()];
  }

  #toBudget(): TimeBudget {
    return this.#budget ?? new TimeBudget(this.#clock, this.#options.report);
  }

  #toPurpose(what: string, { level, ownerId }: Pick<AccountRef, "level" | "ownerId">, isWrite: boolean): Purpose {
    const { baseUrl, command, credentialSource } = this.#options;
    const { origin } = new URL(baseUrl);
    const owner = { level, ownerId };
    return { what, owner, isWrite, origin, known: [], credentialSource, ...(command !== undefined && { command }) };
  }
}

function toDated<T>(value: T, { serverTimeMs }: Answer): Dated<T> {
  return serverTimeMs === undefined ? { value } : { value, serverTimeMs };
}
