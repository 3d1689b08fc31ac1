/** The control interface over HTTP, for tests and tools in another process. */
import { CONTROL_METHODS } from "./control-rules.js";
import type { Control } from "./types.js";

/** Path prefix of control requests. */
export const CONTROL_PREFIX = "/_control/";

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
