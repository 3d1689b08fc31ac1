/** The vocabulary of the simulator: what a test can set and what it can see. Plain data, sent over HTTP as JSON. */

/** The calls that the simulator answers. */
export type Operation = "createSecret" | "deleteSecret" | "getAccount" | "listAccounts" | "mint" | "revoke" | "unknown";

/** Project or organization level of the API. */
export type Level = "project" | "organization";

/** Which requests a fault meets: all of what is given must agree. */
export interface Match {
  readonly operation?: Operation;
  readonly method?: string;
  readonly pathIncludes?: string;
  readonly clientId?: string;
}

interface FaultBase {
  readonly match?: Match;
  /** Requests that agree and go through first; default 0. */
  readonly skip?: number;
  /** How many requests it meets; default 1. */
  readonly times?: number | "always";
}

/**
 * What goes wrong with a request:
 * `refuse` closes the connection unread; `cut-before` closes it with nothing done, `cut-after` with everything done; `cut-body`
 * does it and ends half-way through the body; `delay` waits (real milliseconds; virtual ones without a server), then goes on;
 * `hold` keeps it until `releaseHeld`, with nothing done (`stage: "before"`) or everything but the answer (`"after"`);
 * `malformed` does it and answers text that is not JSON; `no-secret` does it and leaves `secret` out; `status` answers as told,
 * done only with `commit`; `redirect` points elsewhere.
 */
export type Fault = FaultBase &
  (
    | { readonly kind: "refuse" | "cut-before" | "cut-after" | "cut-body" | "malformed" | "no-secret" }
    | { readonly kind: "delay"; readonly ms: number }
    | { readonly kind: "hold"; readonly stage: HoldStage }
    | {
        readonly kind: "status";
        readonly status: number;
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
        readonly commit?: boolean;
      }
    | { readonly kind: "redirect"; readonly location: string; readonly status?: number }
  );

/** Where a request is held: before anything is done, or when everything is and only the answer is missing. */
export type HoldStage = "before" | "after";

/** A request that is held. It is logged when it is released. */
export interface HeldRequest {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly clientId?: string;
  readonly stage: HoldStage;
  readonly requestId: string;
}

/** A status with its code. */
export interface Refusal {
  readonly status: number;
  readonly errorCode: string;
}

/** A token bucket: so many requests at first, and `refill` more every `seconds`. */
export interface Bucket {
  readonly capacity: number;
  readonly refill: number;
  readonly seconds: number;
}

