/** Calls a simulator over HTTP; it must refuse what the official description of the API does not have. */
import {
  type AccountAddress,
  DEMO_ORG_ID,
  type Level,
  type NewAccount,
  type Simulator,
  type SimulatorOptions,
  type Switches,
} from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../contract/checked-simulator.js";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Ten years in seconds: moving the clock does not end the tests' own token. */
const YEARS_S = 10 * 365 * 86_400;
export const MEDIA_TYPE = "application/vnd.atlas.2024-08-05+json";
/** Where the virtual clock of the tests starts. */
export const START = "2026-03-01T08:00:00Z";

/** One request. What is `null` is left out of it. */
export interface Call {
  readonly method?: string;
  readonly target: string;
  readonly authorization?: string | null;
  readonly accept?: string;
  readonly contentType?: string | null;
  readonly body?: string;
  /** Ends the request early. */
  readonly signal?: AbortSignal;
}

/** A secret as answers show it. */
export interface ShownSecret {
  readonly id: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt?: string | null;
  readonly maskedSecretValue?: string;
  readonly secret?: string;
}

/** Any field of any answer. */
export interface Body extends Partial<ShownSecret> {
  readonly clientId?: string;
  readonly secrets?: readonly ShownSecret[];
  readonly results?: readonly Body[];
  readonly totalCount?: number;
  readonly links?: readonly { readonly href: string; readonly rel: string }[];
  readonly error?: number | string;
  readonly errorCode?: string;
  readonly detail?: string;
  readonly reason?: string;
  readonly error_description?: string;
  readonly parameters?: readonly (string | number)[] | null;
  readonly access_token?: string;
  readonly expires_in?: number;
  readonly token_type?: string;
  readonly status?: number;
  readonly content?: Body;
}

/** An answer with its body as text and as data. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

/** A created secret with its value. */
export type Created = ShownSecret & { readonly secret: string };

/** A simulator and a token of the organization's owner, who may do everything. */
export class Api {
  readonly simulator: Simulator;
  readonly #token: string;

  constructor(simulator: Simulator, token: string) {
    this.simulator = simulator;
    this.#token = token;
  }

  async send(call: Call): Promise<Reply> {
    const { method = "GET", target, authorization = `Bearer ${this.#token}`, accept = MEDIA_TYPE } = call;
    const isTyped = call.contentType !== null && (call.contentType !== undefined || call.body !== undefined);
    const answer = await fetch(`${this.simulator.url}${target}`, {
      method,
      redirect: "manual",
      ...(call.signal && { signal: call.signal }),
      headers: {
        accept,
        ...(authorization !== null && { authorization }),
        ...(isTyped && { "content-type": call.contentType ?? MEDIA_TYPE }),
      },
      // Bytes: fetch would name a type for a text.
      ...(call.body !== undefined && { body: Buffer.from(call.body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: parse(text) };
  }

  /** Adds an account without secrets. */
  async add(account: NewAccount = {}): Promise<AccountAddress> {
    const { level, ownerId, clientId } = await this.simulator.addAccount(account);
    return { level, ownerId, clientId };
  }

  create(account: AccountAddress, hours = 720, changes: Partial<Call> = {}): Promise<Reply> {
    const body = JSON.stringify({ secretExpiresAfterHours: hours });
    return this.send({ method: "POST", target: `${toPath(account)}/secrets`, body, ...changes });
  }

  /** Creates a secret and fails unless the answer is a 201. */
  async created(account: AccountAddress, hours = 720): Promise<Created> {
    const { status, body } = await this.create(account, hours);
    if (status !== 201) throw new Error(`no secret was created: ${status} ${body.errorCode}`);
    return body as Created;
  }

  get(account: AccountAddress, changes: Partial<Call> = {}): Promise<Reply> {
    return this.send({ target: toPath(account), ...changes });
  }

  /** The secrets of an account as the server shows them now. */
  async shown(account: AccountAddress): Promise<readonly ShownSecret[]> {
    return (await this.get(account)).body.secrets ?? [];
  }

  delete(account: AccountAddress, secretId: string, changes: Partial<Call> = {}): Promise<Reply> {
    return this.send({ method: "DELETE", target: `${toPath(account)}/secrets/${secretId}`, ...changes });
  }

  list(owner: Pick<AccountAddress, "level" | "ownerId">, query = "", changes: Partial<Call> = {}): Promise<Reply> {
    return this.send({ target: `${toListPath(owner)}${query}`, ...changes });
  }

  /** Asks for a token; `changes` break the request. */
  mint(clientId: string, secret: string, changes: Partial<Call> = {}): Promise<Reply> {
    return this.#sendForm("/api/oauth/token", "grant_type=client_credentials", clientId, secret, changes);
  }

  revoke(token: string, clientId: string, secret: string): Promise<Reply> {
    return this.#sendForm("/api/oauth/revoke", `token=${encodeURIComponent(token)}`, clientId, secret, {});
  }

  #sendForm(target: string, body: string, clientId: string, secret: string, changes: Partial<Call>): Promise<Reply> {
    const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`;
    const contentType = "application/x-www-form-urlencoded";
    return this.send({ method: "POST", target, authorization, contentType, body, ...changes });
  }
}

const running: Simulator[] = [];

/** Starts a simulator at `START`; `closeApis` ends it. */
export async function openApi(switches: Partial<Switches> = {}, options: SimulatorOptions = {}): Promise<Api> {
  const simulator = await startCheckedSimulator({ startAt: START, switches, mayAskWrongly: true, ...options });
  running.push(simulator);
  return new Api(
    simulator,
    await simulator.issueAccessToken({ ownerId: DEMO_ORG_ID, roles: ["ORG_OWNER"], lifetimeSeconds: YEARS_S }),
  );
}

/** Ends every simulator of the test. */
export async function closeApis(): Promise<void> {
  for (const simulator of running.splice(0)) await simulator.close();
}

/** Moves the clock to `ms` milliseconds after an ISO time. */
export async function goTo(simulator: Simulator, iso: string, ms = 0): Promise<void> {
  await simulator.setTime(new Date(Date.parse(iso) + ms).toISOString());
}

/** Path of an owner's accounts. */
export function toListPath({ level, ownerId }: { readonly level?: Level; readonly ownerId: string }): string {
  return `/api/atlas/v2/${level === "organization" ? "orgs" : "groups"}/${ownerId}/serviceAccounts`;
}

/** Path of an account. */
export function toPath(account: AccountAddress): string {
  return `${toListPath(account)}/${account.clientId}`;
}

function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}
