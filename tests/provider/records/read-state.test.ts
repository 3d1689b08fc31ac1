/** What a state says beyond a record: which secret is what, what cannot be read, and states of Terraform. */
import { SIGNATURE_KEY } from "../../../provider/src/protocol.js";
import {
  listRecorded,
  readAccount,
  readAuditRecord,
  readListed,
  readState,
  Sensitive,
  type StateReading,
  toPeerResource,
  withTold,
} from "../../../provider/src/records/index.js";
import { findUnreadable } from "../../../provider/src/records/read-state.js";
import {
  BIRTH_MS,
  CLIENT_ID,
  IDS,
  OUTPUTS,
  PROJECT_ID,
  ROTATING_OUTPUTS,
  SECRET_VALUE,
  toHeld,
} from "../fixtures/values.js";

const PLAIN = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret";
const ROTATING = "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret";
const PEER = "mongodbatlas:index/projectServiceAccountSecret:ProjectServiceAccountSecret";
const ACCOUNT = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID };
const read = (type: string, outputs: object, id = "") => {
  const [reading, ...more] = readState({ type, id, inputs: {}, outputs: { ...outputs } });
  expect(more).toEqual([]);
  return reading;
};
/** What marks a secret in a state. */
const MARK = { [SIGNATURE_KEY]: "1b47061264138c4ac30d75fd1eb44270" };
const damaged = (problem: string) => ({ kind: "damaged", problems: [problem] });

describe("readState", () => {
  it("takes nothing but secrets of service accounts", () => {
    expect(read("aws:s3/bucket:Bucket", OUTPUTS)).toBeUndefined();
  });

  it.each([
    ["no account", PLAIN, { ...OUTPUTS, clientId: "backend" }, damaged("it names no service account that can be read")],
    ["no secret", PLAIN, { ...OUTPUTS, secretId: SECRET_VALUE }, damaged("it names no secret that can be read")],
    [
      "an expiry that is no time",
      PLAIN,
      { ...OUTPUTS, expiresAt: "soon" },
      { problems: [expect.stringMatching(/expiry/)] },
    ],
    [
      "a value in place of a rotating resource's id",
      ROTATING,
      { ...ROTATING_OUTPUTS, previousSecretId: SECRET_VALUE },
      { kind: "rotating", problems: ["the id of its previous secret cannot be read"] },
    ],
    [
      "a value in place of a pending secret's id",
      ROTATING,
      { ...ROTATING_OUTPUTS, pendingSecretId: SECRET_VALUE },
      { kind: "rotating", record: expect.not.objectContaining({ pending: expect.anything() as unknown }) },
    ],
  ])("names %s, and repeats no value", (_, type, outputs, expected) => {
    const reading = read(type, outputs);
    expect(reading).toMatchObject(expected);
    expect(JSON.stringify(reading?.problems)).not.toContain(SECRET_VALUE);
    expect(listRecorded(reading ?? damaged0).map(({ secretId }) => secretId)).not.toContain(SECRET_VALUE);
  });

  it("tells which secret is what, and what a resource replaced by its id alone", () => {
    const plain = read(PLAIN, { ...OUTPUTS, supersedes: [IDS[1]] });
    expect(listRecorded(plain ?? damaged0)).toMatchObject([
      { secretId: IDS[1], role: "pending-deletion" },
      { secretId: IDS[0], role: "current", secret: { secretId: IDS[0] } },
    ]);
    const rotating = read(ROTATING, { ...ROTATING_OUTPUTS, pendingSecretId: IDS[2] });
    expect(listRecorded(rotating ?? damaged0).map(({ secretId, role }) => [secretId, role])).toEqual([
      [IDS[2], "pending"],
      [IDS[1], "previous"],
      [IDS[0], "current"],
    ]);
  });
});

const damaged0 = { kind: "damaged", problems: [] } as const;

