/** States and outputs as records: every type, what cannot be read, and no value of them behind the border. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toReport } from "../../../cli/src/audit/report.js";
import { DEFAULT_LIMITS } from "../../../cli/src/audit/rules/situation.js";
import { parseSource } from "../../../cli/src/sources/files.js";
import { parseStackExport, toStackExport } from "../../../cli/src/sources/stack-export.js";
import { findCanaries } from "../../helpers/canaries.js";
import { BIRTH_MS, CLIENT_ID, IDS, PROJECT_ID } from "../../provider/fixtures/values.js";
import {
  CANARIES,
  encrypted,
  type Fields,
  MANUAL,
  ORG_MANUAL,
  PLAIN,
  PLAIN_OUTPUTS,
  ROTATING,
  SHOWN_ROTATING_OUTPUTS,
  shown,
  toExport,
  toResource,
} from "./states.js";

const HOUR_MS = 3_600_000;
const KEY = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID };
const CURRENT = {
  secretId: IDS[0],
  createdAtMs: BIRTH_MS,
  expiresAtMs: BIRTH_MS + 720 * HOUR_MS,
  verifiedAtMs: BIRTH_MS + 1000,
};
const readOne = (type: string, outputs: Fields, more?: Fields) => parseOne(type, outputs, more).resources[0]?.reading;
const parseOne = (type: string, outputs: Fields, more?: Fields) =>
  parseSource(toExport([toResource(type, outputs, more)]), "x.json");
const without = (fields: Fields, ...names: string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

const AUDIT_RECORD = {
  projectId: PROJECT_ID,
  clientId: CLIENT_ID,
  secretId: IDS[0],
  status: "overlapping",
  createdAt: "2026-03-01T08:00:00Z",
  expiresAt: "2026-03-31T08:00:00Z",
  rotateAfter: "2026-03-21T08:00:00Z",
  generation: 2,
  previousSecretId: IDS[1],
  retireAfter: "2026-03-02T08:00:00Z",
};

describe("parseSource, of a state", () => {
  it("reads a plain resource", () => {
    const { resources, ...rest } = parseOne(PLAIN, PLAIN_OUTPUTS);
    expect(rest).toEqual({
      source: { name: "x.json", kind: "stack-export" },
      pendingOperations: [],
      unreadSources: [],
    });
    expect(resources).toEqual([
      {
        source: "x.json",
        location: `urn:pulumi:prod::shop::${PLAIN}::backend`,
        isPendingDeletion: false,
        reading: expect.objectContaining({ kind: "plain", account: KEY, problems: [] }),
      },
    ]);
    expect(resources[0]?.reading.record).toMatchObject({ status: "active", ...CURRENT });
  });

  it("reads a rotating resource, also when it was written with --show-secrets", () => {
    expect(readOne(ROTATING, { ...SHOWN_ROTATING_OUTPUTS, pendingSecretId: IDS[2] })).toMatchObject({
      kind: "rotating",
      record: {
        current: CURRENT,
        previous: { secretId: IDS[1], expiresAtMs: BIRTH_MS + 168 * HOUR_MS },
        pending: { secretId: IDS[2] },
        promotedAtMs: BIRTH_MS,
        generation: 2,
      },
    });
  });

  it("reads the states that @pulumi/mongodbatlas leaves: its secrets are due in the last third of their lives", () => {
    const text = readFileSync(join(__dirname, "../fixtures/mongodbatlas-stack-export.json"), "utf8");
    const { resources, unreadSources } = parseSource(text, "old.json");
    expect([resources.length, unreadSources.length]).toEqual([3, 0]);
    expect(resources[0]?.reading).toMatchObject({
      kind: "manual",
      account: { ownerId: "4366735af7480b6149555a9e", clientId: "mdb_sa_id_a53ab7aade9830c3f9eb291b" },
      record: {
        secretId: "e558eed4a9cfcb68afae59ab",
        expiresAtMs: Date.parse("2026-12-23T21:46:29Z"),
        statedRotateAfterMs: Date.parse("2026-12-13T21:46:29Z"),
      },
    });
  });

  it("reads an organization's secret", () => {
    const outputs = { ...without(PLAIN_OUTPUTS, "projectId", "rotateAfter"), orgId: PROJECT_ID };
    expect(readOne(ORG_MANUAL, outputs)).toMatchObject({ account: { level: "organization", ownerId: PROJECT_ID } });
  });

  it("takes ids that are recorded as secrets from the resource's own id", () => {
    const reading = readOne(PLAIN, { ...PLAIN_OUTPUTS, projectId: encrypted, clientId: shown(CLIENT_ID) });
    expect(reading).toMatchObject({ account: KEY, record: { secretId: IDS[0] } });
  });

  it.each<[string, string, Fields, Fields, number, string]>([
    [
      "its account",
      MANUAL,
      { clientId: encrypted },
      { id: "missing ID" },
      0,
      "it names no service account that can be read",
    ],
    ["its secret", PLAIN, { secretId: "x" }, { id: "x" }, 0, "it names no secret that can be read"],
    ["the expiry", PLAIN, { expiresAt: "soon" }, {}, 1, `the expiry of secret ${IDS[0]} cannot be read`],
    [
      "a value in place of an id",
      ROTATING,
      { secretId: CANARIES.misplaced },
      {},
      1,
      "the id of its current secret cannot be read",
    ],
  ])("names a resource of which it cannot read %s", (_, type, outputs, more, count, problem) => {
    const { resources, unreadSources } = parseOne(type, { ...PLAIN_OUTPUTS, ...outputs }, more);
    expect(resources).toHaveLength(count);
    const message = `urn:pulumi:prod::shop::${type}::backend: ${problem}.`;
    expect(unreadSources).toEqual([{ source: "x.json", message }]);
  });

  it("reads what waits for its deletion, and what was under way", () => {
    const old = toResource(PLAIN, { ...PLAIN_OUTPUTS, secretId: IDS[1] }, { delete: true });
    const pending_operations = [{ resource: toResource(PLAIN, {}), type: "creating" }];
    const { resources, pendingOperations } = parseSource(toExport([old], { pending_operations }), "x.json");
    expect(resources).toMatchObject([{ isPendingDeletion: true, reading: { record: { secretId: IDS[1] } } }]);
    expect(pendingOperations).toEqual([
      { source: "x.json", operations: [`creating urn:pulumi:prod::shop::${PLAIN}::backend`] },
    ]);
  });

  it("reads an empty stack", () => {
    expect(parseSource(JSON.stringify({ version: 3, deployment: {} }), "x.json").resources).toEqual([]);
  });
});

describe("parseSource, of a checkpoint of a self-managed backend", () => {
  const toCheckpoint = (latest?: unknown) =>
    JSON.stringify({ version: 3, checkpoint: { stack: "organization/shop/prod", latest } });

  it("reads it like an export, with what waits for its deletion and what was under way", () => {
    const old = toResource(PLAIN, { ...PLAIN_OUTPUTS, secretId: IDS[1] }, { delete: true });
    const pending_operations = [{ resource: toResource(PLAIN, {}), type: "creating" }];
    const text = toExport([toResource(PLAIN, PLAIN_OUTPUTS), old], { pending_operations });
    const { deployment } = JSON.parse(text) as { deployment: unknown };
    expect(parseSource(toCheckpoint(deployment), "x.json")).toEqual(parseSource(text, "x.json"));
    expect(parseSource(text, "x.json").resources).toHaveLength(2);
  });

  it("reads that of a stack that was never up", () => {
    expect(parseSource(toCheckpoint(), "x.json")).toMatchObject({ resources: [], unreadSources: [] });
  });
});

describe("parseSource, of what it does not know", () => {
  const newState = { urn: "urn:x", type: PLAIN, outputs: AUDIT_RECORD };
  const OTHERS: readonly (readonly [string, unknown])[] = [
    ["an empty object", {}],
    ["a package.json", { name: "shop", version: "1.0.0", dependencies: {} }],
    ["outputs without an audit record", { url: "https://example.com" }],
    ["a list", [AUDIT_RECORD]],
    ["what a preview prints", { steps: [{ op: "same", urn: "urn:x", newState }], changeSummary: { same: 1 } }],
    ["a state of Terraform", { version: 4, lineage: "x", outputs: { audit: { value: AUDIT_RECORD } } }],
    ["what 'terraform show -json' prints", { terraform_version: "1.9.0", values: { outputs: { a: AUDIT_RECORD } } }],
  ];
  it.each(OTHERS)("refuses %s, and takes it for nothing where that is meant", (_, json) => {
    const text = JSON.stringify(json);
    expect(() => parseSource(text, "x.json")).toThrow(/^Could not read x\.json: it holds nothing that I know, /);
    expect(parseSource(text, "x.json", { mayBeEmpty: true })).toMatchObject({ resources: [], unreadSources: [] });
  });

  it("refuses outputs where only a state will do", () => {
    const text = JSON.stringify({ audit: AUDIT_RECORD });
    expect(parseSource(text, "x.json").resources).toHaveLength(1);
    expect(() => parseSource(text, "x.json", { mustBeState: true })).toThrow(
      "Could not read x.json: it is not a state",
    );
  });
});

describe("parseSource, of outputs", () => {
  it("finds audit records at any depth, and says where", () => {
    const outputs = { audit: AUDIT_RECORD, all: { teams: [[], [AUDIT_RECORD]] }, url: "https://example.com", count: 3 };
    const { source, resources } = parseSource(JSON.stringify(outputs), "outputs.json");
    expect(source.kind).toBe("stack-outputs");
    expect(resources.map(({ location }) => location)).toEqual(["audit", "all.teams[1][0]"]);
    expect(resources[0]?.reading).toMatchObject({
      kind: "rotating",
      account: KEY,
      record: { previous: { secretId: IDS[1] }, statedRetireAfterMs: BIRTH_MS + 24 * HOUR_MS, generation: 2 },
    });
  });

  it.each<[string, Fields, string]>([
    ["without a status", without(AUDIT_RECORD, "status"), "its status cannot be read"],
    ["with a status that there is not", { ...AUDIT_RECORD, status: "fine" }, "its status cannot be read"],
    ["without an owner", without(AUDIT_RECORD, "projectId"), "it names no service account that can be read"],
    [
      "with something else for a client id",
      { ...AUDIT_RECORD, clientId: "backend" },
      "it names no service account that can be read",
    ],
  ])("names a damaged record %s", (_, fields, problem) => {
    const { resources, unreadSources } = parseSource(JSON.stringify({ audit: fields }), "outputs.json");
    expect(resources).toHaveLength(problem.includes("status") ? 1 : 0);
    expect(unreadSources).toEqual([{ source: "outputs.json", message: `audit: ${problem}.` }]);
  });

  it.each<[string, Fields]>([
    ["a secret of @pulumi/mongodbatlas", without(AUDIT_RECORD, "status", "rotateAfter")],
    ["an application of another cloud", { clientId: "0000-11", status: "active", createdAt: "2026-03-01T08:00:00Z" }],
  ])("takes no object for a damaged record that is none: %s", (_, fields) => {
    const text = JSON.stringify({ audit: AUDIT_RECORD, other: fields });
    expect(parseSource(text, "outputs.json")).toMatchObject({ resources: [{ location: "audit" }], unreadSources: [] });
  });

  it("names what is not of the shape of its field, and leaves it out", () => {
    const wrong = { ...AUDIT_RECORD, secretId: CANARIES.misplaced, expiresAt: CANARIES.misplaced, generation: "2" };
    const { resources, unreadSources } = parseSource(JSON.stringify({ audit: wrong }), "outputs.json");
    expect(resources[0]?.reading.record).toMatchObject({ previous: { secretId: IDS[1] } });
    expect(resources[0]?.reading.record).not.toHaveProperty("current");
    expect(unreadSources).toEqual([
      { source: "outputs.json", message: "audit: the id of its current secret cannot be read." },
    ]);
  });
});

const NOTHING_LISTED = {
  listedOwners: [],
  accounts: [],
  credentials: [],
  hasAllStacks: false,
  hasUnmanaged: false,
};
const OPTIONS = { nowMs: BIRTH_MS, nowFrom: "machine", limits: DEFAULT_LIMITS } as const;

describe("values", () => {
  const misplaced = {
    maskedSecretValue: CANARIES.misplaced,
    lastUsedAt: CANARIES.misplaced,
    status: CANARIES.misplaced,
  };
  const outputs = {
    ...{
      secret: CANARIES.output,
      [CANARIES.misplaced]: { audit: { ...AUDIT_RECORD, ...misplaced, status: "active" } },
    },
    backend: { ...AUDIT_RECORD, secret: CANARIES.secret, triggers: { a: CANARIES.triggers } },
    list: [shown(CANARIES.pendingSecret), encrypted],
  };
  const state = toExport([
    toResource(PLAIN, { ...PLAIN_OUTPUTS, ...misplaced, secret: CANARIES.secret }),
    toResource(ROTATING, { ...SHOWN_ROTATING_OUTPUTS, triggers: { a: CANARIES.triggers } }, {}, "rotating"),
  ]);

  it.each<[string, string]>([
    ["outputs that were written with --show-secrets", JSON.stringify(outputs)],
    ["a state that was written with --show-secrets", state],
  ])("are in nothing that is made of %s", (_, text) => {
    expect(findCanaries(text, CANARIES)).not.toEqual([]);
    const { source, ...gathered } = parseSource(text, "x.json");
    expect(gathered.resources).toHaveLength(2);
    const report = toReport({ sources: [source], ...gathered, ...NOTHING_LISTED }, OPTIONS);
    expect(findCanaries(JSON.stringify(report), CANARIES)).toEqual([]);
  });

  it("are in no resource of a parsed export that are marked, at any depth, unless they are asked for", () => {
    const text = toExport([
      toResource(PLAIN, { list: [{ deep: shown(CANARIES.secret) }, shown(CANARIES.triggers)], secret: encrypted }),
    ]);
    expect(findCanaries(JSON.stringify(parseStackExport(text, "x.json")), CANARIES)).toEqual([]);
    const kept = findCanaries(JSON.stringify(toStackExport(JSON.parse(text), "x.json")), CANARIES);
    expect(kept).toEqual(expect.arrayContaining(["secret", "triggers", "ciphertext"]));
  });
});