/** What the public documentation leaves open, as switches: a client has to cope with every setting. */
export interface Switches {
  /** Whether a mint shows in `lastUsedAt`: never, or after this many seconds. */
  readonly lastUsedAfterSeconds: number | null;
  /** Whether a secret that was never used has `lastUsedAt: null` or no such field. */
  readonly unusedLastUsedAt: "null" | "absent";
  /** What a third secret answers; 400, 403 and 409 are all possible. */
  readonly thirdSecret: Refusal;
  readonly hoursOutOfRange: Refusal;
  readonly unknownSecret: Refusal;
  readonly unknownAccount: Refusal;
  /** What everything under a project that does not exist answers: 404 `GROUP_NOT_FOUND`, or 401 `NOT_IN_GROUP`. */
  readonly unknownProject: Refusal;
  /** Status of a role that is missing; its code says which. */
  readonly missingRole: 401 | 403;
  /** Whether secrets of an account of the organization, or of several projects, need Organization Owner: `NOT_ORG_OWNER`. */
  readonly sharedAccountNeedsOrgOwner: boolean;
  /** What a second DELETE of a secret answers. */
  readonly repeatedDelete: "not-found" | "no-content";
  /** How long after the POST a value starts to work, in seconds. */
  readonly valueWorksAfterSeconds: number;
  /** How long a GET does not show a new secret, in seconds. */
  readonly readLagSeconds: number;
  /** Whether lists carry `secrets`. */
  readonly listHoldsSecrets: boolean;
  /** How long after a POST the cut of the other secrets shows in `expiresAt`, in seconds. */
  readonly cutShowsAfterSeconds: number;
  readonly maskAtCreation: boolean;
  /** Whether a mask ends with the last four characters; without them it is `mdb_sa_sk_...`. */
  readonly maskShowsEnd: boolean;
  /** How much `totalCount` of a list is too high, or too low when it is negative; `null` for a list without it. */
  readonly totalCountOffBy: number | null;
  /** Whether every object in answers carries a field that the contract does not know. */
  readonly extraFields: boolean;
  /** Whether every call answers 402 `ACCOUNT_SUSPENDED`; a number: for so many seconds from now. */
  readonly accountSuspended: boolean | number;
  /** Whether POST and DELETE answer 405 `WRITES_NOT_ALLOWED_DURING_APP_UPGRADES`; a number: for so many seconds from now. */
  readonly appUpgrade: boolean | number;
  /** How many seconds the `Date` of answers is ahead of the clock; behind it when it is negative. */
  readonly dateAheadSeconds: number;
  /** `Retry-After` of a 429: the true value, `0`, no header, or the true value in every other answer only. */
  readonly retryAfter: "true" | "zero" | "absent" | "alternating";
  /** Longest lifetime that the organization allows, in hours. */
  readonly maxHours: number;
  /** Whether more than that is refused, or granted shorter than asked. */
  readonly hoursBeyondMax: "refused" | "shortened";
  /** Mints a minute for each client; `null` for no limit. */
  readonly mintLimitPerMinute: number | null;
  /** Live tokens of an account, beyond which a mint is refused. */
  readonly maxLiveTokens: number;
  /** Whether the documented token buckets of projects and organizations apply, or one of another size for all. */
  readonly rateLimits: boolean | Bucket;
  /** How long a POST occupies its account, in real milliseconds: a second one meanwhile gets 409. */
  readonly postDurationMs: number;
  /** Which digest algorithms are offered. */
  readonly digestAlgorithms: readonly ("MD5" | "SHA-256")[];
}

/** Names an account at a level. */
export interface AccountAddress {
  readonly level?: Level;
  readonly ownerId: string;
  readonly clientId: string;
}

/** What to seed. */
export interface NewAccount {
  readonly level?: Level;
  readonly ownerId?: string;
  readonly clientId?: string;
  readonly name?: string;
  readonly roles?: readonly string[];
  /** Whether the account starts with a secret, as one made in the web interface does. */
  readonly initialSecret?: boolean | { readonly hours: number };
  /** Whether Atlas manages it itself, so that lists leave it out unless they are asked not to. */
  readonly isSystemManaged?: boolean;
}

/** A seeded account. `secret` is given only when one was asked for. */
export interface SeededAccount {
  readonly level: Level;
  readonly ownerId: string;
  readonly orgId: string;
  readonly clientId: string;
  readonly secret?: { readonly id: string; readonly value: string };
}

/** Seeds many accounts. */
export interface SeedPlan {
  readonly projects: number;
  readonly accountsPerProject: number;
  readonly initialSecrets?: boolean;
}

/** One request as it is logged: no header and no body. */
export interface RequestRecord {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly clientId?: string;
  readonly secretId?: string;
  /** `null` when the connection was closed without an answer. */
  readonly status: number | null;
  readonly fault?: Fault["kind"];
  readonly at: string;
  readonly requestId: string;
}

/** Totals since the start. */
export interface Counters {
  readonly requests: number;
  readonly byOperation: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly contractViolations: readonly string[];
}

/** What the server holds; no values. */
export interface Inventory {
  readonly accounts: readonly {
    readonly clientId: string;
    readonly orgId: string;
    readonly projectIds: readonly string[];
    readonly secrets: readonly {
      readonly id: string;
      readonly createdAt: string;
      readonly expiresAt: string;
      readonly lastUsedAt?: string;
      readonly isExpired: boolean;
    }[];
  }[];
  readonly liveTokens: number;
}

