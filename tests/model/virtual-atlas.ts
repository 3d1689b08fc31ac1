/**
 * A simulated Atlas in virtual time, with the provider's transport and clock on it: waits take no time, and every request and
 * answer is checked against the official description of the API. `local` calls the simulator's functions, for campaigns of
 * many runs; `http` goes over a real connection.
 */
import {
  type Control,
  createLocalSimulator,
  type Exchange,
  type LocalSimulatorOptions,
  type Outcome,
  startSimulator,
} from "pulumi-atlas-secrets-simulator";
import { createTransport, type Transport } from "../../provider/src/atlas/transport.js";
import type { Clock } from "../../provider/src/clock.js";
import { Sensitive } from "../../provider/src/sensitive.js";
import { ContractLog } from "../contract/contract-log.js";

/** Header by which a test tells whose request an exchange was. */
export const CALLER_HEADER = "x-test-caller";

/** Header that holds when a request was sent, in milliseconds of virtual time. */
const SENT_HEADER = "x-test-sent-ms";

/** Header that holds when the provider let go of a request, where that was earlier: what delays it is the network. */
export const RELEASED_HEADER = "x-test-released-ms";

/** How long a request may take in virtual time, as in the product. */
const REQUEST_TIMEOUT_MS = 30_000;

/** How long a request may take in real time, over a real connection. */
const REAL_TIMEOUT_MS = 10_000;

/** A server with everything that the provider touches. */
export interface VirtualAtlas {
  readonly control: Control;
  readonly clock: Clock;
  readonly transport: Transport;
  readonly contract: ContractLog;
  /** Rejects with what was not as described. */
  close(): Promise<void>;
}

/** Starts at a fixed time, so that a run can be repeated. */
const START = "2026-03-01T08:00:00Z";

/** Makes the server; `observe` sees every exchange. */
export async function createVirtualAtlas(
  kind: "local" | "http",
  { observe, ...options }: LocalSimulatorOptions = {},
): Promise<VirtualAtlas> {
  const contract = new ContractLog();
  const settings: LocalSimulatorOptions = {
    startAt: START,
    ...options,
    observe: (exchange) => {
      contract.note(exchange);
      observe?.(exchange);
    },
  };
  return kind === "local" ? createLocal(settings, contract) : createOverHttp(settings, contract);
}

async function createLocal(options: LocalSimulatorOptions, contract: ContractLog): Promise<VirtualAtlas> {
  // Judged when the answer is made: others may move the clock before whoever waits for it goes on.
  const late = new WeakSet<Outcome>();
  const simulator = await createLocalSimulator({
    ...options,
    observe: (exchange) => {
      if (isTimedOut(exchange, simulator.nowMs())) late.add(exchange.outcome);
      options.observe?.(exchange);
    },
  });
  const transport: Transport = async ({ method, url, headers = {}, body, authorization }) => {
    const startMs = simulator.nowMs();
    const sent: Record<string, string> = { [SENT_HEADER]: String(startMs) };
    for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = value;
    if (authorization) sent.authorization = Sensitive.reveal(authorization);
    const target = url.slice(simulator.url.length);
    const outcome = await simulator.exchange({ method, target, headers: sent, ...(body !== undefined && { body }) });
    if (late.has(outcome)) return toNoAnswer("timeout");
    if (outcome.kind === "closed") return toNoAnswer(outcome.isUnread ? "ECONNREFUSED" : "ECONNRESET");
    if (outcome.kind === "half") return toNoAnswer("ECONNRESET");
    const serverTimeMs = Date.parse(outcome.headers.date ?? "");
    return { ...outcome, kind: "answer", serverTimeMs };
  };
  const clock: Clock = { now: simulator.nowMs, sleep: (ms) => simulator.advance(ms) };
  return { control: simulator, clock, transport, contract, close: async () => contract.assertClean() };
}

async function createOverHttp(options: LocalSimulatorOptions, contract: ContractLog): Promise<VirtualAtlas> {
  const simulator = await startSimulator(options);
  let aheadMs = Date.parse(await simulator.now()) - Date.now();
  const clock: Clock = {
    now: () => Date.now() + aheadMs,
    sleep: async (ms) => {
      aheadMs += ms;
      await simulator.advance(ms);
    },
  };
  const transport = createTransport({ timeoutMs: REAL_TIMEOUT_MS, env: {} });
  const close = async () => {
    await simulator.close();
    contract.assertClean();
  };
  return { control: simulator, clock, transport, contract, close };
}

function toNoAnswer(cause: string) {
  return { kind: "no-answer", cause, mayHaveBeenApplied: cause !== "ECONNREFUSED" } as const;
}

/** Whose request an exchange was, as `callingAs` marked it. */
export function toCaller({ headers }: Exchange): string {
  return String(headers[CALLER_HEADER] ?? "");
}

/** When a request was sent, in virtual time; only without a server. */
function toSentMs({ headers }: Exchange): number | undefined {
  const sent = headers[SENT_HEADER];
  return sent === undefined ? undefined : Number(sent);
}

/** When the provider let go of a request, in virtual time; only without a server. */
export function toReleasedMs(exchange: Exchange): number | undefined {
  const released = exchange.headers[RELEASED_HEADER];
  return released === undefined ? toSentMs(exchange) : Number(released);
}

/** Whether the answer came too late for who asked, as seen when it comes; only without a server. */
export function isTimedOut(exchange: Exchange, nowMs: number): boolean {
  return nowMs - (toSentMs(exchange) ?? nowMs) >= REQUEST_TIMEOUT_MS;
}

/** The same transport for one caller, which an observer can read from the exchange. */
export function callingAs(transport: Transport, caller: () => string): Transport {
  return (request) => transport({ ...request, headers: { ...request.headers, [CALLER_HEADER]: caller() } });
}
