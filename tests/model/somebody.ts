/** Somebody else with the right to manage the same accounts: makes, uses and deletes secrets, and knows the values of their own. */
import { Sensitive } from "../../provider/src/sensitive.js";
import type { Places } from "./declarations.js";
import type { AccountName, Foreign } from "./steps.js";
import type { VirtualAtlas } from "./virtual-atlas.js";

/** What Atlas really holds of one secret. */
export interface HeldTruth {
  readonly id: string;
  readonly clientId: string;
  readonly expiresAtMs: number;
}

export class Somebody {
  /** Values of secrets, by id, of their own making. */
  readonly values = new Map<string, string>();
  /** Ids of secrets that they deleted or let expire. */
  readonly ended = new Set<string>();
  readonly #atlas: VirtualAtlas;
  readonly #places: Places;
  #made = 0;

  constructor(atlas: VirtualAtlas, places: Places) {
    this.#atlas = atlas;
    this.#places = places;
  }

  /** Does it if it is possible now, and nobody else was faster. */
  async act(foreign: Foreign): Promise<void> {
    await this.#act(foreign).catch(() => undefined);
  }

  async #act(foreign: Foreign): Promise<void> {
    const { control } = this.#atlas;
    const clientId = this.#places.clientIds[foreign.account];
    switch (foreign.what) {
      case "unassign":
        return control.unassign(clientId, this.#places.projectId);
      case "reassign":
        return this.reassign(foreign.account);
      case "create": {
        const id = await this.create(foreign.account, foreign.hours);
        if (id !== undefined && foreign.isUsed) await this.use(foreign.account, id);
        return;
      }
      default:
        return this.#actOnSecret(foreign);
    }
  }

  async #actOnSecret(foreign: Extract<Foreign, { pick: number }>): Promise<void> {
    const { control, clock } = this.#atlas;
    const held = await this.heldOn(foreign.account);
    const secret = held[foreign.pick % Math.max(1, held.length)];
    if (!secret) return;
    if (foreign.what === "use") return this.use(foreign.account, secret.id);
    this.ended.add(secret.id);
    if (foreign.what === "delete") return control.deleteSecret(secret.id);
    const expiresAtMs = Math.min(secret.expiresAtMs, Math.floor(clock.now() / 1000) * 1000 + foreign.inMs);
    return control.setExpiry(secret.id, new Date(expiresAtMs).toISOString());
  }

  /** Assigns an account to its project, with the role that it has had. */
  reassign(account: AccountName): Promise<void> {
    const roles = [account === "provider" ? "GROUP_OWNER" : "GROUP_READ_ONLY"];
    return this.#atlas.control.reassign(this.#places.clientIds[account], this.#places.projectId, roles);
  }

  /** Makes a secret if a slot is free; returns its id. */
  async create(account: AccountName, hours: number): Promise<string | undefined> {
    if ((await this.heldOn(account)).length >= 2) return undefined;
    this.#made += 1;
    const value = `mdb_sa_sk_FAKE-of-somebody-else-${String(this.#made).padStart(16, "0")}`;
    const address = { ownerId: this.#places.projectId, clientId: this.#places.clientIds[account] };
    const { id } = await this.#atlas.control.createForeignSecret(address, { hours, value });
    this.values.set(id, value);
    return id;
  }

  /** Signs in with a secret whose value they know. */
  async use(account: AccountName, secretId: string): Promise<void> {
    const value = this.values.get(secretId);
    if (value !== undefined) await signIn(this.#atlas, this.#places.clientIds[account], value);
  }

  async heldOn(account: AccountName): Promise<HeldTruth[]> {
    const clientId = this.#places.clientIds[account];
    return (await fetchTruth(this.#atlas)).filter((secret) => secret.clientId === clientId);
  }
}

/** Mints a token with a pair; true when Atlas accepts it. */
export async function signIn({ control, transport }: VirtualAtlas, clientId: string, value: string): Promise<boolean> {
  const outcome = await transport({
    method: "POST",
    url: `${control.url}/api/oauth/token`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "grant_type=client_credentials",
    authorization: new Sensitive(`Basic ${Buffer.from(`${clientId}:${value}`).toString("base64")}`),
  });
  return outcome.kind === "answer" && (outcome.status === 200 || outcome.status === 429);
}

/** Everything that the server holds. */
export async function fetchTruth({ control }: VirtualAtlas): Promise<HeldTruth[]> {
  const { accounts } = await control.inventory();
  return accounts.flatMap(({ clientId, secrets }) =>
    secrets.map(({ id, expiresAt }) => ({ id, clientId, expiresAtMs: Date.parse(expiresAt) })),
  );
}
