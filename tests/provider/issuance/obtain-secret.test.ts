import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { AuthenticationError, ConnectionError, RateLimitError, RejectionError } from "../../../provider/src/errors.js";
import type { IssuanceRequest } from "../../../provider/src/issuance/context.js";
import { obtainSecret } from "../../../provider/src/issuance/obtain-secret.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { createFakeAtlas } from "../fixtures/fake-atlas.js";
import { BIRTH_MS, CLIENT_ID, IDS, PROJECT_ID, SECRET_VALUE, toHeld, toPolicy } from "../fixtures/values.js";

const REQUEST: IssuanceRequest = {
  account: { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID },
  hours: 720,
  toPolicy: () => toPolicy({ mayRemove: [IDS[0]] }),
  toCreatedHere: () => [],
  verify: true,
};
const strict: IssuanceRequest = { ...REQUEST, toPolicy: () => toPolicy() };

const expiringSoon = { createdAtMs: BIRTH_MS - HOUR_MS, expiresAtMs: BIRTH_MS + HOUR_MS };
const first = toHeld(expiringSoon);
const second = toHeld({ ...expiringSoon, id: IDS[1] });
const notFound = new RejectionError("not found", { status: 404 });
const lost = new ConnectionError("No answer.", {}, true);

describe("obtainSecret", () => {
  it("looks, creates, verifies, and gives the value with the time of the proof", async () => {
    const { context, calls, lines, created } = createFakeAtlas([first]);
    const { secret, verification } = await obtainSecret(strict, context);
    expect(calls).toEqual(["look", "create for 720 h", "verify"]);
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
    expect(verification).toEqual({ kind: "verified", atMs: BIRTH_MS });
    expect(created).toEqual([IDS[2]]);
    expect(lines).toEqual([]);
  });

  it("does not verify when it is not asked to", async () => {
    const { context, calls } = createFakeAtlas([]);
    const { verification } = await obtainSecret({ ...strict, verify: false }, context);
    expect(calls).toEqual(["look", "create for 720 h"]);
    expect(verification).toBeUndefined();
  });

  it.each([
    { name: "a week and a second left is cut", leftMs: 168 * HOUR_MS + 1_000, lines: 1 },
    { name: "just a week left is not", leftMs: 168 * HOUR_MS, lines: 0 },
  ])("reports other secrets whose life it shortens: one with $name", async ({ leftMs, lines: count }) => {
    const { context, lines } = createFakeAtlas([toHeld({ expiresAtMs: BIRTH_MS + leftMs })]);
    await obtainSecret(strict, context);
    expect(lines).toHaveLength(count);
    for (const line of lines)
      expect(line).toMatch(new RegExp(`${IDS[0]} now expires at 2026-03-08T08:00:00Z instead of 2026-03-08T08:00:01Z`));
  });

  it("lets one operation at a time touch an account, and the later one sees what the earlier one recorded", async () => {
    const { context, calls, created } = createFakeAtlas([]);
    const seen: number[] = [];
    const request: IssuanceRequest = {
      ...strict,
      verify: false,
      toPolicy: () => {
        seen.push(created.length);
        return toPolicy();
      },
    };
    await Promise.all([obtainSecret(request, context), obtainSecret(request, context)]);
    expect(calls).toEqual(["look", "create for 720 h", "look", "create for 720 h"]);
    expect(seen).toEqual([0, 1]);
  });
});

