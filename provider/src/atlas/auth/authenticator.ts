/** What every kind of credential can do for the client: name the header of a request, and react to a 401. */
import type { Sensitive } from "../../sensitive.js";
import type { Answer } from "../transport.js";

/** The method and the path with query of a request, as digest authentication signs them. */
export interface RequestLine {
  readonly method: string;
  readonly path: string;
}

/** Authenticates requests with one credential. */
export interface Authenticator {
  /** The `Authorization` header for the next attempt; absent when the server has to ask first. */
  fetchAuthorization(request: RequestLine): Promise<Sensitive | undefined>;
  /** Takes note of any answer to a request sent with `used`; returns whether one more attempt can succeed (after a 401). */
  shouldRetry(answer: Answer, used: Sensitive | undefined): boolean;
  /** The values of this credential, which no message may hold. */
  knownValues(): readonly Sensitive[];
}
