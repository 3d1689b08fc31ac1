/**
 * What the server knows: organizations, projects, accounts, secrets, tokens, keys. Rules that hold whoever asks live here;
 * who may ask is `authentication.ts`'s matter.
 *
 * @see https://www.mongodb.com/docs/atlas/api/service-accounts-overview/
 */
import type { VirtualClock } from "./clock.js";
import { HOUR_MS } from "./clock.js";
import { createClientId, createObjectId, createSecretValue, createTokenValue } from "./ids.js";
import type { Switches } from "./types.js";

/** At most two secrets for each account; an expired one counts until it is deleted. */
export const MAX_SECRETS = 2;

/** Creating a secret cuts every other one to this. */
export const CUT_MS = 7 * 24 * HOUR_MS;

/** Lifetime of a token. */
export const TOKEN_SECONDS = 3600;

export interface Secret {
  readonly id: string;
  readonly value: string;
  readonly createdAtMs: number;
  expiresAtMs: number;
  /** An earlier expiry that shows only from `fromMs`. */
  pendingCut?: { readonly expiresAtMs: number; readonly fromMs: number };
  lastUsed?: { readonly atMs: number; readonly showsFromMs: number };
}

export interface Account {
  readonly clientId: string;
  readonly orgId: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly orgRoles: readonly string[];
  /** Whether it was made in the organization, not in a project. */
  readonly isOfOrg: boolean;
  readonly isSystemManaged: boolean;
  /** Roles by project. */
  readonly projects: Map<string, readonly string[]>;
  readonly secrets: Secret[];
  /** Whether it may do everything everywhere. */
  readonly isAdmin: boolean;
  /** Set while a POST for it is under way. */
  isBusy: boolean;
}

/** Who asks: roles by id of a project or organization. */
export interface Principal {
  readonly isAdmin: boolean;
  readonly roles: ReadonlyMap<string, readonly string[]>;
}

/** A token was minted from a secret of an account, or made for a test with fixed roles. */
export interface Token {
  readonly value: string;
  readonly expiresAtMs: number;
  readonly principal?: Principal;
  readonly clientId?: string;
  readonly secretId?: string;
}

export interface ApiKey {
  readonly publicKey: string;
  readonly privateKey: string;
  readonly principal: Principal;
}

export class Model {
  readonly clock: VirtualClock;
  #switches: Switches;
  /** When a switch was set last. */
  readonly #setAtMs = new Map<string, number>();
  readonly organizationIds = new Set<string>();
  readonly projects = new Map<string, { readonly orgId: string }>();
  readonly accounts = new Map<string, Account>();
  readonly tokens = new Map<string, Token>();
  readonly apiKeys = new Map<string, ApiKey>();
  /** Ids of secrets that were deleted, for what a second DELETE answers. */
  readonly deletedSecretIds = new Set<string>();

  constructor(clock: VirtualClock, switches: Switches) {
    this.clock = clock;
    this.#switches = switches;
    this.setSwitches(switches);
  }

  get switches(): Switches {
    return this.#switches;
  }

  setSwitches(changes: Partial<Switches>): void {
    this.#switches = { ...this.#switches, ...changes };
    for (const name of Object.keys(changes)) this.#setAtMs.set(name, this.clock.now());
  }

