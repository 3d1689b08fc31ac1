/**
 * A programmatic API key: HTTP digest authentication (RFC 7616) with MD5 or SHA-256 and `qop=auth`. The server's nonce is
 * kept and counted, so that only the first request is asked twice.
 *
 * @see https://www.mongodb.com/docs/atlas/configure-api-access/
 */
import { createHash, randomBytes } from "node:crypto";
import { Sensitive } from "../../sensitive.js";
import type { Authenticator, RequestLine } from "./authenticator.js";

interface Challenge {
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
  let challenge: Challenge | undefined;
  let uses = 0;
  return {
    async fetchAuthorization(request) {
      if (!challenge) return undefined;
      uses += 1;
      return toDigestHeader(key, challenge, request, { count: uses, clientNonce: createNonce() });
    },
    shouldRetry(answer, used) {
      if (answer.status !== 401) return false;
      const next = parseChallenge(answer.headers["www-authenticate"] ?? "");
      // The same nonce again, and not as stale, means that the key is wrong.
      const canSucceed = next !== undefined && (used === undefined || next.isStale || next.nonce !== challenge?.nonce);
      // Requests that were challenged together may share a nonce, and must not share a count.
      if (next?.nonce !== challenge?.nonce) uses = 0;
      challenge = next;
      return canSucceed;
    },
    knownValues: () => [key.privateKey],
  };
}

/** Parses the digest challenge of a `WWW-Authenticate` header, the strongest one that is supported. */
export function parseChallenge(header: string): Challenge | undefined {
  const challenges = header
    .split(/(?:^|,)\s*(?=[a-z][a-z0-9-]*\s+[a-z]+\s*=)/i)
    .filter((part) => /^Digest\s/i.test(part))
    .map(toChallenge)
    .filter((found) => found !== undefined);
  return challenges.find(({ algorithm }) => algorithm === "SHA-256") ?? challenges[0];
}

function toChallenge(part: string): Challenge | undefined {
  const fields = new Map<string, string>();
  for (const [, name, quoted, bare] of part.matchAll(/([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi)) {
    fields.set(String(name).toLowerCase(), quoted ?? bare ?? "");
  }
  const algorithm = (fields.get("algorithm") ?? "MD5").toUpperCase();
  const qop = (fields.get("qop") ?? "").split(",").map((item) => item.trim());
  const [realm, nonce] = [fields.get("realm"), fields.get("nonce")];
  if (realm === undefined || !nonce || !qop.includes("auth")) return undefined;
  if (algorithm !== "MD5" && algorithm !== "SHA-256") return undefined;
  const isStale = fields.get("stale")?.toLowerCase() === "true";
  return { realm, nonce, opaque: fields.get("opaque"), algorithm, isStale };
}

/** The `Authorization` header of one request. */
export function toDigestHeader(
  { publicKey, privateKey }: ApiKey,
  { realm, nonce, opaque, algorithm }: Challenge,
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
    `username="${publicKey}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${path}"`,
    `algorithm=${algorithm}`,
    `response="${response}"`,
    "qop=auth",
    `nc=${nonceCount}`,
    `cnonce="${clientNonce}"`,
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ];
  return new Sensitive(`Digest ${fields.join(", ")}`);
}
