/** What is recorded of a set: written and read back, in the handlers' outputs and in a state, with what left it. */
import { HOUR_MS } from "../../../provider/src/clock.js";
import { mapSecretOutputs, toProviderText, toStoredSecret, UNKNOWN_VALUE } from "../../../provider/src/protocol.js";
import {
  type AdoptedMember,
  type ExistingSecret,
  toAdoptedResource,
  toAdoptedSet,
} from "../../../provider/src/records/adopted.js";
import { listRecorded, readState, Sensitive } from "../../../provider/src/records/index.js";
import { type RotationRecord, toRotationRecord } from "../../../provider/src/records/rotation-record.js";
import { type SetAccount, toSetOutputs, toSetRecord } from "../../../provider/src/records/set-record.js";
import { toSecretClass } from "../../../provider/src/rotation/secret-types.js";
import {
  BIRTH_MS,
  CLIENT_ID,
  IDS,
  OTHER_CLIENT_ID,
  OTHER_PROJECT_ID,
  OTHER_SECRET_VALUE,
  PROJECT_ID,
  ROTATING_OUTPUTS,
  SECRET_VALUE,
} from "../fixtures/values.js";

const [A, B, C] = IDS;
const SET = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecretSet";
const kind = toSecretClass("project", "set");
const COMMON = { secretExpiresAfterHours: 720, rotateBeforeExpiryHours: 240, overlapHours: 24, quietHours: 24 };

const toMember = (changes: object): RotationRecord =>
  toRotationRecord({ ...ROTATING_OUTPUTS, maskedSecretValue: undefined, ...changes });
const own = toMember({ triggers: {} });
const other = toMember({ clientId: OTHER_CLIENT_ID, secretId: B, secret: OTHER_SECRET_VALUE, overlapHours: 48 });
const gone = toMember({ projectId: OTHER_PROJECT_ID, secretId: C, removedAt: "2026-03-02T08:00:00Z" });
const accounts = [
  { name: "own", record: own },
  { name: "other", record: other },
];
const clear = (outputs: Record<string, unknown>) => mapSecretOutputs(outputs, (value) => value);
/** As a state holds it, in plaintext: what is marked is JSON. */
const toStored = (outputs: Record<string, unknown>) =>
  mapSecretOutputs(outputs, (value) => toStoredSecret({ plaintext: JSON.stringify(value) }));

