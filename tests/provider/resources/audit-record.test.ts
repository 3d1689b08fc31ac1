/** The record for stack outputs: complete, without a value, never secret, as its published schema says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import Ajv from "ajv/dist/2020";
import addFormats from "ajv-formats";
import {
  auditRecord,
  auditRecords,
  ProjectServiceAccountSecret,
  RotatingProjectServiceAccountSecret,
  ServiceAccountSecret,
} from "../../../provider/src/index.js";
import {
  CLIENT_ID,
  IDS,
  OTHER_CLIENT_ID,
  OTHER_SECRET_VALUE,
  OUTPUTS,
  PROJECT_ID,
  ROTATING_OUTPUTS,
  SECRET_VALUE,
} from "../fixtures/values.js";

const PROVIDER = join(__dirname, "../../../provider");
const schema = JSON.parse(readFileSync(join(PROVIDER, "schema/audit-record.schema.json"), "utf8")) as {
  properties: Record<string, { enum?: string[] }>;
};
const ajv = new Ajv({ strict: true, strictRequired: false });
addFormats(ajv);
const validate = ajv.compile(schema);

const COMMON = { projectId: PROJECT_ID, secretExpiresAfterHours: 720 };
let outputsOf: (inputs: Record<string, unknown>) => Record<string, unknown>;

beforeEach(async () => {
  outputsOf = () => ROTATING_OUTPUTS;
  pulumi.runtime.setAllConfig({});
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ inputs }) => {
      const values = { secret: pulumi.secret(SECRET_VALUE), pendingSecret: pulumi.secret(OTHER_SECRET_VALUE) };
      return {
        id: "fake/id",
        state: { ...outputsOf(inputs as Record<string, unknown>), ...(inputs as object), ...values },
      };
    },
  });
});

function fetchValue<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}

const createRotating = (clientId: pulumi.Input<string> = CLIENT_ID) =>
  new RotatingProjectServiceAccountSecret("sample", { ...COMMON, clientId });

const EXPECTED = {
  name: "sample",
  projectId: PROJECT_ID,
  clientId: CLIENT_ID,
  secretId: IDS[0],
  status: "overlapping",
  createdAt: OUTPUTS.createdAt,
  expiresAt: OUTPUTS.expiresAt,
  rotateAfter: OUTPUTS.rotateAfter,
  verifiedAt: OUTPUTS.verifiedAt,
  generation: 2,
  promotedAt: ROTATING_OUTPUTS.promotedAt,
  previousSecretId: IDS[1],
  previousExpiresAt: ROTATING_OUTPUTS.previousExpiresAt,
  retireAfter: ROTATING_OUTPUTS.retireAfter,
};

describe("auditRecord", () => {
  it("gives what is recorded of a rotating resource, and no value", async () => {
    const record = await fetchValue(auditRecord(createRotating()));
    expect(record).toEqual(EXPECTED);
    expect(JSON.stringify(record)).not.toMatch(/mdb_sa_sk_|team-a/);
  });

  it("leaves out what a resource with one secret does not have", async () => {
    outputsOf = () => OUTPUTS;
    const one = new ProjectServiceAccountSecret("sample", { ...COMMON, clientId: CLIENT_ID });
    const record = await fetchValue(auditRecord(one));
    expect(Object.keys(record)).not.toContain("generation");
    expect(validate(record)).toBe(true);
  });

  it.each([
    { name: "plain", clientId: CLIENT_ID as pulumi.Input<string> },
    { name: "a secret", clientId: pulumi.secret(CLIENT_ID) },
  ])("is no Pulumi secret when the client id is $name", async ({ clientId }) => {
    const record = auditRecord(createRotating(clientId));
    expect(await pulumi.isSecret(record)).toBe(false);
    expect(await fetchValue(record)).toMatchObject({ clientId: CLIENT_ID });
  });

  it("gives the records of several resources in their order, at both levels", async () => {
    const { projectId: _, ...outputs } = OUTPUTS;
    outputsOf = ({ orgId }) => (orgId === undefined ? ROTATING_OUTPUTS : outputs);
    const organization = { orgId: PROJECT_ID, clientId: OTHER_CLIENT_ID, secretExpiresAfterHours: 720 };
    const records = auditRecords([createRotating(), new ServiceAccountSecret("other", organization)]);
    expect(await pulumi.isSecret(records)).toBe(false);
    const values = await fetchValue(records);
    expect(values.map(({ clientId }) => clientId)).toEqual([CLIENT_ID, OTHER_CLIENT_ID]);
    expect(values[1]).toHaveProperty("orgId", PROJECT_ID);
    for (const value of values) expect([validate(value), validate.errors]).toEqual([true, null]);
  });
});

describe("the schema of the audit record", () => {
  it.each([
    { name: "an overlapping resource", change: {} },
    { name: "one that has a pending secret", change: { status: "pending-verification", pendingSecretId: IDS[2] } },
    { name: "one that was used", change: { lastUsedAt: OUTPUTS.createdAt } },
  ])("accepts $name", ({ change }) => {
    expect([validate({ ...EXPECTED, ...change }), validate.errors]).toEqual([true, null]);
  });

  it.each([
    { name: "a value", change: { secret: SECRET_VALUE } },
    { name: "both owners", change: { orgId: PROJECT_ID } },
    { name: "no owner", change: { projectId: undefined } },
    { name: "a time without its zone", change: { expiresAt: "2026-03-01T08:00:00" } },
    { name: "a status that does not exist", change: { status: "fine" } },
  ])("refuses $name", ({ change }) => {
    expect(validate(JSON.parse(JSON.stringify({ ...EXPECTED, ...change })))).toBe(false);
  });

  it("is published with the package", () => {
    const { files, exports } = JSON.parse(readFileSync(join(PROVIDER, "package.json"), "utf8")) as {
      files: string[];
      exports: Record<string, unknown>;
    };
    expect(files).toContain("schema");
    expect(exports["./audit-record.schema.json"]).toBe("./schema/audit-record.schema.json");
  });
});