describe("findUnreadable", () => {
  it.each([
    { name: "status", good: ["active", "overlapping"], bad: ["fine", 5] },
    { name: "supersedes", good: [[], [IDS[0]]], bad: [IDS[0], 5, [IDS[0], SECRET_VALUE]] },
    { name: "expiresAt", good: ["soon", 5], bad: [] },
    { name: "secretId", good: [IDS[0], SECRET_VALUE], bad: [5, {}] },
    { name: "pendingSecretId", good: [IDS[0]], bad: [5] },
    { name: "createdAt", good: ["2026-03-01T08:00:00Z"], bad: ["soon", 5, "2026-03-01"] },
    { name: "rotateAfter", good: ["2026-03-01T08:00:00Z"], bad: ["soon", {}] },
    { name: "overlapHours", good: [0, 24], bad: ["24", {}] },
    { name: "triggers", good: [{}, 5, "x"], bad: [] },
    // Names that only begin or end like these.
    { name: "my-secretId", good: [5], bad: [] },
    { name: "secretIds", good: [5], bad: [] },
    { name: "my-createdAt", good: ["soon"], bad: [] },
    { name: "my-overlapHours", good: ["24"], bad: [] },
    { name: "overlapHoursOf", good: ["24"], bad: [] },
  ])("names $name where its default would be read in its place", ({ name, good, bad }) => {
    for (const value of good) expect(findUnreadable({ [name]: value })).toEqual([]);
    for (const value of bad) expect(findUnreadable({ [name]: value })).toEqual([`its ${name} cannot be read`]);
    // Nothing there is a default as well, but for what every record has.
    for (const value of [undefined, null, ""])
      expect(findUnreadable({ [name]: value })).toHaveLength(["status", "supersedes"].includes(name) ? 1 : 0);
  });
});

describe("listRecorded", () => {
  it("gives nothing of what cannot be read, nor ids that are none", () => {
    expect(listRecorded(damaged0)).toEqual([]);
    const manual = read(PEER, { ...OUTPUTS, supersedes: [IDS[1]] });
    expect(listRecorded(manual ?? damaged0).map(({ secretId }) => secretId)).toEqual([IDS[0]]);
    const plain = read(PLAIN, { ...OUTPUTS, supersedes: [IDS[1]] });
    if (plain?.kind !== "plain") throw new Error("it is one");
    const record = { ...plain.record, supersedes: [SECRET_VALUE, IDS[2]] };
    expect(listRecorded({ ...plain, record }).map(({ secretId }) => secretId)).toEqual([IDS[2], IDS[0]]);
  });

  it("gives no more than is recorded", () => {
    const { previousSecretId: _p, previousExpiresAt: _e, ...single } = ROTATING_OUTPUTS;
    const rotating = read(ROTATING, single);
    expect(listRecorded(rotating ?? damaged0)).toMatchObject([{ secretId: IDS[0], role: "current" }]);
    expect(listRecorded(read(PLAIN, OUTPUTS) ?? damaged0)).toHaveLength(1);
  });
});

describe("the inputs of a state", () => {
  const toHours = (reading: StateReading | undefined) =>
    reading?.kind === "plain" ? [reading.record.secretExpiresAfterHours, reading.desired.secretExpiresAfterHours] : [];

  it("are what is wanted, and without any, those that the last run echoed, with what the secret was issued for", () => {
    const inputs = { projectId: PROJECT_ID, clientId: CLIENT_ID, secretExpiresAfterHours: 100, triggers: { a: "1" } };
    const [reading] = readState({ type: PLAIN, inputs, outputs: { ...OUTPUTS } });
    expect(toHours(reading)).toEqual([720, 100]);
    const bare = read(PLAIN, OUTPUTS);
    expect(toHours(bare)).toEqual([720, 720]);
    expect(bare).toMatchObject({ desired: { triggers: OUTPUTS.issuedForTriggers } });
  });
});

