import { parseLimit, parseRetryAfterMs } from "../../../provider/src/atlas/limit.js";
import type { Answer } from "../../../provider/src/atlas/transport.js";
import { BIRTH_MS } from "../fixtures/values.js";

const PATH = "/api/atlas/v2/groups/{groupId}/serviceAccounts";
const NAMED = { path: PATH, retryAfter: 37, capacity: 1200, refill: 500, seconds: 60 };
const BY_POSITION = [PATH, 37, 1200, 500, 60];
/** Of a mint: so many requests in so many minutes. */
const OF_MINT = ["/api/oauth/token", 10, 2];

function toAnswer(parameters: unknown, retryAfter?: string, status = 429): Answer {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  return { kind: "answer", status, headers, body: JSON.stringify({ error: status, parameters }) };
}

describe("parseRetryAfterMs", () => {
  it.each([
    { name: "seconds", value: "7", expected: 7_000 },
    { name: "zero", value: "0", expected: 0 },
    { name: "zeros before the digits", value: "007", expected: 7_000 },
    { name: "blanks around", value: " 7 ", expected: 7_000 },
    { name: "nine digits", value: "999999999", expected: 999_999_999_000 },
    { name: "ten digits", value: "1000000000", expected: undefined },
    { name: "a fraction", value: "1.5", expected: undefined },
    { name: "a negative number", value: "-1", expected: undefined },
    { name: "a unit", value: "7s", expected: undefined },
    { name: "two values", value: "7, 9", expected: undefined },
    { name: "words", value: "soon", expected: undefined },
    { name: "nothing", value: "", expected: undefined },
    { name: "blanks alone", value: "  ", expected: undefined },
    { name: "a date 90 s ahead", value: "Sun, 01 Mar 2026 08:01:30 GMT", expected: 90_000 },
    { name: "the date of the answer", value: "Sun, 01 Mar 2026 08:00:00 GMT", expected: 0 },
    { name: "a date in the past", value: "Sun, 01 Mar 2026 07:59:59 GMT", expected: 0 },
    { name: "a date that does not exist", value: "Sun, 99 Mar 2026 08:00:00 GMT", expected: undefined },
    { name: "a date without its zone", value: "2026-03-01T08:01:30", expected: undefined },
  ])("gives $expected for $name", ({ value, expected }) => {
    expect(parseRetryAfterMs({ headers: { "retry-after": value }, serverTimeMs: BIRTH_MS })).toBe(expected);
  });

  it("gives nothing without the header", () => {
    expect(parseRetryAfterMs({ headers: {}, serverTimeMs: BIRTH_MS })).toBeUndefined();
  });

  it("gives nothing for a date when the answer has none to compare with, and seconds all the same", () => {
    expect(parseRetryAfterMs({ headers: { "retry-after": "Sun, 01 Mar 2026 08:01:30 GMT" } })).toBeUndefined();
    expect(parseRetryAfterMs({ headers: { "retry-after": "7" } })).toBe(7_000);
  });
});