describe("obtainSecret, on a full account", () => {
  it("deletes what may go, looks again, and creates", async () => {
    const { context, calls, lines } = createFakeAtlas([first, second]);
    await obtainSecret(REQUEST, context);
    expect(calls).toEqual(["look", `delete ${IDS[0]}`, "look", "create for 720 h", "verify"]);
    expect(lines).toEqual([expect.stringContaining(`secret ${IDS[0]}`)]);
    expect(lines[0]).toContain(`service account ${CLIENT_ID} of project ${PROJECT_ID}`);
  });

  it("goes on when somebody else deleted it in between", async () => {
    let looks = 0;
    const { context, calls } = createFakeAtlas([first, second], {
      delete: notFound,
      beforeLook: (held) => {
        looks += 1;
        if (looks === 2) held.shift();
      },
    });
    await obtainSecret(REQUEST, context);
    expect(calls).toEqual(["look", `delete ${IDS[0]}`, "look", "create for 720 h", "verify"]);
  });

  it("looks before every delete and stops after two, when the slots fill up as fast as they are freed", async () => {
    const { context, calls } = createFakeAtlas([first, second], {
      beforeLook: (held) => {
        if (held.length < 2) held.unshift(first);
      },
    });
    const work = obtainSecret(REQUEST, context);
    await expect(work).rejects.toMatchObject({ code: "account-full", holders: [IDS[0], IDS[1]] });
    expect(calls).toEqual(["look", `delete ${IDS[0]}`, "look", `delete ${IDS[0]}`, "look"]);
  });

  it("stops after two deletes also when each answers 404 while the account still lists the secret", async () => {
    const { context, calls } = createFakeAtlas([first, second], { delete: notFound });
    await expect(obtainSecret(REQUEST, context)).rejects.toMatchObject({ code: "account-full" });
    expect(calls.filter((call) => call.startsWith("create"))).toEqual([]);
  });

  it("refuses before any POST or DELETE when nothing may go, and names both holders", async () => {
    const { context, calls } = createFakeAtlas([first, second]);
    const work = obtainSecret(strict, context);
    await expect(work).rejects.toMatchObject({ code: "account-full", holders: [IDS[0], IDS[1]] });
    for (const text of [IDS[0], IDS[1], CLIENT_ID, PROJECT_ID, "Ways out"]) await expect(work).rejects.toThrow(text);
    expect(calls).toEqual(["look"]);
  });

  it("passes on a failed delete and creates nothing", async () => {
    const failure = new RejectionError("not allowed", { status: 403 });
    const { context, calls } = createFakeAtlas([first, second], { delete: failure });
    await expect(obtainSecret(REQUEST, context)).rejects.toBe(failure);
    expect(calls).toEqual(["look", `delete ${IDS[0]}`]);
  });

  it.each([
    { name: "ten minutes after its expiry", hasServerTime: true, minutes: 10, deleted: true },
    { name: "a minute earlier", hasServerTime: true, minutes: 9, deleted: false },
    { name: "when the server does not tell the time", hasServerTime: false, minutes: 10, deleted: false },
  ])(
    "judges an expired secret by the server's time: $name, deleted is $deleted",
    async ({ hasServerTime, minutes, deleted }) => {
      const expired = toHeld({ expiresAtMs: BIRTH_MS - minutes * MINUTE_MS });
      const { context, calls } = createFakeAtlas([expired, second], { hasServerTime });
      const result = await obtainSecret(strict, context).catch((error: unknown) => error);
      expect(calls.includes(`delete ${IDS[0]}`)).toBe(deleted);
      if (!deleted) expect(result).toMatchObject({ code: "account-full" });
    },
  );

  it.each([
    { name: "the mask shows its end", mask: "mdb_sa_sk_...wxyz", refused: true },
    { name: "there is no mask to tell", mask: undefined, refused: true },
    { name: "the mask shows another end", mask: "mdb_sa_sk_...qrst", refused: false },
  ])("never deletes what may be the configured credential: $name, refused is $refused", async ({ mask, refused }) => {
    const target = { ...first, ...(mask !== undefined && { maskedSecretValue: mask }) };
    const { context, calls } = createFakeAtlas([target, second]);
    const configured = { clientId: CLIENT_ID, secret: new Sensitive(SECRET_VALUE) };
    const result = await obtainSecret(REQUEST, { ...context, configured }).catch((error: unknown) => error);
    if (refused) expect(result).toMatchObject({ code: "configured-credential" });
    expect(calls.some((call) => call.startsWith("delete"))).toBe(!refused);
    expect(calls.some((call) => call.startsWith("create"))).toBe(!refused);
  });
});

describe("obtainSecret, when the POST fails", () => {
  it.each([
    { name: "a refusal", error: new RejectionError("no", { status: 409 }) },
    { name: "a refused credential", error: new AuthenticationError("no", { status: 401 }) },
    { name: "a wait", error: new RateLimitError("no", { status: 429 }) },
    { name: "a connection that was never made", error: new ConnectionError("no", {}, false) },
  ])("passes on $name as it is, and verifies nothing", async ({ error }) => {
    const { context, calls, created } = createFakeAtlas([first], { create: error });
    await expect(obtainSecret(strict, context)).rejects.toBe(error);
    expect(calls).not.toContain("verify");
    expect(created).toEqual([]);
  });

  it.each([
    { name: "names the secrets that are known", held: [first], text: `a secret other than ${IDS[0]}, created` },
    { name: "says that any secret is the lost one", held: [], text: "a secret, created at the time" },
  ])("keeps the doubt about a lost answer and $name", async ({ held, text }) => {
    const { context } = createFakeAtlas(held, { create: lost });
    const work = obtainSecret(strict, context);
    await expect(work).rejects.toMatchObject({ code: "connection", mayHaveBeenApplied: true });
    await expect(work).rejects.toThrow("No answer. Before the next 'pulumi up',");
    await expect(work).rejects.toThrow(text);
  });

  it("frees the account for the next operation", async () => {
    const { context } = createFakeAtlas([], { create: lost });
    await expect(obtainSecret(strict, context)).rejects.toThrow("No answer.");
    const { context: healthy } = createFakeAtlas([]);
    await expect(obtainSecret(strict, { ...healthy, locks: context.locks })).resolves.toBeDefined();
  });
});

describe("obtainSecret, after the POST", () => {
  it.each([
    { kind: "invalid" as const, outcome: "invalid-client" as const },
    { kind: "undetermined" as const, outcome: "undetermined" as const },
  ])("keeps the value when the verification ends as $kind", async ({ kind, outcome }) => {
    const error = new AuthenticationError("not valid", { status: 401 });
    const { context, clock } = createFakeAtlas([], { verify: { kind: outcome, error } });
    const { secret, verification } = await obtainSecret(strict, context);
    expect(verification).toEqual({ kind, error });
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
    expect(clock.slept).toEqual([1_000, 2_000]);
  });

  it("keeps the value when a line about it cannot be shown", async () => {
    const { context } = createFakeAtlas([toHeld()]);
    const report = () => {
      throw new Error("standard output is closed");
    };
    const { secret } = await obtainSecret(strict, { ...context, report });
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
  });
});
