/** Whether and when a failed request is tried again, and the loop that does so. */

import { isUpgrade, MAX_TRIES, repeat, toBackoffMs, toRetryWait, toWait } from "../../../provider/src/atlas/retry.js";
import { TimeBudget } from "../../../provider/src/atlas/time-budget.js";
import { MINUTE_MS } from "../../../provider/src/clock.js";
import {
  type AtlasFault,
  AtlasSecretsError,
  AuthenticationError,
  ConnectionError,
  RateLimitError,
  RejectionError,
} from "../../../provider/src/errors.js";
import { createFakeClock } from "../fixtures/values.js";

const UPGRADE_CODE = "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES";
const UPGRADE = "Atlas is being upgraded and takes no changes for now";
const OUTAGE = "Atlas is not available for now (503)";

const toUpgrade = (retryAfterSeconds?: number) =>
  new RejectionError("no changes", {
    status: 405,
    errorCode: UPGRADE_CODE,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });

const toConnectionError = (fault: AtlasFault) => new ConnectionError("no usable answer", fault, false);

describe("toBackoffMs", () => {
  it.each([
    { failures: 1, waitMs: 1_000 },
    { failures: 2, waitMs: 2_000 },
    { failures: 3, waitMs: 4_000 },
    { failures: 6, waitMs: 32_000 },
    { failures: 7, waitMs: 60_000 },
    { failures: 100, waitMs: 60_000 },
    { failures: 5_000, waitMs: 60_000 },
  ])("gives $waitMs ms after failure $failures", ({ failures, waitMs }) => {
    expect(toBackoffMs(failures)).toBe(waitMs);
  });
});

describe("toWait", () => {
  it.each([
    { name: "nothing is told", told: undefined, failures: 2, expected: { ms: 2_000, kind: "backoff" } },
    { name: "0 is told", told: 0, failures: 1, expected: { ms: 1_000, kind: "backoff" } },
    { name: "less than our own is told", told: 1, failures: 2, expected: { ms: 2_000, kind: "backoff" } },
    { name: "as much as our own is told", told: 2, failures: 2, expected: { ms: 2_000, kind: "backoff" } },
    { name: "more than our own is told", told: 3, failures: 2, expected: { ms: 3_000, kind: "server" } },
    { name: "an hour is told", told: 3_600, failures: 9, expected: { ms: 3_600_000, kind: "server" } },
  ])("waits $expected.ms ms ($expected.kind) when $name", ({ told, failures, expected }) => {
    expect(toWait(told === undefined ? {} : { retryAfterSeconds: told }, failures)).toEqual(expected);
  });
});

