import {
  createApiKeyAuthenticator,
  parseDigestChallenge,
  toDigestHeader,
} from "../../../../provider/src/atlas/auth/api-key.js";
import type { Authenticator } from "../../../../provider/src/atlas/auth/authenticator.js";
import type { Answer } from "../../../../provider/src/atlas/transport.js";
import { Sensitive } from "../../../../provider/src/sensitive.js";

// The examples of RFC 7616, section 3.9.1. @see https://www.rfc-editor.org/rfc/rfc7616#section-3.9.1
const RFC = {
  realm: "http-auth@example.org",
  nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
  opaque: "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
  clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
};
const RFC_KEY = { publicKey: "Mufasa", privateKey: new Sensitive("Circle of Life") };
const RFC_REQUEST = { method: "GET", path: "/dir/index.html" };
const RESPONSES = {
  MD5: "8ca523f5e9506fed4657c9700eebdbec",
  "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
} as const;

const toHeader = (algorithm: string, { nonce = RFC.nonce, more = "" } = {}) =>
  `Digest realm="${RFC.realm}", qop="auth, auth-int", algorithm=${algorithm}, nonce="${nonce}", opaque="${RFC.opaque}"${more}`;

function toAnswer(challenge: string | undefined, status = 401): Answer {
  return {
    kind: "answer",
    status,
    body: "",
    headers: challenge === undefined ? {} : { "www-authenticate": challenge },
  };
}

/** Whether it would send a request again that was answered so; `used`: how it was signed. */
function shouldRetry(authenticator: Authenticator, answer: Answer, used: Sensitive | undefined): boolean {
  return authenticator.decideRetry(answer, used ? [used] : []).action === "retry";
}

/** The fields of an `Authorization` header. */
function toFields(header: Sensitive | undefined): Record<string, string> {
  const text = header ? Sensitive.reveal(header) : "";
  return Object.fromEntries(
    [...text.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)].map(([, name, quoted, bare]) => [name, quoted ?? bare]),
  );
}

describe("toDigestHeader", () => {
  it.each(["MD5", "SHA-256"] as const)("signs the example of RFC 7616 with %s as the RFC does", (algorithm) => {
    const challenge = parseDigestChallenge(toHeader(algorithm));
    if (!challenge) throw new Error("no challenge");
    const header = toDigestHeader(RFC_KEY, challenge, RFC_REQUEST, { count: 1, clientNonce: RFC.clientNonce });
    expect(Sensitive.reveal(header)).toMatch(/^Digest username="Mufasa", /);
    expect(toFields(header)).toEqual({
      username: "Mufasa",
      realm: RFC.realm,
      uri: "/dir/index.html",
      algorithm,
      nonce: RFC.nonce,
      nc: "00000001",
      cnonce: RFC.clientNonce,
      qop: "auth",
      response: RESPONSES[algorithm],
      opaque: RFC.opaque,
    });
  });

  it.each([
    { name: "nc, qop and algorithm bare", pattern: /, qop=auth, nc=0000000a, / },
    { name: "no opaque when the server sent none", pattern: /^(?!.*opaque)/ },
  ])("writes $name", ({ pattern }) => {
    const challenge = { realm: "r", nonce: "n", opaque: undefined, algorithm: "MD5", isStale: false } as const;
    const header = toDigestHeader(RFC_KEY, challenge, RFC_REQUEST, { count: 10, clientNonce: "c" });
    expect(Sensitive.reveal(header)).toMatch(pattern);
  });
});

