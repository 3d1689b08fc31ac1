/** The decision of `atlas-secrets remove`, both sides of every limit: records, use, age, the guard of the credential. */
import type { Statement } from "../../../cli/src/audit/accounts.js";
import { decideHandRemoval, type RemovalSituation } from "../../../cli/src/removal/decide.js";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import { BIRTH_MS, CLIENT_ID, IDS, PROJECT_ID, toHeld } from "../../provider/fixtures/values.js";

const STATEMENT: Statement = {
  role: "current",
  secret: { secretId: IDS[0] },
  record: {
    level: "project",
    ownerId: PROJECT_ID,
    clientId: CLIENT_ID,
    source: "stack prod",
    place: "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret::main",
    kind: "ours",
    isRotating: false,
    isPendingDeletion: false,
  },
};

/** An hour after its birth; a state was read, and records something else. */
const SITUATION: RemovalSituation = {
  secretId: IDS[0],
  held: [toHeld(), toHeld({ id: IDS[1], lastUsedAtMs: BIRTH_MS + HOUR_MS })],
  serverNowMs: BIRTH_MS + HOUR_MS,
  statements: [],
  sourceCount: 1,
  unreadSources: [],
  mayBeConfigured: () => false,
};

function decide(changes: Partial<RemovalSituation> = {}) {
  return decideHandRemoval({ ...SITUATION, ...changes });
}

const usedAt = (ms: number) => ({ held: [toHeld({ lastUsedAtMs: ms })] });

describe("decideHandRemoval deletes", () => {
  it.each([
    { name: "one that nobody records and nobody used", changes: {} },
    { name: "one that was used within ten minutes of its birth", changes: usedAt(BIRTH_MS + 10 * MINUTE_MS) },
    { name: "one that is ten minutes old", changes: { serverNowMs: BIRTH_MS + 10 * MINUTE_MS } },
    {
      name: "one that was used and has been expired for ten minutes",
      changes: { ...usedAt(BIRTH_MS + HOUR_MS), serverNowMs: BIRTH_MS + 720 * HOUR_MS + 10 * MINUTE_MS },
    },
  ])("$name", ({ changes }) => {
    expect(decide(changes)).toMatchObject({ action: "delete", message: expect.stringContaining(IDS[0]) });
  });
});

const REFUSALS = [
  {
    name: "one that a state records",
    changes: { statements: [STATEMENT] },
    says: /::main \(stack prod, current\) records it/,
  },
  { name: "any, when no state was named", changes: { sourceCount: 0 }, says: /no state was named/ },
  {
    name: "any, when a record could not be read",
    changes: { unreadSources: ["a gap."] },
    says: /1 record could not be read: a gap/,
  },
  {
    name: "one that was used later than ten minutes after its birth",
    changes: usedAt(BIRTH_MS + 10 * MINUTE_MS + 1000),
    says: /used since its birth/,
  },
  {
    name: "one that was used and has been expired for less than ten minutes",
    changes: { ...usedAt(BIRTH_MS + HOUR_MS), serverNowMs: BIRTH_MS + 720 * HOUR_MS + 10 * MINUTE_MS - 1 },
    says: /used since its birth/,
  },
  {
    name: "one that is not yet ten minutes old",
    changes: { serverNowMs: BIRTH_MS + 10 * MINUTE_MS - 1 },
    says: /created in the last 10 minutes/,
  },
] as const;

describe("decideHandRemoval refuses", () => {
  it.each(REFUSALS)("$name, and says how to delete it all the same", ({ changes, says }) => {
    const decision = decide(changes);
    expect(decision).toMatchObject({ action: "refuse", message: expect.stringMatching(says) });
    expect(decision.message).toContain(`--force ${IDS[0]}`);
  });

  it.each(REFUSALS)("not when its id is repeated: $name", ({ changes, says }) => {
    const decision = decide({ ...changes, forcedId: IDS[0] });
    expect(decision).toMatchObject({ action: "delete", message: expect.stringMatching(says) });
  });

  it("when another id is repeated", () => {
    expect(decide({ statements: [STATEMENT], forcedId: IDS[1] }).action).toBe("refuse");
  });

  it("the credential that the command signs in with, also when its id is repeated", () => {
    const decision = decide({ mayBeConfigured: ({ secretId }) => secretId === IDS[0], forcedId: IDS[0] });
    expect(decision).toMatchObject({ action: "refuse", message: expect.stringContaining("the credential") });
  });

  it("an expired one in use when Atlas told no time, by which it would have expired", () => {
    const { serverNowMs: _, ...timeless } = SITUATION;
    expect(decideHandRemoval({ ...timeless, ...usedAt(BIRTH_MS + HOUR_MS) }).action).toBe("refuse");
  });
});

it("decideHandRemoval says that a secret is gone which the account does not hold", () => {
  expect(decide({ held: [] })).toEqual({
    action: "gone",
    message: `Secret ${IDS[0]} is not on the account: there is nothing to delete.`,
  });
});
