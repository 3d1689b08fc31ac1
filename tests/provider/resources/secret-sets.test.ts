/** The classes of a set: what they register, which accounts they claim, and the audit records of their accounts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import Ajv from "ajv/dist/2020";
import addFormats from "ajv-formats";
import * as handlers from "../../../provider/src/handlers/index.js";
import {
  auditRecords,
  ProjectServiceAccountSecret,
  ProjectServiceAccountSecretSet,
  type ProjectServiceAccountSecretSetArgs,
  ServiceAccountSecretSet,
} from "../../../provider/src/index.js";
import { toProviderText } from "../../../provider/src/protocol.js";
import { CLIENT_ID, IDS, OTHER_CLIENT_ID, PROJECT_ID, SECRET_VALUE } from "../fixtures/values.js";

const SCHEMA = join(__dirname, "../../../provider/schema/audit-record.schema.json");
const ajv = new Ajv({ strict: true, strictRequired: false });
addFormats(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, "utf8")) as object);

const billing = { projectId: PROJECT_ID, clientId: CLIENT_ID };
const search = { projectId: PROJECT_ID, clientId: OTHER_CLIENT_ID };
const ARGS = { accounts: { billing, search }, secretExpiresAfterHours: 720 };
const RECORD = {
  projectId: PROJECT_ID,
  secretId: IDS[0],
  createdAt: "2026-03-01T08:00:00Z",
  expiresAt: "2026-03-31T08:00:00Z",
  generation: 1,
};
const REMOVED = { removedAt: "2026-03-02T08:00:00Z", retireAfter: "2026-03-03T08:00:00Z" };

let registered: pulumi.runtime.MockResourceArgs[];

beforeEach(async () => {
  registered = [];
  pulumi.runtime.setAllConfig({});
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: (resource) => {
      registered.push(resource);
      const state = {
        ...resource.inputs,
        secrets: pulumi.secret({ billing: SECRET_VALUE }),
        records: {
          billing: {
            ...RECORD,
            clientId: CLIENT_ID,
            status: "active",
            rotateAfter: "2026-03-21T08:00:00Z",
            overlapHours: 5,
          },
        },
        removedRecords: {
          "owner/client": { ...RECORD, ...REMOVED, clientId: OTHER_CLIENT_ID, status: "account-removed" },
        },
        statusCounts: { active: 1, "account-removed": 1 },
      };
      return { id: "fake/id", state };
    },
  });
});
afterAll(() => pulumi.runtime.setAllConfig({}));

function fetchValue<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}

describe.each([
  {
    name: "ProjectServiceAccountSecretSet",
    handler: "projectSecretSet",
    create: () => new ProjectServiceAccountSecretSet("fleet", ARGS),
  },
  {
    name: "ServiceAccountSecretSet",
    handler: "organizationSecretSet",
    create: () =>
      new ServiceAccountSecretSet("fleet", {
        accounts: { ci: { orgId: PROJECT_ID, clientId: CLIENT_ID } },
        secretExpiresAfterHours: 720,
      }),
  },
])("$name", ({ name, handler, create }) => {
  it("registers with its type, what the program gives, and the text that names its handler", async () => {
    const set = create();
    await fetchValue(set.urn);
    const [resource] = registered;
    expect(resource).toMatchObject({
      type: `pulumi-nodejs:dynamic/atlas:${name}`,
      inputs: { __provider: toProviderText(handler), secretExpiresAfterHours: 720 },
    });
    expect(handlers).toHaveProperty(handler);
    expect(await pulumi.isSecret(set.secrets)).toBe(true);
    expect(await pulumi.isSecret(set.records)).toBe(false);
  });
});

describe("the accounts of a set", () => {
  const create = (changes: Partial<ProjectServiceAccountSecretSetArgs> = {}) =>
    new ProjectServiceAccountSecretSet("fleet", { ...ARGS, ...changes });

  it("are refused at once when another resource is on one of them", () => {
    create();
    expect(() => new ProjectServiceAccountSecret("other", { ...search, secretExpiresAfterHours: 720 })).toThrow(
      /has a rotating secret, which needs both slots of the account, but ProjectServiceAccountSecretSet fleet and/,
    );
  });

  it.each([
    { what: "the map", accounts: pulumi.output({ billing, search }) },
    { what: "an account", accounts: { billing, search: pulumi.output(search) } },
    { what: "an id", accounts: { billing, search: { ...search, clientId: pulumi.output(OTHER_CLIENT_ID) } } },
    { what: "a promise", accounts: Promise.resolve({ billing, search }) },
  ])("are claimed too when they are known later: $what", async ({ accounts }) => {
    const set = create({ accounts });
    await fetchValue(set.urn);
    expect(registered[0]?.inputs).toMatchObject({ accounts: { billing, search } });
    expect(() => new ProjectServiceAccountSecret("other", { ...search, secretExpiresAfterHours: 720 })).toThrow(
      /has a rotating secret/,
    );
  });

  it("have audit records named by the set, as the schema says, without a value and never secret", async () => {
    const records = auditRecords([create()]);
    expect(await pulumi.isSecret(records)).toBe(false);
    const known = await fetchValue(records);
    expect(known).toEqual([
      { name: "fleet[billing]", ...RECORD, clientId: CLIENT_ID, status: "active", rotateAfter: "2026-03-21T08:00:00Z" },
      {
        name: `fleet[${OTHER_CLIENT_ID}]`,
        ...RECORD,
        ...REMOVED,
        clientId: OTHER_CLIENT_ID,
        status: "account-removed",
      },
    ]);
    for (const record of known) expect([record, validate(record), validate.errors]).toEqual([record, true, null]);
    expect(JSON.stringify(known)).not.toContain(SECRET_VALUE);
  });
});
