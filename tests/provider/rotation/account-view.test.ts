import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import {
  canBeUnlisted,
  describeSecret,
  findSecret,
  isRecorded,
  isUnusedSinceVerification,
  offerRemoval,
  toRemoveCommand,
} from "../../../provider/src/rotation/account-view.js";
import { ACCOUNT, BIRTH_MS, CLIENT_ID, IDS, PROJECT_ID, toHeld, toView, toViewed } from "../fixtures/values.js";

describe("describeSecret", () => {
  it.each([
    { name: "never used", changes: {}, used: "never used" },
    { name: "used", changes: { lastUsedAtMs: BIRTH_MS + HOUR_MS }, used: "last used 2026-03-01T09:00:00Z" },
  ])("gives id, creation, expiry and last use of one that was $name", ({ changes, used }) => {
    const times = `created 2026-03-01T08:00:00Z, expires 2026-03-31T08:00:00Z, ${used}`;
    expect(describeSecret(toHeld(changes))).toBe(`${IDS[0]} (${times})`);
  });
});

describe("isRecorded", () => {
  it.each([
    { role: "current", expected: true },
    { role: "to-be-replaced", expected: true },
    { role: "previous", expected: true },
    { role: "pending", expected: true },
    { role: "pending-deletion", expected: true },
    { role: "created-here", expected: true },
    { role: "untracked", expected: false },
  ] as const)("is $expected for one that is $role", ({ role, expected }) => {
    expect(isRecorded({ role })).toBe(expected);
  });
});

describe("findSecret", () => {
  it.each([
    { name: "one of the view", id: IDS[1], expected: IDS[1] },
    { name: "another one", id: IDS[2], expected: undefined },
    { name: "no id", id: undefined, expected: undefined },
  ])("finds $expected for $name", ({ id, expected }) => {
    const view = toView([toViewed(), toViewed({ id: IDS[1] })]);
    expect(findSecret(view, id)?.id).toBe(expected);
  });
});

describe("isUnusedSinceVerification", () => {
  it.each([
    { name: "never used", changes: {}, expected: true },
    {
      name: "used 10 minutes after its creation",
      changes: { lastUsedAtMs: BIRTH_MS + 10 * MINUTE_MS },
      expected: true,
    },
    { name: "used later than that", changes: { lastUsedAtMs: BIRTH_MS + 10 * MINUTE_MS + 1 }, expected: false },
  ])("is $expected for a secret $name", ({ changes, expected }) => {
    expect(isUnusedSinceVerification(toHeld(changes))).toBe(expected);
  });
});

describe("canBeUnlisted", () => {
  it.each([
    { name: "just created", ageMs: 0, expected: true },
    { name: "created two minutes ago", ageMs: 2 * MINUTE_MS, expected: true },
    { name: "created longer ago", ageMs: 2 * MINUTE_MS + 1, expected: false },
    { name: "created two minutes ahead, as a clock may be", ageMs: -2 * MINUTE_MS, expected: true },
    { name: "created further ahead", ageMs: -2 * MINUTE_MS - 1, expected: false },
  ])("is $expected for one that was $name", ({ ageMs, expected }) => {
    expect(canBeUnlisted(BIRTH_MS - ageMs, BIRTH_MS)).toBe(expected);
  });

  it("is false for one of which the state does not tell when it was created", () => {
    expect(canBeUnlisted(undefined, BIRTH_MS)).toBe(false);
  });
});

describe("toRemoveCommand", () => {
  it.each([
    { level: "project" as const, more: "" },
    { level: "organization" as const, more: ` --organization ${PROJECT_ID}` },
  ])("looks at every state of the backend, for a $level", ({ level, more }) => {
    const command = toRemoveCommand({ ...ACCOUNT, level }, IDS[0]);
    expect(command).toBe(`atlas-secrets remove ${PROJECT_ID}/${CLIENT_ID}/${IDS[0]}${more} --all-stacks`);
  });

  it("names the credential that a command was given for the account", () => {
    const command = toRemoveCommand({ ...ACCOUNT, level: "organization", credentialPrefix: "SHOP" }, IDS[0]);
    expect(command).toMatch(` --organization ${PROJECT_ID} --credential ${PROJECT_ID}=SHOP --all-stacks`);
  });
});

describe("offerRemoval", () => {
  it("offers the command that looks first", () => {
    const command = toRemoveCommand(ACCOUNT, IDS[0]);
    const offer = ` If no state records it and nobody uses it, '${command}' deletes it after looking.`;
    expect(offerRemoval(ACCOUNT, toViewed())).toBe(offer);
  });

  it("offers nothing for what may be the provider's own credential", () => {
    expect(offerRemoval(ACCOUNT, toViewed({ mayBeCredential: true }))).toBe("");
  });
});