describe("parseDigestChallenge", () => {
  it("reads a challenge", () => {
    expect(parseDigestChallenge(toHeader("SHA-256"))).toEqual({
      realm: RFC.realm,
      nonce: RFC.nonce,
      opaque: RFC.opaque,
      algorithm: "SHA-256",
      isStale: false,
    });
  });

  it.each([
    {
      name: "the stronger of two",
      header: `${toHeader("MD5")}, ${toHeader("SHA-256")}`,
      expected: { algorithm: "SHA-256" },
    },
    {
      name: "MD5 when none is named",
      header: 'Digest realm="r", nonce="n", qop="auth"',
      expected: { algorithm: "MD5" },
    },
    { name: "an algorithm in lower case", header: toHeader("sha-256"), expected: { algorithm: "SHA-256" } },
    {
      name: "the one it can do",
      header: `${toHeader("SHA-512-256")}, ${toHeader("MD5")}`,
      expected: { algorithm: "MD5" },
    },
    {
      name: "the digest behind another scheme",
      header: `Basic realm="x", ${toHeader("MD5")}`,
      expected: { realm: RFC.realm },
    },
    {
      name: "the digest before another scheme",
      header: `${toHeader("MD5")}, Basic realm="x"`,
      expected: { realm: RFC.realm },
    },
    {
      name: "a scheme in lower case",
      header: toHeader("MD5").replace("Digest", "digest"),
      expected: { realm: RFC.realm },
    },
    { name: "qop without quotes", header: 'Digest realm="r", nonce="n", qop=auth', expected: { nonce: "n" } },
    { name: "an empty realm", header: 'Digest realm="", nonce="n", qop="auth"', expected: { realm: "" } },
    {
      name: "a realm with commas",
      header: 'Digest realm="a, b=c", nonce="n", qop="auth"',
      expected: { realm: "a, b=c" },
    },
    {
      name: "the nonce and not what only ends in its name",
      header: 'Digest realm="r", nonce="n", x-nonce="evil", qop="auth"',
      expected: { nonce: "n" },
    },
    { name: "names and qop in capitals", header: 'DIGEST REALM="r", NONCE="n", QOP="AUTH"', expected: { nonce: "n" } },
    {
      name: "what quotes escape",
      header: String.raw`Digest realm="a \"b\" \\c", nonce="n", qop="auth"`,
      expected: { realm: String.raw`a "b" \c` },
    },
    {
      name: "the digest behind a scheme with a token of its own",
      header: `Negotiate abc+/==, ${toHeader("MD5")}`,
      expected: { realm: RFC.realm },
    },
    { name: "a stale nonce", header: toHeader("MD5", { more: ", stale=true" }), expected: { isStale: true } },
    {
      name: "a stale nonce in capitals",
      header: toHeader("MD5", { more: ", stale=TRUE" }),
      expected: { isStale: true },
    },
    {
      name: "a nonce that is not stale",
      header: toHeader("MD5", { more: ", stale=false" }),
      expected: { isStale: false },
    },
  ])("takes $name", ({ header, expected }) => {
    expect(parseDigestChallenge(header)).toMatchObject(expected);
  });

  it.each([
    { name: "no header", header: "" },
    { name: "another scheme", header: 'Bearer realm="x"' },
    { name: "no realm", header: 'Digest nonce="n", qop="auth"' },
    { name: "no nonce", header: 'Digest realm="r", qop="auth"' },
    { name: "an empty nonce", header: 'Digest realm="r", nonce="", qop="auth"' },
    { name: "no qop", header: 'Digest realm="r", nonce="n"' },
    { name: "another qop", header: 'Digest realm="r", nonce="n", qop="auth-int"' },
    { name: "an unknown algorithm", header: toHeader("SHA-512-256") },
    { name: "a session algorithm", header: toHeader("MD5-sess") },
    { name: "two nonces", header: 'Digest realm="r", nonce="n", nonce="m", qop="auth"' },
    { name: "quotes without an end", header: 'Digest realm="r", qop="auth", nonce="n' },
  ])("gives none for $name", ({ header }) => {
    expect(parseDigestChallenge(header)).toBeUndefined();
  });
});