describe("toRetryWait", () => {
  const own = { ms: 1_000, kind: "backoff" };
  it.each([
    { name: "a reset connection", error: toConnectionError({ noAnswer: "ECONNRESET" }), expected: own },
    { name: "a refused connection", error: toConnectionError({ noAnswer: "ECONNREFUSED" }), expected: own },
    { name: "a time-out", error: toConnectionError({ noAnswer: "timeout" }), expected: own },
    {
      name: "an unknown host, as during an outage",
      error: toConnectionError({ noAnswer: "ENOTFOUND" }),
      expected: own,
    },
    { name: "a 500", error: toConnectionError({ status: 500 }), expected: own },
    { name: "a 408", error: toConnectionError({ status: 408 }), expected: own },
    { name: "a 200 that cannot be read", error: toConnectionError({ status: 200 }), expected: own },
    { name: "a 299", error: toConnectionError({ status: 299 }), expected: own },
    { name: "a redirect", error: toConnectionError({ status: 300 }), expected: undefined },
    { name: "the last redirect", error: toConnectionError({ status: 399 }), expected: undefined },
    {
      name: "a 503 that tells a wait",
      error: toConnectionError({ status: 503, retryAfterSeconds: 7 }),
      expected: { ms: 7_000, kind: "server", why: OUTAGE },
    },
    { name: "a 503", error: toConnectionError({ status: 503 }), expected: { ...own, why: OUTAGE } },
    { name: "an upgrade", error: toUpgrade(), expected: { ...own, why: UPGRADE } },
    {
      name: "an upgrade that tells a wait",
      error: toUpgrade(90),
      expected: { ms: 90_000, kind: "server", why: UPGRADE },
    },
    { name: "another 405", error: new RejectionError("no", { status: 405, errorCode: "FAKE" }), expected: undefined },
    { name: "a 405 without a code", error: new RejectionError("no", { status: 405 }), expected: undefined },
    {
      name: "a suspended organization",
      error: new RejectionError("no", { status: 402, errorCode: "ACCOUNT_SUSPENDED" }),
      expected: undefined,
    },
    {
      name: "a 429, whose wait its limit keeps",
      error: new RateLimitError("wait", { status: 429, retryAfterSeconds: 7 }),
      expected: { ms: 0, kind: "server" },
    },
    { name: "an ended engine", error: toConnectionError({ noAnswer: "engine-gone" }), expected: undefined },
    { name: "an operation out of time", error: toConnectionError({ noAnswer: "out-of-time" }), expected: undefined },
    { name: "an expired certificate", error: toConnectionError({ noAnswer: "CERT_HAS_EXPIRED" }), expected: undefined },
    {
      name: "an unknown issuer",
      error: toConnectionError({ noAnswer: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }),
      expected: undefined,
    },
    {
      name: "a self-signed certificate",
      error: toConnectionError({ noAnswer: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
      expected: undefined,
    },
    {
      name: "a certificate of another host",
      error: toConnectionError({ noAnswer: "ERR_TLS_CERT_ALTNAME_INVALID" }),
      expected: undefined,
    },
    { name: "a refused credential", error: new AuthenticationError("no", { status: 401 }), expected: undefined },
    { name: "a refusal", error: new RejectionError("no", { status: 403 }), expected: undefined },
    { name: "a conflict", error: new RejectionError("no", { status: 409 }), expected: undefined },
    { name: "another error of this package", error: new AtlasSecretsError("state", "no"), expected: undefined },
    { name: "an error of the program", error: new TypeError("no"), expected: undefined },
    { name: "what is no error", error: "no", expected: undefined },
  ])("gives $expected after $name", ({ error, expected }) => {
    expect(toRetryWait(error, 1)).toEqual(expected);
  });

  it.each([
    { name: "a connection", error: toConnectionError({ noAnswer: "ECONNRESET" }) },
    { name: "a 429", error: new RateLimitError("wait", { status: 429 }) },
  ])("gives up on $name after the fourth failure, and not before", ({ error }) => {
    expect(toRetryWait(error, MAX_TRIES - 1)).toBeDefined();
    expect(toRetryWait(error, MAX_TRIES)).toBeUndefined();
    expect(MAX_TRIES).toBe(4);
  });
});

describe("toRetryWait, in an outage that Atlas tells of", () => {
  it.each([
    { name: "a 503", error: toConnectionError({ status: 503 }) },
    { name: "an upgrade", error: toUpgrade() },
  ])("does not give up on $name, with waits of up to a minute", ({ error }) => {
    expect(toRetryWait(error, MAX_TRIES)).toMatchObject({ ms: 8_000 });
    expect(toRetryWait(error, 1_000)).toMatchObject({ ms: 60_000 });
  });
});

describe("isUpgrade", () => {
  it.each([
    { status: 405, errorCode: UPGRADE_CODE, expected: true },
    { status: 405, errorCode: "FAKE", expected: false },
    { status: 405, expected: false },
    { errorCode: UPGRADE_CODE, expected: false },
  ])("is $expected for $status $errorCode", ({ expected, ...fault }) => {
    expect(isUpgrade(fault)).toBe(expected);
  });
});

describe("repeat", () => {
  /** Runs attempts that fail with the given errors, one each, and then succeed. */
  async function run(errors: readonly unknown[], clock = createFakeClock(), operation = new TimeBudget(clock)) {
    let tries = 0;
    const attempt = async () => {
      const error = errors[tries];
      tries += 1;
      if (error) throw error;
      return "result";
    };
    const result = await repeat(attempt, operation).catch((error: unknown) => error);
    return { result, tries, slept: clock.slept };
  }

  const reset = toConnectionError({ noAnswer: "ECONNRESET" });

  it.each([
    { failures: 0, slept: [] },
    { failures: 1, slept: [1_000] },
    { failures: 3, slept: [1_000, 2_000, 4_000] },
  ])("gives the result after $failures failures", async ({ failures, slept }) => {
    const errors = Array.from({ length: failures }, () => reset);
    expect(await run(errors)).toEqual({ result: "result", tries: failures + 1, slept });
  });

  it("rejects with the last error after four tries", async () => {
    const last = toConnectionError({ status: 500 });
    expect(await run([reset, reset, reset, last])).toMatchObject({ result: last, tries: 4 });
  });

  it("rejects at once with an error that no wait can help", async () => {
    const refusal = new RejectionError("no", { status: 403 });
    expect(await run([reset, refusal])).toEqual({ result: refusal, tries: 2, slept: [1_000] });
  });

  it("rejects with whatever was thrown, also with what is no error", async () => {
    expect(await run([reset, "no"])).toEqual({ result: "no", tries: 2, slept: [1_000] });
  });

  it("rejects without a wait when the operation has no time for it", async () => {
    const clock = createFakeClock();
    const operation = new TimeBudget(clock);
    operation.noteRequest();
    clock.advance(5 * MINUTE_MS);
    expect(await run([reset], clock, operation)).toEqual({ result: reset, tries: 1, slept: [] });
  });

  it.each([
    { name: "a 503", error: toConnectionError({ status: 503 }), why: OUTAGE },
    { name: "an upgrade", error: toUpgrade(), why: UPGRADE },
  ])("waits for the end of $name as long as its five minutes allow, and says so", async ({ error, why }) => {
    const clock = createFakeClock();
    const lines: string[] = [];
    const operation = new TimeBudget(clock, (line) => void lines.push(line));
    operation.noteRequest();
    const { result, slept } = await run(
      Array.from({ length: 100 }, () => error),
      clock,
      operation,
    );
    expect(result).toBe(error);
    expect(slept).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(lines).toEqual(
      [16, 32, 60, 60, 60].map((seconds) =>
        expect.stringMatching(`^Waiting ${seconds} s, .*: ${why.replace(/[()]/g, "\\$&")}\\.$`),
      ),
    );
  });
});