/** What a test can do to the server. The same in the process and over HTTP. */
export interface Control {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string;
  now(): Promise<string>;
  advance(ms: number): Promise<void>;
  setTime(iso: string): Promise<void>;
  addFault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /** What a `hold` keeps now, oldest first. */
  held(): Promise<HeldRequest[]>;
  /** Lets held requests go on, default all of them; returns how many. */
  releaseHeld(match?: Match): Promise<number>;
  setSwitches(switches: Partial<Switches>): Promise<void>;
  addAccount(account?: NewAccount): Promise<SeededAccount>;
  seed(plan: SeedPlan): Promise<SeededAccount[]>;
  addApiKey(key?: { ownerId?: string; publicKey?: string; privateKey?: string; roles?: readonly string[] }): Promise<{
    publicKey: string;
    privateKey: string;
  }>;
  issueAccessToken(token?: { ownerId?: string; roles?: readonly string[]; lifetimeSeconds?: number }): Promise<string>;
  /**
   * Makes a secret as somebody else would: nobody is told its value, unless it is given. It cuts the others, like any creation.
   * By `id` it is the one that a recorded state names.
   */
  createForeignSecret(
    account: AccountAddress,
    secret?: { hours?: number; lastUsedAt?: string; value?: string; id?: string },
  ): Promise<{ id: string }>;
  deleteSecret(secretId: string): Promise<void>;
  setExpiry(secretId: string, iso: string): Promise<void>;
  setLastUsed(secretId: string, iso: string | null): Promise<void>;
  unassign(clientId: string, projectId: string): Promise<void>;
  /** Assigns an account to a project, with the role to read if none is given. */
  reassign(clientId: string, projectId: string, roles?: readonly string[]): Promise<void>;
  deleteAccount(clientId: string): Promise<void>;
  /** Deletes a project; its accounts live on in the organization. */
  deleteProject(projectId: string): Promise<void>;
  requests(): Promise<RequestRecord[]>;
  resetLog(): Promise<void>;
  counters(): Promise<Counters>;
  inventory(): Promise<Inventory>;
}

/** What became of a request: an answer, one that ends half-way through its body, or a connection closed without one. */
export type Outcome =
  | {
      readonly kind: "answer" | "half";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | {
      readonly kind: "closed";
      /** Whether nothing of the request was read. */
      readonly isUnread: boolean;
    };

/** A secret that a request created or deleted. */
export interface Change {
  readonly kind: "created" | "deleted";
  readonly clientId: string;
  readonly secretId: string;
  /** When it ends, or would have ended. */
  readonly expiresAt: string;
}

/** A request with its outcome, bodies and all: for a test that checks both. It holds values. */
export interface Exchange {
  readonly method: string;
  /** Path with query. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  readonly outcome: Outcome;
  /** What it changed, whatever became of the answer. */
  readonly changes: readonly Change[];
  readonly fault?: Fault["kind"];
}

/** A running server. */
export interface Simulator extends Control {
  close(): Promise<void>;
}

/** The same without a server: requests are function calls, and time stands still until it is moved. */
export interface LocalSimulator extends Control {
  /** Milliseconds since the epoch, of the virtual clock. */
  readonly nowMs: () => number;
  exchange(request: {
    readonly method: string;
    readonly target: string;
    /** Names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  }): Promise<Outcome>;
}

/** What both kinds of simulator can be told at the start. */
export interface LocalSimulatorOptions {
  /** Where the virtual clock starts; default now. */
  readonly startAt?: string;
  readonly switches?: Partial<Switches>;
  readonly seed?: "demo" | SeedPlan;
  /** Is shown every request that was served, with its outcome. */
  readonly observe?: (exchange: Exchange) => void;
}

/** Options of `startSimulator`. */
export interface SimulatorOptions extends LocalSimulatorOptions {
  /** Default 0: a free one. */
  readonly port?: number;
}
