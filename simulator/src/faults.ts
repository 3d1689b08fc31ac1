/** Scripted faults: which one meets a request. */
import type { Route } from "./request.js";
import type { Fault, Match } from "./types.js";

export class Faults {
  #scripts: { readonly fault: Fault; skip: number; left: number }[] = [];

  add(fault: Fault): void {
    const times = fault.times ?? 1;
    this.#scripts.push({ fault, skip: fault.skip ?? 0, left: times === "always" ? Number.POSITIVE_INFINITY : times });
  }

  clear(): void {
    this.#scripts = [];
  }

  /** The first fault that meets the request; it is used up by one. */
  take(method: string, path: string, route: Route): Fault | undefined {
    for (const script of this.#scripts) {
      if (script.left <= 0 || !isMatch(script.fault.match ?? {}, method, path, route)) continue;
      if (script.skip > 0) {
        script.skip -= 1;
        continue;
      }
      script.left -= 1;
      return script.fault;
    }
    return undefined;
  }
}

/** Whether a request agrees with all of what is given. */
export function isMatch(match: Match, method: string, path: string, { operation, clientId }: Route): boolean {
  return (
    (match.operation === undefined || match.operation === operation) &&
    (match.method === undefined || match.method === method) &&
    (match.pathIncludes === undefined || path.includes(match.pathIncludes)) &&
    (match.clientId === undefined || match.clientId === clientId)
  );
}
