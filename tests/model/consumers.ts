/** What depends on the secrets of one stack: it holds the value that a run last delivered, and signs in with it. */
import type { Properties } from "../../provider/src/protocol.js";
import { signIn } from "./somebody.js";
import type { VirtualAtlas } from "./virtual-atlas.js";
import { DependentFailure } from "./watch.js";

interface Held {
  readonly clientId: string;
  readonly secretId: string;
  readonly value: string;
}

export class Consumers {
  /** Whether they cannot be updated now. */
  areFailing = false;
  readonly #atlas: VirtualAtlas;
  readonly #held = new Map<string, Held>();

  constructor(atlas: VirtualAtlas) {
    this.#atlas = atlas;
  }

  /** Takes over what a resource gives in this run. */
  take(resource: string, { clientId, secretId, secret }: Properties): void {
    if (typeof secretId !== "string") return;
    if (this.areFailing && this.#held.get(resource)?.secretId !== secretId)
      throw new DependentFailure("a dependent resource could not be updated");
    this.#held.set(resource, { clientId: String(clientId), secretId: String(secretId), value: String(secret) });
  }

  /** Forgets those whose resource is no more. */
  forget(existing: readonly string[]): void {
    for (const name of this.#held.keys()) if (!existing.includes(name)) this.#held.delete(name);
  }

  isHeld(secretId: string): boolean {
    return [...this.#held.values()].some((held) => held.secretId === secretId);
  }

  /** Signs in with what they hold. */
  async use(): Promise<void> {
    for (const { clientId, value } of this.#held.values()) await signIn(this.#atlas, clientId, value);
  }

  /**
   * What they hold and cannot use any more.
   *
   * @param ended secrets that somebody else deleted, or that expired
   * @param isDeletedByOwn whether the stack itself deleted a secret
   */
  findProblems(
    existing: ReadonlySet<string>,
    ended: ReadonlySet<string>,
    isDeletedByOwn: (secretId: string) => boolean,
  ): string[] {
    const problems: string[] = [];
    for (const [name, { secretId }] of this.#held) {
      if (existing.has(secretId) || ended.has(secretId) || !isDeletedByOwn(secretId)) continue;
      problems.push(`what depends on ${name} holds ${secretId}, which the stack has deleted`);
    }
    return problems;
  }
}
