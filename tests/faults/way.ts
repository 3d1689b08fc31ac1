/**
 * The way from the provider to a simulated Atlas, with a fault at one point of it: at the n-th request of a kind, once or
 * from then on. The server makes some faults; the others are the wire's, so that the server never sees them.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Exchange, Fault, Operation } from "pulumi-atlas-secrets-simulator";
import { createTransport, type Transport, type TransportRequest } from "../../provider/src/atlas/transport.js";
import { Sensitive } from "../../provider/src/sensitive.js";
import type { VirtualAtlas } from "../model/virtual-atlas.js";

/** `closed-port`: nobody listens. `time-out-before`: it never arrives. `time-out-after`: it is done, the answer never comes. */
export type WireFault = "closed-port" | "time-out-before" | "time-out-after";

type Unmatched<F> = F extends unknown ? Omit<F, "match" | "skip" | "times"> : never;

/** What goes wrong: on the wire, or at the server. */
export type WayFault = { readonly wire: WireFault } | { readonly server: Unmatched<Fault> };

/** Which request: the `index`-th (from 0) of an operation, for a mint of one client id only. */
export interface Point {
  readonly operation: Operation;
  readonly clientId?: string;
  readonly index: number;
}

/** How long the product waits for an answer. */
const REQUEST_TIMEOUT_MS = 30_000;

/** How long a request to a server that never answers takes in real time. */
const SILENCE_MS = 30;

/** Port 1 is privileged and unused: a connection to it is refused. */
const CLOSED_ORIGIN = "http://127.0.0.1:1";

interface Script {
  readonly point: Point;
  readonly isPersistent: boolean;
  readonly fault?: WayFault;
  readonly act?: () => Promise<unknown>;
  seen: number;
  met: number;
}

/** Options of `createWay`. */
export interface WayOptions {
  readonly kind: "local" | "http";
  readonly atlas: VirtualAtlas;
  /** Is shown a request that never reached the server although its sender cannot know that. */
  readonly onUnseen: (exchange: Exchange) => void;
}

/** A transport with faults on it. */
export interface Way {
  readonly transport: Transport;
  /** Whether the server's answer to the request under way is thrown away. */
  readonly isDiscarding: () => boolean;
  script(point: Point, fault: WayFault, isPersistent: boolean): void;
  /** Lets something happen just before a request is sent. */
  before(point: Point, act: () => Promise<unknown>): void;
  /** Ends all faults; returns how many requests the last one of them met. */
  clear(): number;
  close(): Promise<void>;
}

export async function createWay({ kind, atlas, onUnseen }: WayOptions): Promise<Way> {
  let scripts: Script[] = [];
  let isDiscarding = false;
  const silent = kind === "http" ? await listenInSilence() : undefined;

  async function sendAmiss(request: TransportRequest, fault: WayFault, point: Point) {
    if ("server" in fault) {
      const { operation, clientId } = point;
      const match = { operation, ...(clientId !== undefined && { clientId }) };
      await atlas.control.addFault({ ...fault.server, match, times: 1 });
      const outcome = await atlas.transport(request);
      const isDoubtful = outcome.kind === "no-answer" && outcome.mayHaveBeenApplied;
      if (fault.server.kind === "refuse" && isDoubtful) onUnseen(toUnseen(request));
      return outcome;
    }
    if (fault.wire === "closed-port") return silent ? silent.sendToClosedPort(request) : REFUSED;
    if (fault.wire === "time-out-after") {
      isDiscarding = true;
      await atlas.transport(request);
      isDiscarding = false;
    } else {
      onUnseen(toUnseen(request));
    }
    await atlas.clock.sleep(REQUEST_TIMEOUT_MS);
    return silent ? silent.send(request) : TIMED_OUT;
  }

  return {
    isDiscarding: () => isDiscarding,
    script: (point, fault, isPersistent) => void scripts.push({ point, fault, isPersistent, seen: 0, met: 0 }),
    before: (point, act) => void scripts.push({ point, act, isPersistent: false, seen: 0, met: 0 }),
    clear: () => {
      const met = scripts.at(-1)?.met ?? 0;
      scripts = [];
      return met;
    },
    close: async () => silent?.close(),
    transport: async (request) => {
      const due = scripts.filter((script) => takesNote(script, request));
      for (const { act } of due) await act?.();
      const script = due.find(({ fault }) => fault);
      if (!script?.fault) return atlas.transport(request);
      script.met += 1;
      return sendAmiss(request, script.fault, script.point);
    },
  };
}

const REFUSED = { kind: "no-answer", cause: "ECONNREFUSED", mayHaveBeenApplied: false } as const;
const TIMED_OUT = { kind: "no-answer", cause: "timeout", mayHaveBeenApplied: true } as const;

/** Counts a request of the script's kind; returns whether it meets it. */
function takesNote(script: Script, request: TransportRequest): boolean {
  const { point, isPersistent } = script;
  if (toOperation(request) !== point.operation) return false;
  if (point.clientId !== undefined && toSigner(request) !== point.clientId) return false;
  script.seen += 1;
  return isPersistent ? script.seen > point.index : script.seen === point.index + 1;
}

/** The operation of a request of the provider. */
export function toOperation({ method, url }: Pick<TransportRequest, "method" | "url">): Operation {
  const { pathname } = new URL(url);
  if (pathname === "/api/oauth/token") return "mint";
  if (pathname === "/api/oauth/revoke") return "revoke";
  if (method === "POST") return "createSecret";
  if (method === "DELETE") return "deleteSecret";
  return pathname.endsWith("/serviceAccounts") ? "listAccounts" : "getAccount";
}

/** The client id of a request with HTTP Basic; `undefined` for others. */
export function toSigner({ authorization }: TransportRequest): string | undefined {
  const [, encoded] = /^Basic (.+)$/.exec(authorization ? Sensitive.reveal(authorization) : "") ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString().split(":")[0];
}

function toUnseen({ method, url, headers = {}, body = "" }: TransportRequest): Exchange {
  const { pathname, search } = new URL(url);
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method,
    target: `${pathname}${search}`,
    headers: lower,
    body,
    outcome: { kind: "closed", isUnread: false },
    changes: [],
  };
}

/** A server that takes requests and never answers, with the product's own transport to it. */
async function listenInSilence() {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = createTransport({ timeoutMs: SILENCE_MS, env: {} });
  const patient = createTransport({ env: {} });
  const at = (other: string, { url, ...request }: TransportRequest): TransportRequest => {
    const { pathname, search } = new URL(url);
    return { ...request, url: `${other}${pathname}${search}` };
  };
  return {
    // On a busy machine the time can be over before there is a connection: that is another fault.
    send: async (request: TransportRequest) => {
      for (;;) {
        const outcome = await transport(at(origin, request));
        if (outcome.kind === "answer" || outcome.mayHaveBeenApplied) return outcome;
      }
    },
    sendToClosedPort: (request: TransportRequest) => patient(at(CLOSED_ORIGIN, request)),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
