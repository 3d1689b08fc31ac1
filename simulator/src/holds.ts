/** Requests that a `hold` keeps until somebody lets them go. */
import { isMatch } from "./faults.js";
import type { Route } from "./request.js";
import type { HeldRequest, Match } from "./types.js";

export class Holds {
  readonly #kept = new Map<string, { readonly held: HeldRequest; readonly route: Route; readonly letGo: () => void }>();

  /** Resolves when the request is released. */
  keep(held: HeldRequest, route: Route): Promise<void> {
    return new Promise((letGo) => this.#kept.set(held.requestId, { held, route, letGo }));
  }

  /** What is held now, oldest first. */
  list(): HeldRequest[] {
    return [...this.#kept.values()].map(({ held }) => held);
  }

  /** Lets those go that agree; returns how many. */
  release(match: Match = {}): number {
    const released = [...this.#kept].filter(([, { held, route }]) => isMatch(match, held.method, held.path, route));
    for (const [requestId, { letGo }] of released) {
      this.#kept.delete(requestId);
      letGo();
    }
    return released.length;
  }
}
