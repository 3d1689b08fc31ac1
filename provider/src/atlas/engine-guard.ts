/**
 * Lets no request out once the Pulumi engine is gone. When the engine is killed, this process lives on, and whatever it
 * creates then is recorded nowhere. Only the engine's address tells: it is an argument of the host of dynamic providers, and
 * refuses connections once nobody listens there.
 */
import { connect } from "node:net";
import type { Transport } from "./transport.js";

/** `NoAnswer.cause` of a request that was not sent because the engine is gone. */
export const ENGINE_GONE = "engine-gone";

/** A listening engine accepts at once; one that is merely slow is not taken for gone. */
const PROBE_TIMEOUT_MS = 2_000;

/** `connect` throws above this. */
const MAX_PORT = 65_535;

/** The engine's address in the arguments of the host of dynamic providers; `undefined` in any other process. */
export function findEngineAddress(argv: readonly string[]): { host: string; port: number } | undefined {
  const [, script = "", address = ""] = argv;
  const found = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/.exec(address);
  if (!found || !/[/\\]dynamic-provider\b/.test(script)) return undefined;
  const [, host = "", port] = found;
  return Number(port) > MAX_PORT ? undefined : { host: host.replace(/[[\]]/g, ""), port: Number(port) };
}

/** Whether something listens at the address. Only a refused connection says no. */
export function isListening(address: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: PROBE_TIMEOUT_MS });
    const settle = (isAlive: boolean) => {
      socket.destroy();
      resolve(isAlive);
    };
    socket.once("timeout", () => settle(true));
    socket.once("connect", () => settle(true));
    socket.once("error", (error: NodeJS.ErrnoException) => settle(error.code !== "ECONNREFUSED"));
  });
}

/** The same transport, asking `isEngineAlive` before each request. */
export function guardByEngine(transport: Transport, isEngineAlive: () => Promise<boolean>): Transport {
  return async (request) =>
    (await isEngineAlive()) ? transport(request) : { kind: "no-answer", cause: ENGINE_GONE, mayHaveBeenApplied: false };
}