describe("the ids of a resource", () => {
  const id = `${PROJECT_ID}/${CLIENT_ID}/${IDS[2]}`;

  it("stand in for ids that its outputs hold as ciphertext, and for nothing else", () => {
    const ciphertext = { ...MARK, ciphertext: "v1:x:y" };
    const sealed = { ...OUTPUTS, projectId: ciphertext, clientId: ciphertext, secretId: ciphertext };
    expect(read(PLAIN, sealed, id)).toMatchObject({ account: ACCOUNT, record: { secretId: IDS[2] } });
    expect(read(PLAIN, OUTPUTS, id)).toMatchObject({ record: { secretId: IDS[0] } });
    expect(read(PLAIN, sealed, `${SECRET_VALUE}/${CLIENT_ID}`)).toMatchObject({ kind: "damaged" });
    expect(read(PLAIN, sealed)).toMatchObject({ kind: "damaged" });
  });

  it("are read where an export marks them in plaintext", () => {
    const shown = { ...OUTPUTS, clientId: { ...MARK, plaintext: JSON.stringify(CLIENT_ID) } };
    expect(read(PLAIN, shown)).toMatchObject({ account: ACCOUNT });
  });
});

describe("readAccount", () => {
  it.each([
    [{ projectId: PROJECT_ID, clientId: CLIENT_ID }, ACCOUNT],
    [
      { orgId: PROJECT_ID, clientId: CLIENT_ID },
      { ...ACCOUNT, level: "organization" },
    ],
    [{ projectId: PROJECT_ID }, undefined],
    [{ projectId: SECRET_VALUE, clientId: CLIENT_ID }, undefined],
  ])("takes %j for its account", (inputs, account) => {
    expect(readAccount(inputs)).toEqual(account);
  });
});

describe("toPeerResource", () => {
  const attributes = {
    project_id: PROJECT_ID,
    client_id: CLIENT_ID,
    secret_id: IDS[0],
    secret: SECRET_VALUE,
    created_at: "2026-03-01T08:00:00Z",
    expires_at: "2026-03-31T08:00:00Z",
    secret_expires_after_hours: 720,
  };
  const read = (changes: object = {}, type = "mongodbatlas_project_service_account_secret") =>
    readState(toPeerResource(type, { ...attributes, ...changes }))[0];

  it("makes a state of Terraform read as one of @pulumi/mongodbatlas", () => {
    const reading = read();
    expect(reading).toMatchObject({ kind: "manual", account: ACCOUNT, problems: [] });
    if (reading?.kind !== "manual") throw new Error("it is one");
    const { value, ...record } = reading.record;
    expect(value && Sensitive.reveal(value)).toBe(SECRET_VALUE);
    expect(record).toMatchObject({ secretId: IDS[0], secretExpiresAfterHours: 720 });
  });

  it("writes names as that package does, at every depth, and values as they are", () => {
    const attributes = { is_set: true, none: null, rules: [{ ip_address: "::1", list_of: ["a_b"] }], first_1st: 0 };
    expect(toPeerResource("mongodbatlas_access_list", attributes)).toStrictEqual({
      type: "mongodbatlas:index/accessList:AccessList",
      inputs: {},
      outputs: { isSet: true, none: null, rules: [{ ipAddress: "::1", listOf: ["a_b"] }], first_1st: 0 },
    });
    expect(toPeerResource("my_mongodbatlas_project", {}).type).not.toContain("index/project:");
  });

  it("gives no secret of another type, and what cannot be read is named", () => {
    expect(read({}, "mongodbatlas_project")).toBeUndefined();
    expect(read({}, "random_pet")).toBeUndefined();
    expect(read({ client_id: SECRET_VALUE })).toEqual(damaged("it names no service account that can be read"));
  });
});

const toTriggers = (reading: StateReading | undefined) =>
  reading?.kind === "rotating" ? reading.desired.triggers : "it is no rotating resource";