describe("createApiKeyAuthenticator", () => {
  const create = () => createApiKeyAuthenticator(RFC_KEY, () => RFC.clientNonce);

  it("sends the first request without a header, and signs it when the server asks", async () => {
    const authenticator = create();
    expect(await authenticator.fetchAuthorization(RFC_REQUEST)).toBeUndefined();
    expect(shouldRetry(authenticator, toAnswer(toHeader("SHA-256")), undefined)).toBe(true);
    expect(toFields(await authenticator.fetchAuthorization(RFC_REQUEST)).response).toBe(RESPONSES["SHA-256"]);
  });

  it("keeps the nonce and counts its uses, so that later requests are not asked", async () => {
    const authenticator = create();
    shouldRetry(authenticator, toAnswer(toHeader("MD5")), undefined);
    const counts: (string | undefined)[] = [];
    for (let request = 0; request < 3; request++) {
      const header = await authenticator.fetchAuthorization(RFC_REQUEST);
      counts.push(toFields(header).nc);
      expect(shouldRetry(authenticator, toAnswer(undefined, 200), header)).toBe(false);
    }
    expect(counts).toEqual(["00000001", "00000002", "00000003"]);
  });

  it("retries with the new nonce when the server calls the old one stale, counting from one", async () => {
    const authenticator = create();
    shouldRetry(authenticator, toAnswer(toHeader("MD5")), undefined);
    const used = await authenticator.fetchAuthorization(RFC_REQUEST);
    const stale = toAnswer(toHeader("MD5", { nonce: "another", more: ", stale=true" }));
    expect(shouldRetry(authenticator, stale, used)).toBe(true);
    expect(toFields(await authenticator.fetchAuthorization(RFC_REQUEST))).toMatchObject({
      nonce: "another",
      nc: "00000001",
    });
  });

  it("believes the server that a nonce is stale also when it gives the same one again", async () => {
    const authenticator = create();
    shouldRetry(authenticator, toAnswer(toHeader("MD5")), undefined);
    const used = await authenticator.fetchAuthorization(RFC_REQUEST);
    expect(shouldRetry(authenticator, toAnswer(toHeader("MD5", { more: ", stale=true" })), used)).toBe(true);
  });

  it.each([
    { name: "the same nonce is asked for again", answer: toAnswer(toHeader("MD5")) },
    { name: "nothing is asked for", answer: toAnswer(undefined) },
    { name: "something else is asked for", answer: toAnswer("Bearer") },
    { name: "the answer is no 401", answer: toAnswer(toHeader("MD5"), 403) },
    {
      name: "the key has no role, whatever is asked for beside that",
      answer: { ...toAnswer(toHeader("MD5", { nonce: "next" })), body: '{"error":401,"errorCode":"NOT_ORG_OWNER"}' },
    },
  ])("gives up on a signed request when $name", async ({ answer }) => {
    const authenticator = create();
    shouldRetry(authenticator, toAnswer(toHeader("MD5")), undefined);
    const used = await authenticator.fetchAuthorization(RFC_REQUEST);
    expect(shouldRetry(authenticator, answer, used)).toBe(false);
  });

  it.each([
    {
      name: "another algorithm",
      header: toHeader("SHA-512-256"),
      asked: "a digest with algorithm SHA-512-256 and qop auth, auth-int",
    },
    {
      name: "another qop",
      header: 'Digest realm="r", nonce="n", qop="auth-int"',
      asked: "a digest with algorithm MD5 and qop auth-int",
    },
    { name: "no qop", header: 'Digest realm="r", nonce="n"', asked: "a digest with algorithm MD5 and no qop" },
    { name: "no digest", header: 'Bearer realm="x"', asked: "something else than a digest" },
    { name: "nothing", header: undefined, asked: "something else than a digest" },
  ])("says that it is asked for what it cannot give: $name", ({ header, asked }) => {
    expect(create().decideRetry(toAnswer(header), [])).toEqual({ action: "stop", unsupported: asked });
  });

  it("writes what it repeats of a challenge in quotes that the server reads as the same", async () => {
    const authenticator = create();
    shouldRetry(authenticator, toAnswer(String.raw`Digest realm="a \"b\"", nonce="\\n", qop="auth"`), undefined);
    const header = await authenticator.fetchAuthorization(RFC_REQUEST);
    expect(header && Sensitive.reveal(header)).toContain(String.raw`realm="a \"b\"", nonce="\\n"`);
  });

  it("never uses a count of one nonce twice, also when two requests were asked for it at once", async () => {
    const authenticator = create();
    shouldRetry(authenticator, toAnswer(toHeader("MD5")), undefined);
    const one = await authenticator.fetchAuthorization(RFC_REQUEST);
    shouldRetry(authenticator, toAnswer(toHeader("MD5")), undefined);
    const other = await authenticator.fetchAuthorization(RFC_REQUEST);
    expect(toFields(other).nc).not.toBe(toFields(one).nc);
  });

  it("makes another client nonce for each request", async () => {
    const authenticator = createApiKeyAuthenticator(RFC_KEY);
    shouldRetry(authenticator, toAnswer(toHeader("MD5")), undefined);
    const [one, other] = [
      await authenticator.fetchAuthorization(RFC_REQUEST),
      await authenticator.fetchAuthorization(RFC_REQUEST),
    ];
    expect(toFields(one).cnonce).toMatch(/^[0-9a-f]{32}$/);
    expect(toFields(one).cnonce).not.toBe(toFields(other).cnonce);
  });

  it("names the private key as what no message may hold", () => {
    expect(create().knownValues().map(Sensitive.reveal)).toEqual(["Circle of Life"]);
  });
});
