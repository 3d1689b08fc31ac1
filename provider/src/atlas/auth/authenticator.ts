/** What every kind of credential can do for the client: name the header of a request, and react to a 401. */
import type { Sensitive } from "../../sensitive.js";
import type { Answer } from "../transport.js";

/** The method and the path with query of a request, as digest authentication signs them. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
}

/** What to do after an answer. `unsupported`: what the server asked for and this credential cannot give, to follow 'asked for'. */
export type RetryVerdict =
  | { readonly action: "retry"; readonly waitMs: number }
  | { readonly action: "stop"; readonly unsupported?: string };

/** The answer stands. */
export const STOP: RetryVerdict = { action: "stop" };

/** Authenticates requests with one credential. */
export interface Authenticator {
  /** Gets what requests are signed with, where that takes a request of its own: many can wait for it together. */
  prepare?(): Promise<unknown>;
  /** The `Authorization` header for the next attempt; absent when the server has to ask first. */
  fetchAuthorization(request: RequestLine): Promise<Sensitive | undefined>;
  /**
   * Takes note of any answer, and decides whether one more attempt can succeed (after a 401).
   *
   * @param sent the authorizations that this request was sent with so far, the last one last
   */
  decideRetry(answer: Answer, sent: readonly Sensitive[]): RetryVerdict;
  /** Gives back what it got for its requests, when no more follow. Resolves in every case. */
  revoke?(): Promise<void>;
  /** The values of this credential, which no message may hold. */
  knownValues(): readonly Sensitive[];
}
