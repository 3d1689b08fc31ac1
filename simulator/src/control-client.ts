/** The control interface over HTTP, for tests and tools in another process. */
import type { Control } from "./types.js";

/** Path prefix of control requests. */
export const CONTROL_PREFIX = "/_control/";

/** The methods, each a POST with the arguments as a JSON list. */
export const CONTROL_METHODS = [
  "now",
  "advance",
  "setTime",
  "addFault",
  "clearFaults",
  "held",
  "releaseHeld",
  "setSwitches",
  "addAccount",
  "seed",
  "addApiKey",
  "issueAccessToken",
  "createForeignSecret",
  "deleteSecret",
  "setExpiry",
  "setLastUsed",
  "unassign",
  "reassign",
  "deleteAccount",
  "deleteProject",
  "requests",
  "resetLog",
  "counters",
  "inventory",
] as const satisfies readonly Exclude<keyof Control, "url">[];

/** Connects to a running simulator. Methods reject with the server's message. */
export function connectControl(url: string): Control {
  const base = url.replace(/\/+$/, "");
  const call = async (method: string, args: readonly unknown[]): Promise<unknown> => {
    const answer = await fetch(`${base}${CONTROL_PREFIX}${method}`, { method: "POST", body: JSON.stringify(args) });
    const { result, problem } = (await answer.json()) as { result?: unknown; problem?: string };
    if (!answer.ok) throw new Error(problem ?? `control ${method} failed with ${answer.status}`);
    return result;
  };
  const methods = CONTROL_METHODS.map((method) => [method, (...args: unknown[]) => call(method, args)]);
  return { url: base, ...Object.fromEntries(methods) } as Control;
}
