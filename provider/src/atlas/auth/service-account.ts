/**
 * A service account's credential: mints an access token when the first request needs one and keeps it until shortly before
 * it ends. Requests that come while a mint is under way wait for that one.
 */
import type { Clock } from "../../clock.js";
import { Sensitive } from "../../sensitive.js";
import { isRoleMissing } from "../advice.js";
import type { MintedToken } from "../wire.js";
import { type Authenticator, STOP } from "./authenticator.js";

/** How long before its end a token is renewed, at most; for short-lived tokens a tenth of the lifetime. */
const RENEWAL_MARGIN_MS = 120_000;

/** A new token may not be known everywhere yet: a request that it is refused for is sent once more after this. */
const NEW_TOKEN_WAIT_MS = 1_500;

const AT_ONCE = { action: "retry", waitMs: 0 } as const;

interface HeldToken {
  readonly token: Sensitive;
  readonly header: Sensitive;
  readonly renewAtMs: number;
  /** Whether a request with it was ever accepted: a second 401 to one that never was is final, and costs no further mint. */
  isProven: boolean;
}

/** Options of `createServiceAccountAuthenticator`. */
export interface ServiceAccountAuthenticatorOptions {
  readonly clientSecret: Sensitive;
  /** Rejects when no token can be had. */
  readonly mint: () => Promise<MintedToken>;
  /** Gives a token back; resolves in every case. */
  readonly revoke: (token: Sensitive) => Promise<void>;
  readonly clock: Clock;
}

/**
 * Authenticates with tokens minted from a service account's secret. `fetchAuthorization` rejects with the error of the mint
 * (`AuthenticationError` when Atlas does not accept the pair).
 */
export function createServiceAccountAuthenticator(options: ServiceAccountAuthenticatorOptions): Authenticator {
  const { clientSecret, mint, revoke, clock } = options;
  let held: HeldToken | undefined;
  /** Every one so far: an answer may repeat one that is not used any more. */
  const tokens: Sensitive[] = [];
  let pending: Promise<HeldToken> | undefined;
  /** The last one that was refused without ever having been accepted: final for all requests that were sent with it. */
  let rejected: Sensitive | undefined;

  async function renew(): Promise<HeldToken> {
    const { token, lifetimeMs } = await mint();
    tokens.push(token);
    const marginMs = Math.min(RENEWAL_MARGIN_MS, lifetimeMs / 10);
    return {
      token,
      header: new Sensitive(`Bearer ${Sensitive.reveal(token)}`),
      renewAtMs: clock.now() + lifetimeMs - marginMs,
      isProven: false,
    };
  }

  async function fetchAuthorization(): Promise<Sensitive> {
    if (held && clock.now() < held.renewAtMs) return held.header;
    pending ??= renew().finally(() => {
      pending = undefined;
    });
    held = await pending;
    return held.header;
  }

  return {
    prepare: fetchAuthorization,
    fetchAuthorization,
    decideRetry(answer, sent) {
      const used = sent.at(-1);
      const isHeld = held !== undefined && held.header === used;
      if (answer.status !== 401 || isRoleMissing(answer)) {
        if (held && isHeld && answer.status < 500) held.isProven = true;
        return STOP;
      }
      // Another request has dropped it already.
      if (!held || !isHeld) return used === rejected ? STOP : AT_ONCE;
      const isFirst = sent.filter((header) => header === used).length === 1;
      if (!held.isProven && isFirst) return { action: "retry", waitMs: NEW_TOKEN_WAIT_MS };
      const { isProven, header } = held;
      if (!isProven) rejected = header;
      held = undefined;
      return isProven ? AT_ONCE : STOP;
    },
    async revoke() {
      const token = held?.token;
      held = undefined;
      if (token) await revoke(token);
    },
    knownValues: () => [clientSecret, ...tokens],
  };
}