describe("a state without its secrets", () => {
  it("is not said to have other triggers than its secret was issued for, which it lacks", () => {
    const inputs = {
      projectId: PROJECT_ID,
      clientId: CLIENT_ID,
      secretExpiresAfterHours: 720,
      triggers: { rotate: "now" },
    };
    const { secret, issuedForTriggers: _, ...stored } = ROTATING_OUTPUTS as Record<string, unknown>;
    const [stripped] = readState({ type: ROTATING, inputs, outputs: stored });
    expect(toTriggers(stripped)).toEqual({});
    const [whole] = readState({ type: ROTATING, inputs, outputs: { ...stored, secret } });
    expect(toTriggers(whole)).toEqual({ rotate: "now" });
  });
});

describe("readListed", () => {
  const secret = { secretId: IDS[0], createdAt: "2026-03-01T08:00:00Z", expiresAt: "2026-03-31T08:00:00Z" };
  const listOf = (secrets: unknown, className = "ProjectServiceAccount", owner: object = { projectId: PROJECT_ID }) => {
    const type = `mongodbatlas:index/${className.charAt(0).toLowerCase()}${className.slice(1)}:${className}`;
    // When the account was created is not when its secrets were.
    const account = { clientId: CLIENT_ID, createdAt: "2026-01-01T00:00:00Z", secretExpiresAfterHours: 720 };
    return readListed({ type, inputs: {}, outputs: { ...owner, ...account, secrets } });
  };

  it.each([
    { name: "in plaintext", given: SECRET_VALUE, read: SECRET_VALUE },
    { name: "marked, in plaintext", given: { ...MARK, plaintext: JSON.stringify(SECRET_VALUE) }, read: SECRET_VALUE },
    { name: "absent, as after a refresh", given: null, read: undefined },
  ])("reads each secret of the account with its value $name", ({ given, read }) => {
    const [reading, ...more] = listOf([{ ...secret, secret: given }]);
    expect(more).toEqual([]);
    if (reading?.kind !== "manual") throw new Error("it is one");
    const { value, ...record } = reading.record;
    expect(value && Sensitive.reveal(value)).toBe(read);
    expect(reading.account).toEqual(ACCOUNT);
    expect(record).toMatchObject({ createdAtMs: BIRTH_MS, secretExpiresAfterHours: 720 });
  });

  it("carries a ciphertext, and knows organization accounts", () => {
    const listed = [{ ...secret, secret: { ...MARK, ciphertext: "v1:x:y" } }];
    expect(listOf(listed, "ServiceAccount", { orgId: PROJECT_ID })).toMatchObject([
      { account: { level: "organization" }, record: { ciphertext: "v1:x:y" } },
    ]);
  });

  it("finds nothing in an empty list and in other resources, and says when the list cannot be read", () => {
    for (const nothing of [undefined, null, []]) expect(listOf(nothing)).toEqual([]);
    expect(listOf([secret], "ProjectServiceAccountSecret")).toEqual([]);
    expect(listOf([secret], "Project")).toEqual([]);
    expect(listOf({ ...MARK, ciphertext: "v1:x:y" })).toEqual([damaged("its list of secrets cannot be read")]);
    expect(listOf([{ ...MARK, ciphertext: "v1:x:y" }])).toEqual([damaged("it names no secret that can be read")]);
  });
});

describe("withTold", () => {
  it("moves the rotation point that a record states with the expiry that Atlas tells", () => {
    const reading = readAuditRecord({ ...OUTPUTS });
    if (reading?.kind !== "plain") throw new Error("it is one");
    const { record } = reading;
    const held = toHeld({ expiresAtMs: Number(record.expiresAtMs) - 86_400_000 });
    const told = withTold(record, held);
    expect(told.expiresAtMs).toBe(held.expiresAtMs);
    expect(told.statedRotateAfterMs).toBe(Number(record.statedRotateAfterMs) - 86_400_000);
  });
});
