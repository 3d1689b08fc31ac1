/** The whole of an issuance: the order of its calls, what it reports, and that a value is never lost once Atlas gave it. */

import type { IssuanceRequest } from "../../../provider/src/account/context.js";
import { obtainSecret } from "../../../provider/src/account/creation.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { AuthenticationError, ConnectionError, RejectionError } from "../../../provider/src/errors.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { createFakeAtlas, REQUEST } from "../fixtures/fake-atlas.js";
import { BIRTH_MS, CLIENT_ID, IDS, PROJECT_ID, SECRET_VALUE, toHeld, toId, toPolicy } from "../fixtures/values.js";

const recorded: IssuanceRequest = { ...REQUEST, toPolicy: () => toPolicy({ recordedIds: new Set([IDS[0]]) }) };
const expiringSoon = toHeld({ createdAtMs: BIRTH_MS - HOUR_MS, expiresAtMs: BIRTH_MS + HOUR_MS });

describe("obtainSecret", () => {
  it("looks, creates, verifies, and gives the value with the time of the proof", async () => {
    const { context, calls, lines, created } = createFakeAtlas([expiringSoon]);
    const { secret, verification } = await obtainSecret(recorded, context);
    expect(calls).toEqual(["look", "create for 720 h", "verify"]);
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
    expect(verification).toEqual({ kind: "verified", atMs: BIRTH_MS });
    expect(created).toEqual([IDS[2]]);
    expect(lines).toEqual([]);
  });

  it("does not verify when it is not asked to", async () => {
    const { context, calls } = createFakeAtlas([]);
    const { verification } = await obtainSecret({ ...REQUEST, verify: false }, context);
    expect(calls).toEqual(["look", "create for 720 h"]);
    expect(verification).toBeUndefined();
  });

  it("lets one operation at a time touch an account, and the later one sees what the earlier one recorded", async () => {
    const { context, calls, created } = createFakeAtlas([]);
    const seen: number[] = [];
    const request: IssuanceRequest = {
      ...REQUEST,
      verify: false,
      toPolicy: () => {
        seen.push(created.length);
        return toPolicy({ recordedIds: new Set(created) });
      },
    };
    const issued = await Promise.all([obtainSecret(request, context), obtainSecret(request, context)]);
    expect(calls).toEqual(["look", "create for 720 h", "look", "create for 720 h"]);
    expect(issued.map(({ secret }) => secret.id)).toEqual([toId(3), toId(4)]);
    expect([seen[0], seen.at(-1)]).toEqual([0, 1]);
  });

  it("counts what this process created as held although Atlas does not show it yet", async () => {
    const request = { ...REQUEST, toCreatedHere: () => [toHeld(), toHeld({ id: IDS[1] })] };
    const { context, calls } = createFakeAtlas([toHeld()]);
    await expect(obtainSecret(request, context)).rejects.toMatchObject({
      code: "account-full",
      holders: [IDS[0], IDS[1]],
    });
    expect(calls).toEqual(["look"]);
  });

  it("frees the account for the next operation when it fails", async () => {
    const failure = new RejectionError("Not allowed.", { status: 403 });
    const { context } = createFakeAtlas([], { create: [failure] });
    const results = await Promise.allSettled([obtainSecret(REQUEST, context), obtainSecret(REQUEST, context)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });
});

describe("obtainSecret, about the other secrets of the account", () => {
  it.each([
    { name: "a week and a second left is cut", leftMs: 168 * HOUR_MS + 1_000, cuts: 1 },
    { name: "just a week left is not", leftMs: 168 * HOUR_MS, cuts: 0 },
  ])("reports those whose life it shortens: one with $name", async ({ leftMs, cuts }) => {
    const { context, lines } = createFakeAtlas([toHeld({ expiresAtMs: BIRTH_MS + leftMs })]);
    await obtainSecret(recorded, context);
    expect(lines).toHaveLength(cuts);
    for (const line of lines) {
      expect(line).toContain(`${IDS[0]} now expires at 2026-03-08T08:00:00Z instead of 2026-03-08T08:00:01Z`);
    }
  });

  it("tells of a live one that this run does not record, once although it looks again", async () => {
    const never = new ConnectionError("Refused.", { noAnswer: "ECONNREFUSED" }, false);
    const { context, lines, calls } = createFakeAtlas([expiringSoon], { create: [never] });
    await obtainSecret(REQUEST, context);
    expect(calls.filter((call) => call === "look")).toHaveLength(2);
    expect(lines).toEqual([expect.stringContaining(IDS[0])]);
    expect(lines[0]).toContain(`service account ${CLIENT_ID} of project ${PROJECT_ID}`);
  });

  it("tells of one that shows only after an answer was lost", async () => {
    const lost = new ConnectionError("No answer.", {}, true);
    const { context, lines } = createFakeAtlas([], {
      create: [lost],
      beforeLook: (held, look) => {
        if (look === 4) held.push(toHeld({ createdAtMs: BIRTH_MS }));
      },
    });
    await obtainSecret(REQUEST, context);
    expect(lines[0]).toContain(IDS[0]);
    expect(lines[0]).toContain("this run");
  });
});

describe("obtainSecret, once Atlas has given the value", () => {
  it.each([
    { kind: "invalid" as const, outcome: "invalid-client" as const },
    { kind: "undetermined" as const, outcome: "undetermined" as const },
  ])("keeps it when the verification ends as $kind", async ({ kind, outcome }) => {
    const error =
      kind === "invalid"
        ? new AuthenticationError("not valid", { status: 401 })
        : new ConnectionError("no answer", { noAnswer: "ECONNRESET" }, false);
    const { context, clock } = createFakeAtlas([], { verify: { kind: outcome, error } });
    const { secret, verification } = await obtainSecret(REQUEST, context);
    expect(verification).toEqual({ kind, error });
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
    expect(clock.slept).toEqual([1_000, 2_000]);
  });

  it("keeps it when the verification itself breaks", async () => {
    const { context } = createFakeAtlas([]);
    const verify = () => Promise.reject(new RangeError("not foreseen"));
    const { secret, verification } = await obtainSecret(REQUEST, { ...context, client: { ...context.client, verify } });
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
    expect(verification).toMatchObject({ kind: "undetermined", error: { code: "connection" } });
  });

  it("keeps it when a line about it cannot be shown", async () => {
    const { context } = createFakeAtlas([toHeld()]);
    const report = () => {
      throw new Error("standard output is closed");
    };
    const { secret } = await obtainSecret(REQUEST, { ...context, report });
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
  });

  it("keeps it when the operation has no time left to verify", async () => {
    const { context, clock } = createFakeAtlas([], { verify: unclear() });
    const createSecret: typeof context.client.createSecret = async (...args) => {
      const created = await context.client.createSecret(...args);
      clock.advance(60 * 60_000);
      return created;
    };
    const { secret, verification } = await obtainSecret(REQUEST, {
      ...context,
      client: { ...context.client, createSecret },
    });
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
    expect(verification?.kind).toBe("undetermined");
    expect(clock.slept).toEqual([]);
  });
});

function unclear() {
  return { kind: "undetermined", error: new ConnectionError("no answer", {}, false) } as const;
}