  /** Whether a switch is on that may be so for a number of seconds only. */
  isOn(name: "accountSuspended" | "appUpgrade"): boolean {
    const value = this.#switches[name];
    if (typeof value === "boolean") return value;
    return this.clock.now() < (this.#setAtMs.get(name) ?? 0) + value * 1000;
  }

  addProject(projectId: string, orgId: string): void {
    this.organizationIds.add(orgId);
    this.projects.set(projectId, { orgId });
  }

  /** Deletes a project; its accounts stay in the organization. */
  deleteProject(projectId: string): void {
    if (!this.projects.delete(projectId)) throw new Error(`no project ${projectId}`);
    for (const { projects } of this.accounts.values()) projects.delete(projectId);
  }

  addAccount(account: Partial<Omit<Account, "secrets" | "isBusy" | "createdAtMs">> & { orgId: string }): Account {
    const clientId = account.clientId ?? createClientId();
    if (this.accounts.has(clientId)) throw new Error(`account ${clientId} exists`);
    const added: Account = {
      clientId,
      orgId: account.orgId,
      name: account.name ?? "seeded",
      createdAtMs: this.clock.now(),
      orgRoles: account.orgRoles ?? ["ORG_MEMBER"],
      isOfOrg: account.isOfOrg ?? false,
      isSystemManaged: account.isSystemManaged ?? false,
      projects: account.projects ?? new Map(),
      secrets: [],
      isAdmin: account.isAdmin ?? false,
      isBusy: false,
    };
    this.organizationIds.add(account.orgId);
    this.accounts.set(clientId, added);
    return added;
  }

  /** Deletes an account with its secrets and tokens. */
  deleteAccount(clientId: string): void {
    this.accounts.delete(this.findAccount(clientId).clientId);
    for (const token of this.tokens.values()) if (token.clientId === clientId) this.tokens.delete(token.value);
  }

  /**
   * Adds a secret and cuts the others. The caller has looked whether there is room.
   *
   * @throws Error when there is a secret of that id
   */
  addSecret(account: Account, hours: number, value = createSecretValue(), id = createObjectId()): Secret {
    if (account.secrets.some((other) => other.id === id)) throw new Error(`secret ${id} exists`);
    const now = Math.floor(this.clock.now() / 1000) * 1000;
    for (const other of account.secrets) this.#cut(other, now);
    const secret: Secret = { id, value, createdAtMs: now, expiresAtMs: now + hours * HOUR_MS };
    account.secrets.push(secret);
    return secret;
  }

  #cut(secret: Secret, now: number): void {
    const expiresAtMs = Math.min(this.expiryOf(secret), now + CUT_MS);
    const fromMs = now + this.switches.cutShowsAfterSeconds * 1000;
    if (this.switches.cutShowsAfterSeconds > 0) secret.pendingCut = { expiresAtMs, fromMs };
    else secret.expiresAtMs = expiresAtMs;
  }

  /** When a secret really stops working: a cut counts at once, whenever it shows. */
  expiryOf({ expiresAtMs, pendingCut }: Secret): number {
    return pendingCut ? Math.min(expiresAtMs, pendingCut.expiresAtMs) : expiresAtMs;
  }

  /** The expiry that answers show. */
  shownExpiryOf({ expiresAtMs, pendingCut }: Secret): number {
    return pendingCut && this.clock.now() >= pendingCut.fromMs
      ? Math.min(expiresAtMs, pendingCut.expiresAtMs)
      : expiresAtMs;
  }

  /** Deletes a secret and revokes its tokens at once. */
  deleteSecret(account: Account, secretId: string): boolean {
    const index = account.secrets.findIndex(({ id }) => id === secretId);
    if (index < 0) return false;
    account.secrets.splice(index, 1);
    this.deletedSecretIds.add(secretId);
    for (const token of this.tokens.values()) if (token.secretId === secretId) this.tokens.delete(token.value);
    return true;
  }

  /** @throws Error when there is no such account */
  findAccount(clientId: string): Account {
    const account = this.accounts.get(clientId);
    if (!account) throw new Error(`no account ${clientId}`);
    return account;
  }

  /** Finds a secret by its id alone. */
  findSecret(secretId: string): { account: Account; secret: Secret } {
    for (const account of this.accounts.values()) {
      const secret = account.secrets.find(({ id }) => id === secretId);
      if (secret) return { account, secret };
    }
    throw new Error(`no secret ${secretId}`);
  }

  addToken(token: Omit<Token, "value">): Token {
    const added = { ...token, value: createTokenValue() };
    this.tokens.set(added.value, added);
    return added;
  }

  /** Live tokens of one account. */
  tokensOf(clientId: string): Token[] {
    const now = this.clock.now();
    return [...this.tokens.values()].filter((token) => token.clientId === clientId && token.expiresAtMs > now);
  }

  /** Who a token stands for, with the roles that an account has now: those at the mint do not count. */
  principalOf({ principal, clientId = "" }: Token): Principal | undefined {
    const account = this.accounts.get(clientId);
    if (!account) return principal;
    return { isAdmin: account.isAdmin, roles: new Map([[account.orgId, account.orgRoles], ...account.projects]) };
  }
}
