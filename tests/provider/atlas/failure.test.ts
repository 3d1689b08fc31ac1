import { inspect } from "node:util";
import { type Purpose, toAtlasError, toUnreadableError } from "../../../provider/src/atlas/failure.js";
import type { Answer } from "../../../provider/src/atlas/transport.js";
import { type AtlasError, ConnectionError } from "../../../provider/src/errors.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { PROJECT_ID, SECRET_VALUE } from "../fixtures/values.js";

const PURPOSE: Purpose = {
  what: "create a sample",
  isWrite: true,
  origin: "https://atlas.example",
  known: [],
  owner: { level: "project", ownerId: PROJECT_ID },
};
const READ: Purpose = { ...PURPOSE, what: "read a sample", isWrite: false };
const BODY = { error: 0, errorCode: "SOME_CODE", reason: "Some Reason", detail: "What Atlas said." };

function toAnswer(status: number, body: unknown = BODY, headers: Record<string, string> = {}): Answer {
  return { kind: "answer", status, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}

function mayHaveBeenApplied(error: AtlasError): boolean | undefined {
  return error instanceof ConnectionError ? error.mayHaveBeenApplied : undefined;
}

describe("toAtlasError", () => {
  it.each([
    {
      status: 400,
      code: "rejected",
      name: "RejectionError",
      advice: "Correct what Atlas objects to",
      applied: undefined,
    },
    {
      status: 401,
      code: "authentication",
      name: "AuthenticationError",
      advice: "Atlas does not accept it",
      applied: undefined,
    },
    {
      status: 402,
      code: "rejected",
      name: "RejectionError",
      advice: "Atlas has suspended the organization",
      applied: undefined,
    },
    { status: 403, code: "rejected", name: "RejectionError", advice: "it may lack the role", applied: undefined },
    {
      status: 404,
      code: "rejected",
      name: "RejectionError",
      advice: "Check projectId and clientId",
      applied: undefined,
    },
    { status: 407, code: "rejected", name: "RejectionError", advice: "no answer of Atlas's API", applied: undefined },
    { status: 408, code: "connection", name: "ConnectionError", advice: "Run 'pulumi up' again", applied: true },
    {
      status: 409,
      code: "rejected",
      name: "RejectionError",
      advice: "Another operation was under way",
      applied: undefined,
    },
    { status: 429, code: "rate-limit", name: "RateLimitError", advice: "Atlas asks to wait", applied: undefined },
    { status: 499, code: "rejected", name: "RejectionError", advice: "no answer of Atlas's API", applied: undefined },
    { status: 500, code: "connection", name: "ConnectionError", advice: "https://status.mongodb.com", applied: true },
    { status: 502, code: "connection", name: "ConnectionError", advice: "https://status.mongodb.com", applied: true },
    { status: 503, code: "connection", name: "ConnectionError", advice: "Atlas asks to wait", applied: true },
    { status: 301, code: "connection", name: "ConnectionError", advice: "Redirects are not followed", applied: true },
    { status: 399, code: "connection", name: "ConnectionError", advice: "Redirects are not followed", applied: true },
  ])("makes status $status of a write a $name with its advice", ({ status, code, name, advice, applied }) => {
    const error = toAtlasError(toAnswer(status), PURPOSE);
    expect(error).toMatchObject({ code, name, status, errorCode: BODY.errorCode, detail: BODY.detail });
    expect(error.message).toMatch(
      /^Could not create a sample: Atlas answered \d{3} SOME_CODE: What Atlas said\. [A-Z]/,
    );
    expect(error.message).toContain(advice);
    expect(mayHaveBeenApplied(error)).toBe(applied);
    expect(error.message.includes("may have carried it out")).toBe(applied === true);
  });

  it.each([{ status: 302 }, { status: 408 }, { status: 500 }, { status: 503 }])(
    "has no doubt about a read that got $status",
    ({ status }) => {
      const error = toAtlasError(toAnswer(status), READ);
      expect(mayHaveBeenApplied(error)).toBe(false);
      expect(error.message).not.toContain("may have carried it out");
    },
  );

  it.each([
    { name: "refused", cause: "ECONNREFUSED", applied: false, purpose: PURPOSE, doubt: false },
    { name: "reset", cause: "ECONNRESET", applied: true, purpose: PURPOSE, doubt: true },
    { name: "timed out", cause: "timeout", applied: true, purpose: PURPOSE, doubt: true },
    { name: "reset during a read", cause: "ECONNRESET", applied: true, purpose: READ, doubt: false },
  ])("has no status when the connection was $name, and doubt is $doubt", ({ cause, applied, purpose, doubt }) => {
    const error = toAtlasError({ kind: "no-answer", cause, mayHaveBeenApplied: applied }, purpose);
    expect(error).toMatchObject({ code: "connection", mayHaveBeenApplied: doubt });
    expect(error.status).toBeUndefined();
    expect(error.message).toContain(`no answer from https://atlas.example (${cause}).`);
    expect(error.message.includes("may have carried it out")).toBe(doubt);
  });

  it.each([
    { name: "no body", body: "", saying: "Atlas answered 400. " },
    { name: "a code alone", body: { error: 400, errorCode: "SOME_CODE" }, saying: "Atlas answered 400 SOME_CODE. " },
    {
      name: "a reason without detail",
      body: { error: 400, reason: "Bad Request" },
      saying: "Atlas answered 400: Bad Request. ",
    },
    {
      name: "the token endpoint's error",
      body: { error: "invalid_client" },
      saying: "Atlas answered 400 invalid_client. ",
    },
    {
      name: "the token endpoint's error with its description",
      body: { error: "invalid_scope", error_description: "Not this one." },
      saying: "Atlas answered 400 invalid_scope: Not this one. ",
    },
    {
      name: "fields that it objects to",
      body: {
        error: 400,
        detail: "Wrong",
        badRequestDetail: { fields: [{ field: "hours", description: "too large" }] },
      },
      saying: "Atlas answered 400: Wrong (hours: too large). ",
    },
  ])("says what Atlas said with $name", ({ body, saying }) => {
    expect(toAtlasError(toAnswer(400, body), PURPOSE).message).toContain(saying);
  });

  it.each([
    { status: 408, code: "connection" },
    { status: 429, code: "rate-limit" },
    { status: 502, code: "connection" },
  ])("takes $status for what it says, whoever answers", ({ status, code }) => {
    const error = toAtlasError(toAnswer(status, "<html>no</html>"), PURPOSE);
    expect(error).toMatchObject({ code, status });
  });

  it.each([
    { cause: "engine-gone", says: "the Pulumi engine that asked for it has ended, so it was not sent." },
    { cause: "unsafe-url", says: "so it was not sent. Correct baseUrl." },
    { cause: "out-of-time", says: "so it was not sent. Run 'pulumi up' again later." },
  ])("says of $cause that nothing was sent", ({ cause, says }) => {
    const { message } = toAtlasError({ kind: "no-answer", cause, mayHaveBeenApplied: false }, PURPOSE);
    expect(message.endsWith(says)).toBe(true);
  });

  it.each([
    { status: 400, body: "<html>no</html>" },
    { status: 401, body: "<!DOCTYPE html><title>Sign in</title>" },
    { status: 401, body: '"no"' },
    { status: 403, body: "Forbidden by the gateway" },
    { status: 404, body: "\n<html>Not Found</html>" },
    { status: 405, body: "<html>no</html>" },
  ])("takes $status with $body for the answer of somebody else, never for a word on credential or ids", (answer) => {
    const error = toAtlasError(toAnswer(answer.status, answer.body), PURPOSE);
    expect(error).toMatchObject({ code: "rejected", status: answer.status });
    expect(error.message).toBe(
      `Could not create a sample: https://atlas.example answered ${answer.status} with a body that is not what its API describes. Check baseUrl, and whether a proxy changes answers.`,
    );
  });

  it.each(["", "{}", JSON.stringify({ error: "Not Found", path: "/api/oauth/token" })])(
    "takes a 404 with the body '%s' at a mint, which is about no id, for a wrong base URL",
    (body) => {
      const { owner: _, ...mint } = READ;
      const { message } = toAtlasError(toAnswer(404, body), mint);
      expect(message).toMatch(
        /answered 404.* no answer of Atlas's API: check baseUrl and the proxy variables, then run/,
      );
      expect(message).not.toMatch(/projectId|clientId|credential/);
    },
  );

  it.each([
    "SELF_SIGNED_CERT_IN_CHAIN",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "CERT_HAS_EXPIRED",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "HOSTNAME_MISMATCH",
  ])("says after %s what makes a certificate trusted, and what does not", (cause) => {
    const { message } = toAtlasError({ kind: "no-answer", cause, mayHaveBeenApplied: false }, PURPOSE);
    expect(message).toContain(`a certificate on the way to https://atlas.example was not accepted (${cause})`);
    expect(message).toContain("in NODE_EXTRA_CA_CERTS (Node does not read SSL_CERT_FILE or SSL_CERT_DIR)");
    expect(message).toMatch(/Then run 'pulumi up' again\.$/);
  });

  it.each([
    { name: "with the seconds that were told", header: "7", status: 429, seconds: 7, text: "after 7 s." },
    { name: "with the seconds that were told", header: "7", status: 503, seconds: 7, text: "after 7 s." },
    {
      name: "with a minute when a date was told",
      header: "Sun, 01 Mar 2026 08:00:00 GMT",
      status: 429,
      seconds: undefined,
      text: "after a minute.",
    },
  ])("tells to wait after $status $name", ({ header, status, seconds, text }) => {
    const error = toAtlasError(toAnswer(status, BODY, { "retry-after": header }), PURPOSE);
    expect(error.retryAfterSeconds).toBe(seconds);
    expect(error.message).toContain(text);
  });
});

describe("toAtlasError, when the server echoes a value", () => {
  const opaque = "not-a-real-value-of-no-known-shape";
  const purpose = { ...PURPOSE, known: [new Sensitive(opaque)] };

  it.each([
    { name: "detail", body: (value: string) => ({ error: 400, detail: `got ${value}` }) },
    { name: "errorCode", body: (value: string) => ({ error: 400, errorCode: value }) },
    { name: "reason", body: (value: string) => ({ error: 400, reason: value }) },
    { name: "error", body: (value: string) => ({ error: value }) },
    { name: "error_description", body: (value: string) => ({ error: "x", error_description: value }) },
    {
      name: "a field's name",
      body: (value: string) => ({ error: 400, badRequestDetail: { fields: [{ field: value, description: "x" }] } }),
    },
    {
      name: "a field's description",
      body: (value: string) => ({ error: 400, badRequestDetail: { fields: [{ field: "x", description: value }] } }),
    },
  ])("redacts it in $name, in every part of the error", ({ body }) => {
    for (const value of [opaque, SECRET_VALUE, Buffer.from(`id:${opaque}`).toString("base64")]) {
      const error = toAtlasError(toAnswer(400, body(value)), purpose);
      const shown = [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: 10 })].join();
      expect(shown).not.toContain(value);
      expect(error.message).toContain("[redacted]");
    }
  });

  it("keeps no header and no body on the error", () => {
    const error = toAtlasError(toAnswer(500, { other: opaque }, { "x-echo": opaque, "retry-after": opaque }), purpose);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(opaque);
  });
});

describe("toUnreadableError", () => {
  it.each([
    { name: "a write", purpose: PURPOSE, doubt: true },
    { name: "a read", purpose: READ, doubt: false },
  ])("takes a 2xx to $name that cannot be read for no answer, doubt is $doubt", ({ purpose, doubt }) => {
    const error = toUnreadableError(toAnswer(201, SECRET_VALUE), purpose);
    expect(error).toMatchObject({ code: "connection", status: 201, mayHaveBeenApplied: doubt });
    expect(error.message).toContain("https://atlas.example answered 201");
    expect(error.message).not.toContain(SECRET_VALUE);
    expect(error.message.includes("may have carried it out")).toBe(doubt);
  });
});
