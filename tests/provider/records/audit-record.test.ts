/** Audit records as stack outputs hold them: without inputs, so that the hours are those that the recorded times make. */
import { readAuditRecord } from "../../../provider/src/records/audit-record.js";
import { BIRTH_MS, CLIENT_ID, IDS, OUTPUTS, PROJECT_ID, ROTATING_OUTPUTS, SECRET_VALUE } from "../fixtures/values.js";

const { secret: _s, secretExpiresAfterHours: _h, rotateBeforeExpiryHours: _r, ...PLAIN } = OUTPUTS;
const { overlapHours: _o, quietHours: _q, secret: _v, ...ROTATING } = ROTATING_OUTPUTS;

describe("an audit record of a plain resource", () => {
  it("makes the hours of its times, and has the rotation point that it states", () => {
    const hours = { secretExpiresAfterHours: 720, rotateBeforeExpiryHours: 240 };
    expect(readAuditRecord({ ...PLAIN, name: "backend" })).toMatchObject({
      kind: "plain",
      name: "backend",
      problems: [],
      record: { ...hours, secretId: IDS[0], statedRotateAfterMs: Date.parse(OUTPUTS.rotateAfter) },
      desired: hours,
    });
    expect(readAuditRecord(PLAIN)).not.toHaveProperty("name");
  });

  it.each([
    { name: "no creation: from when it rotates", changes: { createdAt: undefined }, hours: 240, window: 240 },
    { name: "no rotation point", changes: { rotateAfter: undefined }, hours: 720, window: 0 },
    { name: "neither", changes: { createdAt: undefined, rotateAfter: undefined }, hours: 0, window: 0 },
    { name: "an expiry before its creation", changes: { expiresAt: "2026-02-28T08:00:00Z" }, hours: 0, window: 0 },
    { name: "an expiry at its creation", changes: { expiresAt: PLAIN.createdAt }, hours: 0, window: 0 },
    { name: "half an hour more", changes: { expiresAt: "2026-03-31T08:30:00Z" }, hours: 721, window: 241 },
    { name: "less than that", changes: { expiresAt: "2026-03-31T08:29:00Z" }, hours: 720, window: 240 },
  ])("makes what it can of times with $name", ({ changes, hours, window }) => {
    const reading = readAuditRecord({ ...PLAIN, ...changes });
    expect(reading).toMatchObject({
      record: { secretExpiresAfterHours: hours, rotateBeforeExpiryHours: window },
      problems: [],
    });
  });

  it("names what cannot be read, and repeats no value", () => {
    expect(readAuditRecord({ ...PLAIN, expiresAt: "soon", createdAt: 5 })).toMatchObject({
      problems: [`the expiry of secret ${IDS[0]} cannot be read`, "its createdAt cannot be read"],
    });
    expect(readAuditRecord({ ...PLAIN, expiresAt: "soon" })).toMatchObject({
      record: { secretExpiresAfterHours: 0, rotateBeforeExpiryHours: 0 },
    });
    for (const secretId of [SECRET_VALUE, undefined, 5])
      expect(readAuditRecord({ ...PLAIN, secretId })).toEqual({ kind: "damaged", problems: ["it names no secret"] });
    expect(readAuditRecord({ ...PLAIN, projectId: SECRET_VALUE })).toEqual({
      kind: "damaged",
      problems: ["it names no service account that can be read"],
    });
    expect(readAuditRecord({ ...PLAIN, status: undefined, clientId: CLIENT_ID })).toMatchObject({
      problems: ["its status cannot be read"],
    });
  });
});

describe("an audit record of a rotating resource", () => {
  it("has its secrets and the two times that it states", () => {
    const reading = readAuditRecord(ROTATING);
    expect(reading).toMatchObject({
      kind: "rotating",
      problems: [],
      record: {
        current: { secretId: IDS[0], createdAtMs: BIRTH_MS, statedRotateAfterMs: Date.parse(OUTPUTS.rotateAfter) },
        previous: { secretId: IDS[1] },
        statedRetireAfterMs: Date.parse(ROTATING_OUTPUTS.retireAfter),
      },
    });
  });

  it.each([
    { name: "generation", value: 1 },
    { name: "promotedAt", value: "2026-03-01T08:00:00Z" },
    { name: "previousSecretId", value: IDS[1] },
    { name: "retireAfter", value: "2026-03-02T08:00:00Z" },
    { name: "pendingSecretId", value: IDS[2] },
  ])("is told from a plain one by its $name", ({ name, value }) => {
    expect(readAuditRecord({ ...PLAIN, [name]: value })?.kind).toBe("rotating");
  });

  it("leaves out a value in place of an id, and says so", () => {
    const reading = readAuditRecord({ ...ROTATING, previousSecretId: SECRET_VALUE, rotateAfter: "soon" });
    expect(reading).toMatchObject({
      problems: ["the id of its previous secret cannot be read", "its rotateAfter cannot be read"],
    });
    expect(JSON.stringify(reading)).not.toContain(SECRET_VALUE);
  });
});

describe("what is no audit record", () => {
  it.each([
    { name: "a status alone", fields: { status: "active" } },
    { name: "an account alone", fields: { projectId: PROJECT_ID, clientId: CLIENT_ID } },
    { name: "a rotation point with something else as its client id", fields: { rotateAfter: "x", clientId: "app" } },
    { name: "nothing", fields: {} },
  ])("is not taken for one: $name", ({ fields }) => {
    expect(readAuditRecord(fields)).toBeUndefined();
  });
});