describe("parseLimit", () => {
  it.each([
    { name: "named", parameters: [NAMED] },
    { name: "by position", parameters: BY_POSITION },
    { name: "named, with others beside", parameters: [{ ...NAMED, other: true }] },
    { name: "named, with something after", parameters: [NAMED, "other"] },
  ])("reads the wait, the refill and the period of a 429 from parameters $name", ({ parameters }) => {
    expect(parseLimit(toAnswer(parameters))).toEqual({ waitMs: 37_000, refill: 500, periodMs: 60_000 });
  });

  it("reads the count and the minutes of a mint's 429, and waits a whole period when the header tells nothing", () => {
    expect(parseLimit(toAnswer(OF_MINT))).toEqual({ waitMs: 120_000, refill: 10, periodMs: 120_000 });
    expect(parseLimit(toAnswer(OF_MINT, "0"))).toEqual({ waitMs: 120_000, refill: 10, periodMs: 120_000 });
    expect(parseLimit(toAnswer(OF_MINT, "7"))).toEqual({ waitMs: 7_000, refill: 10, periodMs: 120_000 });
  });

  it.each([
    { name: "takes the header's wait before the body's", header: "7", parameters: [NAMED], waitMs: 7_000 },
    { name: "takes the body's wait when the header says 0", header: "0", parameters: [NAMED], waitMs: 37_000 },
    { name: "takes the body's wait when the header is no time", header: "soon", parameters: [NAMED], waitMs: 37_000 },
    { name: "takes a 0 when there is nothing else", header: "0", parameters: [], waitMs: 0 },
    {
      name: "takes a 0 when both say so",
      header: "0",
      parameters: [{ ...NAMED, retryAfter: 0 }],
      waitMs: 0,
    },
    { name: "knows of no wait when neither says one", header: undefined, parameters: [], waitMs: undefined },
  ])("$name", ({ header, parameters, waitMs }) => {
    expect(parseLimit(toAnswer(parameters, header)).waitMs).toBe(waitMs);
  });

  it.each([
    { name: "are none", parameters: [] },
    { name: "are absent", parameters: undefined },
    { name: "are no list", parameters: NAMED },
    { name: "are a text", parameters: [PATH] },
    { name: "lack the refill", parameters: [{ ...NAMED, refill: undefined }] },
    { name: "have a refill of 0", parameters: [{ ...NAMED, refill: 0 }] },
    { name: "have a refill of half a request", parameters: [{ ...NAMED, refill: 0.5 }] },
    { name: "have a period of 0", parameters: [{ ...NAMED, seconds: 0 }] },
    { name: "have a negative wait", parameters: [{ ...NAMED, retryAfter: -1 }] },
    { name: "have a wait in words", parameters: [{ ...NAMED, retryAfter: "37" }] },
    { name: "have a wait beyond all sense", parameters: [{ ...NAMED, retryAfter: 1e9 + 1 }] },
    { name: "are one too few by position", parameters: BY_POSITION.slice(0, 4) },
    { name: "are two", parameters: OF_MINT.slice(0, 2) },
    { name: "have a count of 0", parameters: ["/api/oauth/token", 0, 2] },
    { name: "have half a minute", parameters: ["/api/oauth/token", 10, 0.5] },
    { name: "have minutes in words", parameters: ["/api/oauth/token", 10, "2"] },
    { name: "have a refill of 0 by position", parameters: [PATH, 37, 1200, 0, 60] },
  ])("leaves everything out when the parameters $name", ({ parameters }) => {
    expect(parseLimit(toAnswer(parameters))).toEqual({});
  });

  it.each(["", "<html>slow down</html>", "null", "[]", '"text"'])("leaves everything out for the body %j", (body) => {
    expect(parseLimit({ kind: "answer", status: 429, headers: {}, body })).toEqual({});
    expect(parseLimit({ kind: "answer", status: 429, headers: { "retry-after": "7" }, body })).toEqual({
      waitMs: 7_000,
    });
  });

  it("reads the header of another status, and not its body", () => {
    expect(parseLimit(toAnswer([NAMED], "7", 503))).toEqual({ waitMs: 7_000 });
    expect(parseLimit(toAnswer([NAMED], undefined, 503))).toEqual({});
  });
});

describe("parseLimit, of what remains", () => {
  const toSuccess = (headers: Record<string, string>): Answer => ({ kind: "answer", status: 200, headers, body: "{}" });

  it.each([
    {
      name: "both",
      headers: { "ratelimit-limit": "1200", "ratelimit-remaining": "1199" },
      remaining: 1199,
      capacity: 1200,
    },
    { name: "0", headers: { "ratelimit-limit": "500", "ratelimit-remaining": "0" }, remaining: 0, capacity: 500 },
    { name: "one alone", headers: { "ratelimit-remaining": " 7 " }, remaining: 7 },
    { name: "the other alone", headers: { "ratelimit-limit": "500" }, capacity: 500 },
    { name: "neither", headers: {} },
    { name: "words", headers: { "ratelimit-limit": "many", "ratelimit-remaining": "few" } },
    { name: "less than nothing", headers: { "ratelimit-remaining": "-1" } },
    { name: "a fraction", headers: { "ratelimit-remaining": "0.5" } },
    { name: "two values", headers: { "ratelimit-remaining": "7, 9" } },
    { name: "nothing", headers: { "ratelimit-remaining": "" } },
  ])("reads the headers of any answer: $name", ({ headers, remaining, capacity }) => {
    const { remaining: readRemaining, capacity: readCapacity, ...rest } = parseLimit(toSuccess({ ...headers }));
    expect({ readRemaining, readCapacity, rest }).toEqual({
      readRemaining: remaining,
      readCapacity: capacity,
      rest: {},
    });
  });
});
