/** What a state says beyond a record: which secret is what, what cannot be read, and states of Terraform. */
import {
  listRecorded,
  readAccount,
  readAuditRecord,
  readState,
  readTerraformState,
  Sensitive,
  withTold,
} from "../../../provider/src/records/index.js";
import { CLIENT_ID, IDS, OUTPUTS, PROJECT_ID, ROTATING_OUTPUTS, SECRET_VALUE, toHeld } from "../fixtures/values.js";

const PLAIN = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret";
const ROTATING = "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret";
const ACCOUNT = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID };
const read = (type: string, outputs: object, id = "") => readState({ type, id, inputs: {}, outputs: { ...outputs } });
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

describe("readTerraformState", () => {
  const attributes = {
    project_id: PROJECT_ID,
    client_id: CLIENT_ID,
    secret_id: IDS[0],
    secret: SECRET_VALUE,
    created_at: "2026-03-01T08:00:00Z",
    expires_at: "2026-03-31T08:00:00Z",
    secret_expires_after_hours: 720,
  };

  it("reads the same record as of @pulumi/mongodbatlas", () => {
    const reading = readTerraformState("mongodbatlas_project_service_account_secret", attributes);
    expect(reading).toMatchObject({ kind: "manual", account: ACCOUNT, problems: [] });
    if (reading?.kind !== "manual") throw new Error("it is one");
    const { value, ...record } = reading.record;
    expect(value && Sensitive.reveal(value)).toBe(SECRET_VALUE);
    expect(record).toMatchObject({ secretId: IDS[0], secretExpiresAfterHours: 720 });
  });

  it("takes no other type, and names what it cannot read", () => {
    expect(readTerraformState("mongodbatlas_project", attributes)).toBeUndefined();
    const wrong = { ...attributes, client_id: SECRET_VALUE };
    expect(readTerraformState("mongodbatlas_project_service_account_secret", wrong)).toEqual(
      damaged("it names no service account that can be read"),
    );
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
