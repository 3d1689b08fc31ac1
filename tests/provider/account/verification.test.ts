import { verifySecret } from "../../../provider/src/account/verification.js";
import type { MintOutcome } from "../../../provider/src/atlas/auth/mint.js";
import { Operation } from "../../../provider/src/atlas/operation.js";
import { AuthenticationError, ConnectionError, RateLimitError } from "../../../provider/src/errors.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { BIRTH_MS, CLIENT_ID, createFakeClock, SECRET_VALUE } from "../fixtures/values.js";

const minted: MintOutcome = { kind: "minted", token: new Sensitive("not-a-real-token"), lifetimeMs: 3_600_000 };
const invalid: MintOutcome = { kind: "invalid-client", error: new AuthenticationError("not valid", { status: 401 }) };
const unclear: MintOutcome = { kind: "undetermined", error: new ConnectionError("no answer", {}, false) };

/** Verifies with the given outcomes, one a try; the clock moves only by the waits. */
async function verify(outcomes: readonly MintOutcome[]) {
  const clock = createFakeClock();
  const credential = { clientId: CLIENT_ID, secret: new Sensitive(SECRET_VALUE) };
  let tries = 0;
  const result = await verifySecret(
    async (given) => {
      expect(given).toBe(credential);
      const outcome = outcomes[tries];
      tries += 1;
      if (!outcome) throw new Error("one try too many");
      return outcome;
    },
    credential,
    { clock, operation: new Operation(clock) },
  );
  return { result, tries, slept: clock.slept };
}

describe("verifySecret", () => {
  it.each([
    { name: "at the first try", outcomes: [minted], atMs: BIRTH_MS, slept: [] },
    { name: "at the second try", outcomes: [invalid, minted], atMs: BIRTH_MS + 1_000, slept: [1_000] },
    { name: "at the third try", outcomes: [unclear, invalid, minted], atMs: BIRTH_MS + 3_000, slept: [1_000, 2_000] },
  ])("proves a secret that works $name, with the time of the proof", async ({ outcomes, atMs, slept }) => {
    expect(await verify(outcomes)).toEqual({ result: { kind: "verified", atMs }, tries: outcomes.length, slept });
  });

  it.each([
    {
      name: "invalid when Atlas says so three times",
      outcomes: [invalid, invalid, invalid],
      expected: { kind: "invalid", error: invalid.error },
    },
    {
      name: "invalid when Atlas says so at last",
      outcomes: [unclear, unclear, invalid],
      expected: { kind: "invalid", error: invalid.error },
    },
    {
      name: "undetermined when there is no answer",
      outcomes: [unclear, unclear, unclear],
      expected: { kind: "undetermined", error: unclear.error },
    },
    {
      name: "undetermined when the last try has no answer",
      outcomes: [invalid, invalid, unclear],
      expected: { kind: "undetermined", error: unclear.error },
    },
  ])("gives $name, after three tries over three seconds", async ({ outcomes, expected }) => {
    expect(await verify(outcomes)).toEqual({ result: expected, tries: 3, slept: [1_000, 2_000] });
  });

  it.each([
    { name: "an error of Atlas", error: new ConnectionError("no token", {}, false), message: "no token" },
    { name: "an error of the program", error: new TypeError("not foreseen"), message: "Could not mint" },
    { name: "what is no error", error: "not foreseen", message: "Could not mint" },
  ])("never rejects: it gives undetermined for $name that the try throws", async ({ error, message }) => {
    const clock = createFakeClock();
    const credential = { clientId: CLIENT_ID, secret: new Sensitive(SECRET_VALUE) };
    const work = { clock, operation: new Operation(clock) };
    const result = await verifySecret(() => Promise.reject(error), credential, work);
    expect(result.kind).toBe("undetermined");
    expect(result).toHaveProperty("error.message", expect.stringContaining(message));
  });

  it("does not wait when the operation has no time left, and says what it knows", async () => {
    const clock = createFakeClock();
    const operation = new Operation(clock);
    operation.noteRequest();
    clock.advance(300_000);
    const credential = { clientId: CLIENT_ID, secret: new Sensitive(SECRET_VALUE) };
    const result = await verifySecret(async () => invalid, credential, { clock, operation });
    expect({ result, slept: clock.slept }).toEqual({ result: { kind: "invalid", error: invalid.error }, slept: [] });
  });

  it("waits for a token of the account as Atlas tells, when too many were minted", async () => {
    const refused: MintOutcome = { kind: "undetermined", error: new RateLimitError("wait", { status: 429 }) };
    // The limit of the mint is closed until then: the next try waits there.
    expect(await verify([refused, minted])).toMatchObject({ result: { kind: "verified" }, slept: [0] });
  });

  it("does not try again what no wait can help", async () => {
    const gone: MintOutcome = {
      kind: "undetermined",
      error: new ConnectionError("ended", { noAnswer: "engine-gone" }, false),
    };
    expect(await verify([gone])).toMatchObject({ result: { kind: "undetermined" }, tries: 1, slept: [] });
  });
});
