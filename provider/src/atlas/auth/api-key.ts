/**
 * A programmatic API key: HTTP digest authentication (RFC 7616) with MD5 or SHA-256 and `qop=auth`. The server's nonce is
 * kept and counted, so that only the first request is asked twice.
 *
 * @see https://www.mongodb.com/docs/atlas/configure-api-access/
 */
import { createHash, randomBytes } from "node:crypto";
import { Sensitive } from "../../sensitive.js";
import { isRoleMissing } from "../advice.js";
import { type Authenticator, type RequestLine, STOP } from "./authenticator.js";
import { parseChallenges, toQuoted } from "./challenges.js";

/** A challenge that this provider can answer. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: "MD5" | "SHA-256";
  readonly isStale: boolean;
}

/** The two parts of a programmatic API key. */
export interface ApiKey {
  readonly publicKey: string;
  readonly privateKey: Sensitive;
}

/** Authenticates by digest; `createNonce` gives the client's part of each signature. */
export function createApiKeyAuthenticator(
  key: ApiKey,
  createNonce = () => randomBytes(16).toString("hex"),
): Authenticator {
  let challenge: DigestChallenge | undefined;
  let uses = 0;
  return {
    async fetchAuthorization(request) {
      if (!challenge) return undefined;
      uses += 1;
      return toDigestHeader(key, challenge, request, { count: uses, clientNonce: createNonce() });
    },
    decideRetry(answer, sent) {
      if (answer.status !== 401 || isRoleMissing(answer)) return STOP;
      const header = answer.headers["www-authenticate"] ?? "";
      const next = parseDigestChallenge(header);
      const isSigned = sent.length > 0;
      // The same nonce again, and not as stale, means that the key is wrong.
      const canSucceed = next !== undefined && (!isSigned || next.isStale || next.nonce !== challenge?.nonce);
      // Requests that were challenged together may share a nonce, and must not share a count.
      if (next?.nonce !== challenge?.nonce) uses = 0;
      challenge = next;
      if (canSucceed) return { action: "retry", waitMs: 0 };
      const unsupported = next ? undefined : describeUnsupported(header, isSigned);
      return unsupported === undefined ? STOP : { action: "stop", unsupported };
    },
    knownValues: () => [key.privateKey],
  };
}

/** The digest challenge of a `WWW-Authenticate` header that this provider can answer, the strongest one if there are several. */
export function parseDigestChallenge(header: string): DigestChallenge | undefined {
  const challenges = findDigests(header).flatMap((parameters) => toChallenge(parameters) ?? []);
  return challenges.find(({ algorithm }) => algorithm === "SHA-256") ?? challenges[0];
}

/**
 * What a server asks for that this provider cannot give, to follow 'Atlas asked for'; `undefined` when it asks a signed request
 * for nothing, so that it is the key that it does not accept.
 */
function describeUnsupported(header: string, isSigned: boolean): string | undefined {
  const digests = findDigests(header);
  if (digests.length === 0 && isSigned) return undefined;
  if (digests.length === 0) return "something else than a digest";
  const asked = digests.map((parameters) => {
    const [algorithm, qop] = [parameters.get("algorithm") ?? "MD5", parameters.get("qop")];
    return `a digest with algorithm ${algorithm} and ${qop === undefined ? "no qop" : `qop ${qop}`}`;
  });
  return asked.join(" or ");
}

function findDigests(header: string): ReadonlyMap<string, string>[] {
  const challenges = parseChallenges(header) ?? [];
  return challenges.filter(({ scheme }) => scheme === "digest").map(({ parameters }) => parameters);
}

function toChallenge(parameters: ReadonlyMap<string, string>): DigestChallenge | undefined {
  const algorithm = (parameters.get("algorithm") ?? "MD5").toUpperCase();
  const qop = (parameters.get("qop") ?? "").split(",").map((item) => item.trim().toLowerCase());
  const [realm, nonce] = [parameters.get("realm"), parameters.get("nonce")];
  if (realm === undefined || !nonce || !qop.includes("auth")) return undefined;
  if (algorithm !== "MD5" && algorithm !== "SHA-256") return undefined;
  const isStale = parameters.get("stale")?.toLowerCase() === "true";
  return { realm, nonce, opaque: parameters.get("opaque"), algorithm, isStale };
}

/** The `Authorization` header of one request. */
export function toDigestHeader(
  { publicKey, privateKey }: ApiKey,
  { realm, nonce, opaque, algorithm }: DigestChallenge,
  { method, path }: RequestLine,
  { count, clientNonce }: { count: number; clientNonce: string },
): Sensitive {
  const hash = (text: string) =>
    createHash(algorithm === "MD5" ? "md5" : "sha256")
      .update(text)
      .digest("hex");
  const nonceCount = count.toString(16).padStart(8, "0");
  const key = hash(`${publicKey}:${realm}:${Sensitive.reveal(privateKey)}`);
  const response = hash(`${key}:${nonce}:${nonceCount}:${clientNonce}:auth:${hash(`${method}:${path}`)}`);
  const fields = [
    `username=${toQuoted(publicKey)}`,
    `realm=${toQuoted(realm)}`,
    `nonce=${toQuoted(nonce)}`,
    `uri="${path}"`,
    `algorithm=${algorithm}`,
    `response="${response}"`,
    "qop=auth",
    `nc=${nonceCount}`,
    `cnonce="${clientNonce}"`,
    ...(opaque === undefined ? [] : [`opaque=${toQuoted(opaque)}`]),
  ];
  return new Sensitive(`Digest ${fields.join(", ")}`);
}
