/** The whole of a creation: the order of its calls, what it reports, and that a value is never lost once Atlas gave it. */

import { createSecret } from "../../../provider/src/account/creation.js";
import { Operation } from "../../../provider/src/account/operation.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { AuthenticationError, ConnectionError, RejectionError } from "../../../provider/src/errors.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { createFakeAtlas, type Faults, REQUEST } from "../fixtures/fake-atlas.js";
import {
  ACCOUNT,
  BIRTH_MS,
  CLIENT_ID,
  IDS,
  OTHER_CLIENT_ID,
  PROJECT_ID,
  SECRET_VALUE,
  toHeld,
  toId,
} from "../fixtures/values.js";

const expiringSoon = toHeld({ createdAtMs: BIRTH_MS - HOUR_MS, expiresAtMs: BIRTH_MS + HOUR_MS });

const recorded: Faults = { roles: { [IDS[0]]: "current" } };

describe("createSecret", () => {
  it("looks, creates, verifies, and gives the value with the time of the verification", async () => {
    const { process, operation, calls, lines } = createFakeAtlas([expiringSoon], recorded);
    const { secret, verification } = await createSecret(process, operation, REQUEST);
    expect(calls).toEqual(["look", "create for 720 h", "verify"]);
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
    expect(verification).toEqual({ kind: "verified", atMs: BIRTH_MS });
    expect(process.known.createdOn(CLIENT_ID)).toMatchObject([{ id: IDS[2] }]);
    expect(lines).toEqual([]);
  });

  it("gives the account as it was before, and how far Atlas's clock is ahead", async () => {
    const { process, operation } = createFakeAtlas([expiringSoon], { ...recorded, serverAheadMs: 5_000 });
    const { before, serverAheadMs } = await createSecret(process, operation, REQUEST);
    expect(before).toMatchObject({ secrets: [{ id: IDS[0], role: "current" }], serverAheadMs: 5_000 });
    expect(serverAheadMs).toBe(5_000);
  });

  it("takes the time of the new secret for Atlas's when the answer has none", async () => {
    const { process, operation } = createFakeAtlas([], { hasServerTime: false, serverAheadMs: 5_000 });
    expect((await createSecret(process, operation, REQUEST)).serverAheadMs).toBe(5_000);
  });

  it("does not verify when it is not asked to", async () => {
    const { process, operation, calls } = createFakeAtlas([]);
    const { verification } = await createSecret(process, operation, { ...REQUEST, verify: false });
    expect(calls).toEqual(["look", "create for 720 h"]);
    expect(verification).toBeUndefined();
  });

  it("lets one operation at a time touch an account, and the later one sees what the earlier one created", async () => {
    const { process, begin, calls } = createFakeAtlas([]);
    const request = { ...REQUEST, verify: false };
    const create = () => createSecret(process, begin(), request);
    const [first, second] = await Promise.all([create(), create()]);
    expect(calls).toEqual(["look", "create for 720 h", "look", "create for 720 h"]);
    expect([first.secret.id, second.secret.id]).toEqual([toId(3), toId(4)]);
    expect([first.before.secrets, second.before.secrets]).toMatchObject([[], [{ id: toId(3), role: "created-here" }]]);
  });

  it("looks at the account itself after its own creation, and not at a list from before it", async () => {
    const { process, begin, calls } = createFakeAtlas([], { isListFull: true });
    await process.snapshots.find(begin().client, { ...ACCOUNT, clientId: OTHER_CLIENT_ID });
    const request = { ...REQUEST, verify: false };
    await createSecret(process, begin(), request);
    await createSecret(process, begin(), request);
    expect(calls).toEqual(["list", "create for 720 h", "look", "create for 720 h"]);
  });

  it("counts what this process created as held although Atlas does not show it yet", async () => {
    const { process, operation, calls } = createFakeAtlas([toHeld()]);
    for (const id of [IDS[0], IDS[1]]) process.known.noteCreated(CLIENT_ID, toHeld({ id }));
    const work = createSecret(process, operation, REQUEST);
    await expect(work).rejects.toMatchObject({ code: "account-full", holders: [IDS[0], IDS[1]] });
    expect(calls).toEqual(["look"]);
  });

  it("frees the account for the next operation when it fails", async () => {
    const failure = new RejectionError("Not allowed.", { status: 403 });
    const { process, begin } = createFakeAtlas([], { create: [failure] });
    const create = () => createSecret(process, begin(), REQUEST);
    const results = await Promise.allSettled([create(), create()]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });
});

describe("createSecret, about what it shortens", () => {
  it.each([
    { name: "a week and a second left is shortened", leftMs: 168 * HOUR_MS + 1_000, count: 1 },
    { name: "just a week left is not", leftMs: 168 * HOUR_MS, count: 0 },
  ])("tells of each secret whose expiry it shortens: one with $name", async ({ leftMs, count }) => {
    const { process, operation, lines } = createFakeAtlas([toHeld({ expiresAtMs: BIRTH_MS + leftMs })], recorded);
    await createSecret(process, operation, REQUEST);
    expect(lines).toHaveLength(count);
    for (const line of lines) {
      expect(line).toContain(`${IDS[0]} now expires at 2026-03-08T08:00:00Z instead of 2026-03-08T08:00:01Z`);
    }
  });

  it.each([
    { name: "the one that it replaces", role: "current" as const, isReplaced: true },
    { name: "one that was replaced before, and waits for its deletion", role: "pending-deletion" as const },
  ])("says nothing of what this run deletes itself: $name", async ({ role, isReplaced = false }) => {
    const { process, operation, lines } = createFakeAtlas([toHeld()], { roles: { [IDS[0]]: role } });
    if (isReplaced) process.known.noteReplaced(CLIENT_ID, IDS[0]);
    await createSecret(process, operation, REQUEST);
    expect(lines).toEqual([]);
  });

  it.each([
    { name: "less than was asked for", maxHours: 240, count: 1 },
    { name: "what was asked for", maxHours: 720, count: 0 },
    { name: "two seconds less than that", maxHours: 720 - 2_000 / HOUR_MS, count: 0 },
  ])("issues once, with $count lines, when the organization grants $name", async ({ maxHours, count }) => {
    const { process, operation, lines, calls } = createFakeAtlas([], { maxHours });
    const { secret } = await createSecret(process, operation, REQUEST);
    expect(calls.filter((call) => call.startsWith("create"))).toHaveLength(1);
    expect(lines).toHaveLength(count);
    for (const line of lines) {
      expect(line).toContain(`secret ${secret.id} expires at 2026-03-11T08:00:00Z`);
      expect(line).toContain("720 h that were asked for");
      expect(line).toContain("organization's settings at Atlas (maxServiceAccountSecretValidityInHours)");
    }
  });
});

describe("createSecret, about untracked secrets", () => {
  it("tells of a live one, once although it looks again", async () => {
    const never = new ConnectionError("Refused.", { noAnswer: "ECONNREFUSED" }, false);
    const { process, operation, lines, calls } = createFakeAtlas([expiringSoon], { create: [never] });
    await createSecret(process, operation, REQUEST);
    expect(calls.filter((call) => call === "look")).toHaveLength(2);
    expect(lines).toEqual([expect.stringContaining(IDS[0])]);
    expect(lines[0]).toContain(`service account ${CLIENT_ID} of project ${PROJECT_ID}`);
  });

  it("tells of one that shows only after a response was lost", async () => {
    const lost = new ConnectionError("No answer.", {}, true);
    const { process, operation, lines } = createFakeAtlas([], {
      create: [lost],
      beforeLook: (held, look) => {
        if (look === 4) held.push(toHeld({ createdAtMs: BIRTH_MS }));
      },
    });
    await createSecret(process, operation, REQUEST);
    const [line] = lines.filter((text) => text.includes(IDS[0]));
    expect(line).toContain("told this run nothing");
  });
});

describe("createSecret, once Atlas has given the value", () => {
  it.each([
    { name: "Atlas does not accept it", outcome: "invalid-client" as const },
    { name: "no answer comes", outcome: "undetermined" as const },
  ])("keeps it when it cannot be verified, since $name", async ({ outcome }) => {
    const error =
      outcome === "invalid-client"
        ? new AuthenticationError("not valid", { status: 401 })
        : new ConnectionError("no answer", { noAnswer: "ECONNRESET" }, false);
    const { process, operation } = createFakeAtlas([], { verify: { kind: outcome, error } });
    const { secret, verification } = await createSecret(process, operation, REQUEST);
    expect(verification).toEqual({ kind: "unverified", error });
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
  });

  it("keeps it when the verification itself breaks", async () => {
    const { process, operation } = createFakeAtlas([]);
    const verify = () => Promise.reject(new RangeError("not foreseen"));
    const broken = new Operation({ ...operation, report: () => undefined, client: { ...operation.client, verify } });
    const { secret, verification } = await createSecret(process, broken, REQUEST);
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
    expect(verification).toMatchObject({ kind: "unverified", error: { code: "connection" } });
  });

  it("keeps it when the operation has no time left to verify", async () => {
    const error = new ConnectionError("no answer", {}, false);
    const { process, operation, clock } = createFakeAtlas([], {
      verify: { kind: "undetermined", error },
      requestMs: 60 * 60_000,
    });
    const { secret, verification } = await createSecret(process, operation, REQUEST);
    expect(Sensitive.reveal(secret.value)).toBe(SECRET_VALUE);
    expect(verification?.kind).toBe("unverified");
    expect(clock.slept).toEqual([]);
  });
});
