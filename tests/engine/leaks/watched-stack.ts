/**
 * A stack on a simulated Atlas that signs in with a credential of its own, and every confidential value of it: what it signs
 * in with, each token and each secret that the server ever gave out, also those that nobody recorded.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_PROJECT_ID, type Exchange, type Simulator } from "pulumi-atlas-secrets-simulator";
import { startCheckedSimulator } from "../../contract/checked-simulator.js";
import { type DeclaredSecret, PulumiStack, type PulumiStackOptions } from "../../helpers/pulumi-stack.js";

/** Planted where a confidential value may not be, so that each search can be seen to find something. */
export const PLANTED = "FAKE-planted-canary-7Kq2ZwV9xT4mRb8L";

export class WatchedStack {
  readonly atlas: Simulator;
  readonly stack: PulumiStack;
  /** Client id of the credential that the provider signs in with. */
  readonly adminClientId: string;
  readonly #values: Map<string, string>;

  private constructor(atlas: Simulator, stack: PulumiStack, adminClientId: string, values: Map<string, string>) {
    this.atlas = atlas;
    this.stack = stack;
    this.adminClientId = adminClientId;
    this.#values = values;
  }

  static async create(options: Omit<PulumiStackOptions, "env"> = {}): Promise<WatchedStack> {
    const values = new Map<string, string>();
    const note = (name: string, value: string) => {
      if (![...values.values()].includes(value)) values.set(`${name}-${values.size}`, value);
    };
    let adminClientId = "";
    const observe = ({ headers, outcome }: Exchange) => {
      if (outcome.kind === "closed") return;
      const { access_token: token, secret } = parse(outcome.body);
      const [signer] = Buffer.from(String(headers.authorization).slice(6), "base64").toString().split(":");
      if (typeof token === "string") note(signer === adminClientId ? "bearer" : "token", token);
      if (typeof secret === "string") note("created", secret);
    };
    const atlas = await startCheckedSimulator({ switches: { mintLimitPerMinute: null }, observe });
    const admin = await atlas.addAccount({
      ownerId: DEMO_PROJECT_ID,
      roles: ["GROUP_OWNER"],
      initialSecret: { hours: 8760 },
    });
    adminClientId = admin.clientId;
    const adminSecret = String(admin.secret?.value);
    note("admin", adminSecret);
    const stack = await PulumiStack.create({
      ...options,
      env: {
        MONGODB_ATLAS_BASE_URL: atlas.url,
        MONGODB_ATLAS_CLIENT_ID: adminClientId,
        MONGODB_ATLAS_CLIENT_SECRET: adminSecret,
      },
    });
    return new WatchedStack(atlas, stack, adminClientId, values);
  }

  /** Ends the server and removes the stack's folder. */
  async close(): Promise<void> {
    await this.atlas.close();
    this.stack.remove();
  }

  /** The confidential values so far, by what they are: `ticket`, or `admin`, `bearer`, `token`, `created` and a number. */
  values(): Record<string, string> {
    return { ticket: TICKET, ...Object.fromEntries(this.#values) };
  }

  /** The values that the server gave out as secrets so far, oldest first. */
  created(): string[] {
    return [...this.#values].filter(([name]) => name.startsWith("created")).map(([, value]) => value);
  }

  /** Declares a secret on a new account. */
  async declare(changes: Readonly<Record<string, unknown>> = {}, className?: string): Promise<DeclaredSecret> {
    const { clientId } = await this.atlas.addAccount({ ownerId: DEMO_PROJECT_ID });
    const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720, ...changes };
    return className === undefined ? { args } : { args, class: className };
  }

  /** Names and contents of all files below a folder of the stack. */
  readFolder(...names: string[]): string {
    return readdirSync(join(this.stack.folder, ...names), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => `${path}\n${readFileSync(path, "latin1")}`)
      .join("\n");
  }
}

function parse(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A trigger that is itself confidential. */
const TICKET = "FAKE-ticket-canary-Zp3uGa8JsEo6NwX5tMiV";

/** The same declaration with other triggers, so that it rotates; one of them is given as a Pulumi secret. */
export function withTrigger(declared: DeclaredSecret, trigger: string): DeclaredSecret {
  return { ...declared, args: { ...declared.args, triggers: { trigger, secretTicket: TICKET } } };
}
