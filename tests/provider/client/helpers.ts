/** A client on a simulator over real HTTP; every request and answer is checked against the official description. */
import {
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_PROJECT_ID,
  type Simulator,
} from "pulumi-atlas-secrets-simulator";
import type { AtlasClient } from "../../../provider/src/atlas/client.js";
import { createAtlasClient } from "../../../provider/src/atlas/session.js";
import { createTransport, type TransportOptions } from "../../../provider/src/atlas/transport.js";
import type { AccountRef } from "../../../provider/src/atlas/types.js";
import type { Clock } from "../../../provider/src/clock.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import type { Credential } from "../../../provider/src/settings.js";
import { startCheckedSimulator } from "../../contract/checked-simulator.js";

export const ADMIN: Credential = {
  kind: "service-account",
  clientId: DEMO_ADMIN_CLIENT_ID,
  clientSecret: new Sensitive(DEMO_ADMIN_SECRET),
};

/** One test's world. */
export interface ClientWorld {
  readonly atlas: Simulator;
  readonly account: AccountRef;
  /** A client with a credential; the administrator's by default. */
  connect(credential?: Credential, options?: TransportOptions): AtlasClient;
  /** The clock of its clients. */
  readonly clock: Clock;
  /** The clients' waits so far, in milliseconds: they pass at once, here and on the server. */
  readonly waitsMs: readonly number[];
}

/** Starts a simulator with one account without secrets. */
export async function createClientWorld(): Promise<ClientWorld> {
  const atlas = await startCheckedSimulator({ switches: { mintLimitPerMinute: null, rateLimits: false } });
  const { clientId } = await atlas.addAccount();
  const { clock, waitsMs } = createSharedClock(atlas);
  return {
    atlas,
    clock,
    waitsMs,
    account: { level: "project", ownerId: DEMO_PROJECT_ID, clientId },
    connect: (credential = ADMIN, options = {}) =>
      createAtlasClient({
        settings: { baseUrl: atlas.url, credential },
        clock,
        transport: createTransport(options),
      }),
  };
}

/** A clock that stands still but for its waits, which take no time: they move the server's clock as well. */
function createSharedClock(atlas: Simulator): { clock: Clock; waitsMs: number[] } {
  const waitsMs: number[] = [];
  let nowMs = Date.now();
  const sleep = async (ms: number) => {
    waitsMs.push(ms);
    nowMs += ms;
    await atlas.advance(ms);
  };
  return { clock: { now: () => nowMs, sleep }, waitsMs };
}

/** Resolves with what `work` rejects with. */
export async function failureOf(work: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await work;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error("it did not fail");
}
