/**
 * The shapes of Atlas's answers: text in, data out. Unknown fields are accepted and dropped; times become milliseconds here
 * and nowhere else. A value that is not as described gives `undefined`: what that means is the caller's to say.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-service-accounts
 */
import * as v from "valibot";
import { parseIsoTime } from "../clock.js";
import { OBJECT_ID } from "../ids.js";
import { Sensitive } from "../sensitive.js";
import type { HeldSecret } from "./types.js";

/** Version of the API that requests and answers are in. */
export const API_VERSION = "2024-08-05";
export const MEDIA_TYPE = `application/vnd.atlas.${API_VERSION}+json`;

/**
 * A service account as Atlas shows it. `secrets` is absent when the answer does not list them, or lists one that is not as
 * described: then nothing is known of any of them.
 */
export interface AtlasAccount {
  readonly clientId: string;
  readonly name?: string;
  readonly secrets?: readonly HeldSecret[];
}

/** A secret as its creation shows it: the only time that Atlas gives the value. */
export interface CreatedSecret extends HeldSecret {
  readonly value: Sensitive;
}

/** One page of service accounts. */
export interface AccountPage {
  readonly accounts: readonly AtlasAccount[];
  /** Whether the page says that another one follows; absent when it says nothing of that. */
  readonly hasNext?: boolean;
}

/** A minted access token. */
export interface MintedToken {
  readonly token: Sensitive;
  readonly lifetimeMs: number;
}

/** The parts of an error body that a message may show. */
export interface ErrorBody {
  readonly errorCode?: string;
  readonly reason?: string;
  /** Of the token endpoint its `error_description`. */
  readonly detail?: string;
  /** Names of the request's fields that Atlas objects to, with its reasons. */
  readonly fields?: readonly string[];
  /** Set by the token endpoint instead of a code: `invalid_client`, ... */
  readonly oauthError?: string;
}

const time = v.pipe(
  v.string(),
  v.transform((value) => parseIsoTime(value)),
  v.number(),
);

const objectId = v.pipe(v.string(), v.regex(OBJECT_ID));

const heldSecret = v.pipe(
  v.object({
    id: objectId,
    createdAt: time,
    expiresAt: time,
    lastUsedAt: v.nullish(time),
    maskedSecretValue: v.nullish(v.string()),
  }),
  v.transform(toHeldSecret),
);

/** Printable, of a plausible length and not a mask. The exact alphabet is not documented, so it is not asked for. */
const secretValue = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]{20,512}$/),
  v.check((value) => !value.includes("...")),
);

const account = v.object({
  clientId: v.string(),
  name: v.fallback(v.optional(v.string()), undefined),
  secrets: v.fallback(v.nullish(v.array(heldSecret)), undefined),
});

/** The relation of a link to the next page: the word, or a URL that ends with it. */
const NEXT = /(^|[/#])next$/i;

const links = v.array(v.object({ rel: v.fallback(v.optional(v.string()), undefined) }));

const accountPage = v.object({ results: v.array(account), links: v.fallback(v.nullish(links), undefined) });

const mintedToken = v.object({
  access_token: v.pipe(v.string(), v.minLength(1)),
  expires_in: v.pipe(v.number(), v.minValue(1)),
  token_type: v.pipe(v.string(), v.regex(/^bearer$/i)),
});

const text = v.fallback(v.optional(v.string()), undefined);

const errorBody = v.object({
  errorCode: text,
  reason: text,
  detail: text,
  error: v.optional(v.unknown()),
  error_description: text,
  badRequestDetail: v.fallback(
    v.nullish(v.object({ fields: v.array(v.object({ field: v.string(), description: v.string() })) })),
    undefined,
  ),
});

/** Parses the answer to 'get one service account'. */
export function parseAccount(body: string): AtlasAccount | undefined {
  const parsed = parse(account, body);
  return parsed && toAccount(parsed);
}

/** Parses one page of 'list service accounts'. */
export function parseAccountPage(body: string): AccountPage | undefined {
  const parsed = parse(accountPage, body);
  if (!parsed) return undefined;
  const page = { accounts: parsed.results.map(toAccount) };
  return parsed.links
    ? { ...page, hasNext: parsed.links.some(({ rel }) => rel !== undefined && NEXT.test(rel)) }
    : page;
}

/** Parses the answer to 'create one secret'. Strict: without an id, both times and a usable value it is no answer. */
export function parseCreatedSecret(body: string): CreatedSecret | undefined {
  const secret = parse(heldSecret, body);
  const withValue = parse(v.object({ secret: secretValue }), body);
  return secret && withValue && { ...secret, value: new Sensitive(withValue.secret) };
}

/** Parses the answer to a token mint. */
export function parseMintedToken(body: string): MintedToken | undefined {
  const parsed = parse(mintedToken, body);
  return parsed && { token: new Sensitive(parsed.access_token), lifetimeMs: parsed.expires_in * 1000 };
}

/** Parses an error body; what is not there or not text is absent. */
export function parseErrorBody(body: string): ErrorBody {
  const parsed = parse(errorBody, body);
  if (!parsed) return {};
  const detail = parsed.detail || parsed.error_description;
  return {
    ...(parsed.errorCode && { errorCode: parsed.errorCode }),
    ...(parsed.reason && { reason: parsed.reason }),
    ...(detail && { detail }),
    ...(parsed.badRequestDetail && {
      fields: parsed.badRequestDetail.fields.map(({ field, description }) => `${field}: ${description}`),
    }),
    ...(typeof parsed.error === "string" && { oauthError: parsed.error }),
  };
}

function parse<S extends v.GenericSchema>(schema: S, body: string): v.InferOutput<S> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(body), { abortEarly: true });
    return result.success ? result.output : undefined;
  } catch {
    return undefined; // Not JSON: the caller reports an answer that it cannot read.
  }
}

function toAccount({ clientId, name, secrets }: v.InferOutput<typeof account>): AtlasAccount {
  return { clientId, ...(name !== undefined && { name }), ...(secrets && { secrets }) };
}

function toHeldSecret(secret: {
  id: string;
  createdAt: number;
  expiresAt: number;
  lastUsedAt?: number | null | undefined;
  maskedSecretValue?: string | null | undefined;
}): HeldSecret {
  return {
    id: secret.id,
    createdAtMs: secret.createdAt,
    expiresAtMs: secret.expiresAt,
    ...(secret.lastUsedAt != null && { lastUsedAtMs: secret.lastUsedAt }),
    ...(secret.maskedSecretValue != null && { maskedSecretValue: secret.maskedSecretValue }),
  };
}