describe("the outputs of a set", () => {
  const record = { accounts, removed: [gone], isUndelivered: true };
  // What is computed outside of a test is everybody's: a defect there would end all tests, and none would tell it.
  const write = () => toSetOutputs(kind, record, COMMON);

  it("are read back as the same record, also without anything that may be left out", () => {
    expect(toSetRecord(kind, clear(write()))).toEqual(record);
    const least = { accounts: [{ name: "own", record: own }], removed: [], isUndelivered: false };
    const written = toSetOutputs(kind, least, COMMON);
    expect(toSetRecord(kind, clear(written))).toEqual(least);
    expect(Object.keys(written)).not.toEqual(expect.arrayContaining(["removedRecords"]));
    expect(written).not.toHaveProperty("isUndelivered");
    const bare = { name: "own", record: toMember({ secret: undefined, triggers: {}, issuedForTriggers: undefined }) };
    expect(toSetOutputs(kind, { ...least, accounts: [bare] }, COMMON)).not.toHaveProperty("confidential");
  });

  it("hold values in what is marked alone: those to give out by name, and that of an account that left by its account", () => {
    const { secrets, confidential, ...open } = write();
    expect(JSON.stringify(open)).not.toContain("mdb_sa_sk_");
    expect(clear({ secrets })).toEqual({ secrets: { own: SECRET_VALUE, other: OTHER_SECRET_VALUE } });
    expect(clear({ confidential }).confidential).toHaveProperty(
      [`${OTHER_PROJECT_ID}/${CLIENT_ID}`, "secret"],
      SECRET_VALUE,
    );
  });

  it("give no value out of an account that left, or that has no name", () => {
    const leaving = { ...other, removedAtMs: BIRTH_MS };
    const { removedAtMs: _, ...unnamed } = gone;
    const left = { accounts: [accounts[0] as SetAccount, { name: "other", record: leaving }], removed: [unnamed] };
    const { secrets, confidential } = clear(toSetOutputs(kind, { ...left, isUndelivered: false }, COMMON));
    expect(secrets).toEqual({ own: SECRET_VALUE });
    const kept = Object.values(confidential as Record<string, { secret?: string }>).map(({ secret }) => secret);
    expect(kept.filter(Boolean).sort()).toEqual([OTHER_SECRET_VALUE, SECRET_VALUE].sort());
  });

  it("are read back for accounts of organizations too", () => {
    const ofOrganization = toSecretClass("organization", "set");
    const toOwn = ({ projectId: _, ...rest }: RotationRecord, orgId: string): RotationRecord => ({ ...rest, orgId });
    const [first, second] = [toOwn(own, PROJECT_ID), toOwn(other, OTHER_PROJECT_ID)];
    const two = {
      accounts: [
        { name: "own", record: first },
        { name: "other", record: second },
      ],
      removed: [toOwn(gone, PROJECT_ID)],
      isUndelivered: false,
    };
    expect(toSetRecord(ofOrganization, clear(toSetOutputs(ofOrganization, two, COMMON)))).toEqual(two);
  });

  it("say once what all accounts have in common, and count how they are", () => {
    const outputs = write();
    expect(outputs).toMatchObject({ ...COMMON, statusCounts: { overlapping: 2, "account-removed": 1 } });
    const records = outputs.records as Record<string, object>;
    expect(records.own).not.toHaveProperty("overlapHours");
    expect(records.other).toHaveProperty("overlapHours", 48);
  });

  it("are read in a state: each account by its name, and one that left by its client id, with what it can be read of", () => {
    const inputs = {
      ...COMMON,
      accounts: {
        own: { projectId: PROJECT_ID, clientId: CLIENT_ID },
        other: { projectId: PROJECT_ID, clientId: OTHER_CLIENT_ID, secretExpiresAfterHours: 700 },
      },
    };
    const readings = readState({ type: SET, inputs, outputs: toStored(write()) });
    expect(readings).toMatchObject([
      { kind: "rotating", key: "own", problems: [], desired: { secretExpiresAfterHours: 720 } },
      { kind: "rotating", key: "other", problems: [], desired: { secretExpiresAfterHours: 700, overlapHours: 24 } },
      { kind: "rotating", key: CLIENT_ID, problems: [], account: { ownerId: OTHER_PROJECT_ID } },
    ]);
    expect(readings.map((reading) => listRecorded(reading).at(-1))).toMatchObject([
      { role: "current", secretId: A },
      { role: "current", secretId: B },
      { role: "pending-deletion", secretId: C },
    ]);
    expect(readings.map((reading) => "record" in reading && reading.record)).toEqual([own, other, gone]);
  });

  it("are read in a state whose accounts a preview did not know", () => {
    const readings = readState({ type: SET, inputs: { accounts: UNKNOWN_VALUE }, outputs: toStored(write()) });
    expect(readings.map((reading) => [reading.key, reading.problems])).toEqual([
      ["own", []],
      ["other", []],
      [CLIENT_ID, []],
    ]);
  });

  it.each([
    { name: "no records", change: () => ({ records: "none" }), problems: [["its records cannot be read"]] },
    { name: "null as records", change: () => ({ records: null }), problems: [["its records cannot be read"]] },
    {
      name: "a time of one account",
      change: (records: { own: object }) => ({
        records: { own: { ...records.own, createdAt: "soon" } },
        removedRecords: {},
      }),
      problems: [expect.arrayContaining(["of own, its createdAt cannot be read"])],
    },
  ])("are said to be damaged in a state: $name", ({ change, problems }) => {
    const outputs = write();
    const changes = change(outputs.records as { own: object });
    const readings = readState({ type: SET, inputs: {}, outputs: { ...toStored(outputs), ...changes } });
    expect(readings.map((reading) => reading.problems)).toEqual(problems);
  });
});

