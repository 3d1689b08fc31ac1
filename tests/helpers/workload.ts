/**
 * A workload that signs in all the time with the value that it holds: mints a token, uses it, revokes it, and begins again
 * 50 ms later. It takes a new value over HTTP on loopback and answers when it has let go of the old one and tried the new
 * one, as a deployment does that waits until its new instances are ready.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { untilFound } from "./poll.js";

const PAUSE_MS = 50;

/** What the workload signs in to. */
export interface WorkloadTarget {
  readonly baseUrl: string;
  readonly projectId: string;
  readonly clientId: string;
}

/** A value that the workload was given, and how it fared with it. */
interface HeldValue {
  readonly value: string;
  tries: number;
}

export class Workload {
  /** One line for each sign-in that failed. */
  readonly failures: string[] = [];
  readonly #target: WorkloadTarget;
  readonly #server: Server;
  readonly #held: HeldValue[] = [];
  readonly #work: Promise<void>;
  #isStopped = false;
  #isPaused = false;
  #isSigningIn = false;

  private constructor(target: WorkloadTarget) {
    this.#target = target;
    this.#server = createServer(async (request, response) => {
      await this.#take(await text(request));
      response.writeHead(204).end();
    });
    this.#work = this.#signInAgainAndAgain();
  }

  /** Starts to listen; the first value starts the sign-ins. */
  static async start(target: WorkloadTarget): Promise<Workload> {
    const workload = new Workload(target);
    await new Promise<void>((resolve) => workload.#server.listen(0, "127.0.0.1", resolve));
    return workload;
  }

  /** Where it takes a value: the body of a POST. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** How often it tried each value that it was given, in their order. */
  get tries(): readonly number[] {
    return this.#held.map(({ tries }) => tries);
  }

  /** Does something between two sign-ins: a token does not outlive a jump of the clock. */
  async pauseDuring(work: () => Promise<void>): Promise<void> {
    this.#isPaused = true;
    await untilFound(() => (this.#isSigningIn ? undefined : true));
    await work();
    this.#isPaused = false;
  }

  /** Ends the sign-ins; resolves when none is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#work;
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #take(value: string): Promise<void> {
    const held = { value, tries: 0 };
    this.#held.push(held);
    // One sign-in follows the other: a try of this one is the end of the last with the old one.
    await untilFound(() => (held.tries > 0 ? true : undefined));
  }

  async #signInAgainAndAgain(): Promise<void> {
    for (; !this.#isStopped; await sleep(PAUSE_MS)) {
      const held = this.#held.at(-1);
      if (!held || this.#isPaused) continue;
      this.#isSigningIn = true;
      const failure = await this.#signIn(held.value);
      this.#isSigningIn = false;
      if (failure !== undefined) this.failures.push(failure);
      held.tries += 1;
    }
  }

  /** Resolves with what failed. */
  async #signIn(value: string): Promise<string | undefined> {
    const { projectId, clientId } = this.#target;
    const basic = `Basic ${Buffer.from(`${clientId}:${value}`).toString("base64")}`;
    const minted = await this.#send("/api/oauth/token", basic, "grant_type=client_credentials");
    if (!minted.ok) return `mint: ${minted.status}`;
    const { access_token: token } = (await minted.json()) as { access_token: string };
    const used = await this.#send(`/api/atlas/v2/groups/${projectId}/serviceAccounts/${clientId}`, `Bearer ${token}`);
    if (!used.ok) return `use: ${used.status}`;
    const revoked = await this.#send("/api/oauth/revoke", basic, `token=${encodeURIComponent(token)}`);
    return revoked.ok ? undefined : `revoke: ${revoked.status}`;
  }

  #send(path: string, authorization: string, form?: string): Promise<Response> {
    const url = `${this.#target.baseUrl}${path}`;
    if (form === undefined) {
      return fetch(url, { headers: { authorization, accept: "application/vnd.atlas.2024-08-05+json" } });
    }
    const headers = { authorization, accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
    return fetch(url, { method: "POST", headers, body: form });
  }
}
