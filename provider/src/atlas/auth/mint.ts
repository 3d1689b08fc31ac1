/**
 * Mints one access token from a client id and a secret, and gives one back. The provider does so for itself, and to verify that a
 * new secret works. It never renews and never retries: that is its callers' matter.
 *
 * @see https://www.mongodb.com/docs/atlas/api/service-accounts/generate-oauth2-token/
 */
import type { AtlasError } from "../../errors.js";
import { describeId } from "../../ids.js";
import { Sensitive } from "../../sensitive.js";
import type { CredentialSource } from "../../settings.js";
import { toAtlasError, toUnreadableError } from "../failure.js";
import type { Pacer } from "../pacing.js";
import type { TimeBudget } from "../time-budget.js";
import type { Answer, NoAnswer, Transport, TransportRequest } from "../transport.js";
import { type MintedToken, parseErrorBody, parseMintedToken } from "../wire.js";

/** A service account's client id with one of its secrets. */
export interface ClientCredential {
  readonly clientId: string;
  readonly secret: Sensitive;
}

/** What came of a mint: only `invalid-client` says that the pair is not valid. */
export type MintOutcome =
  | ({ readonly kind: "minted" } & MintedToken)
  | {
      readonly kind: "invalid-client";
      readonly error: AtlasError;
      /** The server's time at its answer, milliseconds since the epoch; absent when it told none. */
      readonly serverTimeMs?: number;
    }
  | { readonly kind: "undetermined"; readonly error: AtlasError };

/** Where to mint, and whose time a wait for its rate limit takes. */
export interface MintContext {
  readonly transport: Transport;
  readonly baseUrl: string;
  readonly userAgent: string;
  readonly pacer: Pacer;
  readonly budget: TimeBudget;
  /** The command that a message tells to run again; default `pulumi up`. */
  readonly command?: string;
  /** What the provider itself signs in with, for messages. */
  readonly credentialSource?: CredentialSource | undefined;
}

/** How long giving a token back may take: it would end by itself. */
const REVOCATION_TIMEOUT_MS = 2_000;

/** What a mint is for. */
export interface MintPurpose {
  /** Whether the pair is not the provider's own. */
  readonly isTrial?: boolean;
  /** Values beside the secret itself that no message may hold. */
  readonly known?: readonly Sensitive[];
}

/** Asks `{baseUrl}/api/oauth/token` for a token. Resolves in every case. */
export async function mintToken(
  { transport, baseUrl, userAgent, pacer, budget, command, credentialSource }: MintContext,
  { clientId, secret }: ClientCredential,
  { isTrial = false, known: knownBesides = [] }: MintPurpose = {},
): Promise<MintOutcome> {
  const form = { grant_type: "client_credentials" };
  const request = toOauthRequest({ baseUrl, userAgent }, "token", { clientId, secret }, form);
  const outcome = await pacer.run(`tokens for ${describeId(clientId)}`, budget, () => transport(request));
  const what = `mint an access token for service account ${describeId(clientId)}`;
  const known = [secret, ...knownBesides];
  const rerun = command === undefined ? {} : { command };
  const source = isTrial ? {} : { credentialSource };
  const purpose = { what, isWrite: false, origin: new URL(baseUrl).origin, known, isTrial, ...rerun, ...source };
  if (outcome.kind === "answer" && outcome.status >= 200 && outcome.status < 300) {
    const minted = parseMintedToken(outcome.body);
    return minted
      ? { kind: "minted", ...minted }
      : { kind: "undetermined", error: toUnreadableError(outcome, purpose) };
  }
  const error = toAtlasError(outcome, purpose);
  if (!isInvalidClient(outcome)) return { kind: "undetermined", error };
  const { serverTimeMs } = outcome;
  return { kind: "invalid-client", error, ...(serverTimeMs !== undefined && { serverTimeMs }) };
}

/**
 * Gives a token back that nobody uses any more, since an account can have a hundred live ones at most. Resolves in every case, soon:
 * it waits for no turn at a rate limit, and whatever comes of it, the token ends an hour after its mint.
 *
 * @see https://www.mongodb.com/docs/atlas/api/service-accounts/revoke-oauth2-token/
 */
export async function revokeToken(
  { transport, ...endpoint }: Pick<MintContext, "transport" | "baseUrl" | "userAgent">,
  credential: ClientCredential,
  token: Sensitive,
): Promise<void> {
  const form = { token: Sensitive.reveal(token), token_type_hint: "access_token" };
  const request = { ...toOauthRequest(endpoint, "revoke", credential, form), timeoutMs: REVOCATION_TIMEOUT_MS };
  // A rejection that nobody waits for would end the process.
  await transport(request).catch(() => undefined);
}

function toOauthRequest(
  { baseUrl, userAgent }: Pick<MintContext, "baseUrl" | "userAgent">,
  name: "token" | "revoke",
  { clientId, secret }: ClientCredential,
  form: Readonly<Record<string, string>>,
): TransportRequest {
  const pair = Buffer.from(`${clientId}:${Sensitive.reveal(secret)}`).toString("base64");
  return {
    method: "POST",
    url: `${baseUrl}/api/oauth/${name}`,
    headers: {
      Accept: "application/json",
      "Content-Type": "application/x-www-form-urlencoded",
      "Cache-Control": "no-cache",
      "User-Agent": userAgent,
    },
    body: new URLSearchParams(form).toString(),
    authorization: new Sensitive(`Basic ${pair}`),
  };
}

function isInvalidClient(outcome: Answer | NoAnswer): outcome is Answer {
  return (
    outcome.kind === "answer" &&
    (outcome.status === 400 || outcome.status === 401) &&
    parseErrorBody(outcome.body).oauthError === "invalid_client"
  );
}