describe("toAdoptedSet", () => {
  const SECRET: ExistingSecret = {
    level: "project",
    ownerId: PROJECT_ID,
    clientId: CLIENT_ID,
    secretId: A,
    value: new Sensitive(SECRET_VALUE),
    createdAtMs: BIRTH_MS,
    expiresAtMs: BIRTH_MS + 720 * HOUR_MS,
  };
  const adopt = (
    name: string,
    changes: Partial<ExistingSecret> = {},
    hours = 720,
    nowMs = BIRTH_MS,
  ): AdoptedMember => ({
    name,
    resource: toAdoptedResource({ ...SECRET, ...changes }, { isRotating: true, secretExpiresAfterHours: hours }, nowMs),
  });
  const first = adopt("own");
  const second = adopt("other", { clientId: OTHER_CLIENT_ID, secretId: B, value: { ciphertext: "v1:fake:fake" } }, 700);

  it("gives the inputs of a program: what the first has for all, and what another has besides for itself", () => {
    const { type, className, id, inputs } = toAdoptedSet([first, second], "set-id");
    expect({ type, className, id }).toEqual({ type: SET, className: "ProjectServiceAccountSecretSet", id: "set-id" });
    expect(inputs).toStrictEqual({
      secretExpiresAfterHours: 720,
      accounts: {
        own: { projectId: PROJECT_ID, clientId: CLIENT_ID },
        other: { projectId: PROJECT_ID, clientId: OTHER_CLIENT_ID, secretExpiresAfterHours: 700 },
      },
      __provider: toProviderText(kind.handler),
    });
  });

  it("has a window for all only where one was wanted", () => {
    const wanted = { isRotating: true, secretExpiresAfterHours: 720, rotateBeforeExpiryHours: 24 };
    const resource = toAdoptedResource(SECRET, wanted, BIRTH_MS);
    expect(toAdoptedSet([{ name: "own", resource }], "id").inputs).toMatchObject({ rotateBeforeExpiryHours: 24 });
  });

  it("records each secret as it is, its value in its own mark, and that none was given out", () => {
    const { outputs, inputs } = toAdoptedSet([first, second], "id");
    expect(outputs).toMatchObject({ isUndelivered: true, __provider: inputs.__provider });
    expect(outputs).not.toHaveProperty("removedRecords");
    expect(outputs.secrets).toEqual({ own: first.resource.outputs.secret, other: second.resource.outputs.secret });
    const readings = readState({ type: SET, inputs, outputs });
    expect(readings).toMatchObject([
      { key: "own", problems: [], record: { current: { secretId: A } } },
      { key: "other", problems: [], record: { current: { secretId: B, issuedForHours: 700 } } },
    ]);
  });

  it("tells the next run of the one that is due, wherever it stands, and else that all is kept", () => {
    const due = adopt("other", { clientId: OTHER_CLIENT_ID }, 720, BIRTH_MS + 480 * HOUR_MS);
    expect(toAdoptedSet([first, due], "id").nextUp).toEqual(due.resource.nextUp);
    expect(toAdoptedSet([due, first], "id").nextUp).toEqual(due.resource.nextUp);
    expect(toAdoptedSet([first, second], "id").nextUp.action).toBe("keep");
  });

  it.each([
    {
      name: "accounts of both levels",
      members: [first, adopt("org", { level: "organization", ownerId: OTHER_PROJECT_ID })],
      says: "A set has accounts of projects or of organizations, not of both",
    },
    { name: "no account", members: [], says: "A set has accounts of projects or of organizations" },
    {
      name: "two of one account",
      members: [first, adopt("again", { secretId: B })],
      says: /^They cannot become one ProjectServiceAccountSecretSet: accounts/,
    },
  ])("refuses $name", ({ members, says }) => {
    expect(() => toAdoptedSet(members, "id")).toThrow(expect.objectContaining({ code: "adoption" }) as Error);
    expect(() => toAdoptedSet(members, "id")).toThrow(says);
  });
});
