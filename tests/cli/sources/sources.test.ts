/** States and outputs as records: every type, what cannot be read, and no value of them behind the border. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { parseSource } from "../../../cli/src/sources/files.js";
import { toRecords } from "../../../cli/src/sources/recorded-secrets.js";
import { parseStackExport, parseStackExportWithSecrets } from "../../../cli/src/sources/stack-export.js";
import { toRotationOutputs } from "../../../provider/src/records/rotation-record.js";
import { toOverlapOverMs } from "../../../provider/src/rotation/overlap.js";
import { findCanaries } from "../../helpers/canaries.js";
import { BIRTH_MS, CLIENT_ID, IDS, OVERLAPPING, PROJECT_ID } from "../../provider/fixtures/values.js";
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
const parseOne = (type: string, outputs: Fields, more?: Fields) =>
  parseSource(toExport([toResource(type, outputs, more)]), "x.json");
const without = (fields: Fields, ...names: string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

describe("parseSource, of a state", () => {
  it("reads a plain resource", () => {
    expect(parseOne(PLAIN, PLAIN_OUTPUTS)).toEqual({
      source: { name: "x.json", kind: "stack-export" },
      pendingOperations: [],
      unreadSources: [],
      records: [
        {
          ...KEY,
          source: "x.json",
          place: `urn:pulumi:prod::shop::${PLAIN}::backend`,
          kind: "ours",
          isRotating: false,
          isPendingDeletion: false,
          status: "active",
          current: CURRENT,
          rotateAfterMs: BIRTH_MS + 480 * HOUR_MS,
        },
      ],
    });
  });

  it("reads a rotating resource, also when it was written with --show-secrets", () => {
    const [record] = parseOne(ROTATING, { ...SHOWN_ROTATING_OUTPUTS, pendingSecretId: IDS[2] }).records;
    expect(record).toMatchObject({
      isRotating: true,
      status: "overlapping",
      current: CURRENT,
      previous: { secretId: IDS[1], expiresAtMs: BIRTH_MS + 168 * HOUR_MS },
      pending: { secretId: IDS[2] },
      promotedAtMs: BIRTH_MS,
      overlapOverMs: BIRTH_MS + 24 * HOUR_MS,
      retireAfterMs: BIRTH_MS + 24 * HOUR_MS,
      generation: 2,
    });
  });

  it("reads the states that @pulumi/mongodbatlas leaves: its secrets are due in the last third of their lives", () => {
    const text = readFileSync(join(__dirname, "../fixtures/mongodbatlas-stack-export.json"), "utf8");
    const { records, unreadSources } = parseSource(text, "old.json");
    expect([records.length, unreadSources.length]).toEqual([3, 0]);
    expect(records[0]).toMatchObject({
      kind: "mongodbatlas",
      ownerId: "4366735af7480b6149555a9e",
      clientId: "mdb_sa_id_a53ab7aade9830c3f9eb291b",
      current: { secretId: "e558eed4a9cfcb68afae59ab", expiresAtMs: Date.parse("2026-12-23T21:46:29Z") },
      rotateAfterMs: Date.parse("2026-12-13T21:46:29Z"),
    });
  });

  it("reads an organization's secret", () => {
    const outputs = { ...without(PLAIN_OUTPUTS, "projectId", "rotateAfter"), orgId: PROJECT_ID };
    expect(parseOne(ORG_MANUAL, outputs).records).toMatchObject([{ level: "organization", ownerId: PROJECT_ID }]);
  });

  it("takes ids that are recorded as secrets from the resource's own id", () => {
    const { records } = parseOne(PLAIN, { ...PLAIN_OUTPUTS, projectId: encrypted, clientId: shown(CLIENT_ID) });
    expect(records).toMatchObject([{ ...KEY, current: { secretId: IDS[0] } }]);
  });

  it("says which resource names no account that can be read", () => {
    const { records, unreadSources } = parseOne(
      MANUAL,
      { ...PLAIN_OUTPUTS, clientId: encrypted },
      { id: "missing ID" },
    );
    expect(records).toEqual([]);
    expect(unreadSources).toEqual([
      {
        source: "x.json",
        message: `urn:pulumi:prod::shop::${MANUAL}::backend names no account and secret that can be read.`,
      },
    ]);
  });

  it("reads what waits for its deletion, and what was under way", () => {
    const old = toResource(PLAIN, { ...PLAIN_OUTPUTS, secretId: IDS[1] }, { delete: true });
    const pending_operations = [{ resource: toResource(PLAIN, {}), type: "creating" }];
    const { records, pendingOperations } = parseSource(toExport([old], { pending_operations }), "x.json");
    expect(records).toMatchObject([{ isPendingDeletion: true, current: { secretId: IDS[1] } }]);
    expect(pendingOperations).toEqual([
      { source: "x.json", operations: [`creating urn:pulumi:prod::shop::${PLAIN}::backend`] },
    ]);
  });

  it("reads an empty stack", () => {
    expect(parseSource(JSON.stringify({ version: 3, deployment: {} }), "x.json").records).toEqual([]);
  });
});

describe("the end of the overlap, made from a state", () => {
  it("is the one that the provider retires by, for whatever it records", () => {
    const hours = fc.integer({ min: 8, max: 8760 });
    fc.assert(
      fc.property(
        hours,
        hours,
        fc.integer({ min: 0, max: 8760 }),
        fc.integer({ min: 0, max: 168 }),
        (issued, granted, window, overlap) => {
          const current = {
            ...OVERLAPPING.current,
            secretId: IDS[0],
            issuedForHours: issued,
            grantedHours: granted,
            issuedForTriggers: {},
          };
          const record = { ...OVERLAPPING, current, rotateBeforeExpiryHours: window, overlapHours: overlap };
          const outputs = toRotationOutputs({ ...record, generation: 2, isUnassigned: false });
          const text = toExport([toResource(ROTATING, outputs)]);
          const [found] = toRecords(parseStackExport(text, "x.json"), "x.json").records;
          expect(found?.overlapOverMs).toBe(toOverlapOverMs(record, record));
        },
      ),
    );
  });
});

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

describe("parseSource, of outputs", () => {
  it("finds audit records at any depth, and says where", () => {
    const outputs = { audit: AUDIT_RECORD, all: { teams: [[], [AUDIT_RECORD]] }, url: "https://example.com", count: 3 };
    const { source, records } = parseSource(JSON.stringify(outputs), "outputs.json");
    expect(source.kind).toBe("stack-outputs");
    expect(records.map(({ place }) => place)).toEqual(["audit", "all.teams[1][0]"]);
    expect(records[0]).toMatchObject({
      ...KEY,
      kind: "audit-record",
      isRotating: true,
      status: "overlapping",
      previous: { secretId: IDS[1] },
      overlapOverMs: BIRTH_MS + 24 * HOUR_MS,
      generation: 2,
    });
  });

  it.each<[string, Fields]>([
    ["without a status", without(AUDIT_RECORD, "status")],
    ["with a status that there is not", { ...AUDIT_RECORD, status: "fine" }],
    ["without an owner", without(AUDIT_RECORD, "projectId")],
    ["with something else for a client id", { ...AUDIT_RECORD, clientId: "backend" }],
  ])("takes no object for a record %s", (_, fields) => {
    expect(parseSource(JSON.stringify({ audit: fields }), "outputs.json").records).toEqual([]);
  });

  it("leaves out what is not of the shape of its field", () => {
    const wrong = { ...AUDIT_RECORD, secretId: CANARIES.misplaced, expiresAt: CANARIES.misplaced, generation: "2" };
    const [record] = parseSource(JSON.stringify({ audit: wrong }), "outputs.json").records;
    expect(record).toMatchObject({ previous: { secretId: IDS[1] } });
    expect(record).not.toHaveProperty("current");
    expect(record).not.toHaveProperty("generation");
  });
});

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
    const gathered = parseSource(text, "x.json");
    expect(gathered.records).toHaveLength(2);
    expect(findCanaries(JSON.stringify(gathered), CANARIES)).toEqual([]);
  });

  it("are in no resource of a parsed export that are marked, at any depth, unless they are asked for", () => {
    const text = toExport([
      toResource(PLAIN, { list: [{ deep: shown(CANARIES.secret) }, shown(CANARIES.triggers)], secret: encrypted }),
    ]);
    expect(findCanaries(JSON.stringify(parseStackExport(text, "x.json")), CANARIES)).toEqual([]);
    const kept = findCanaries(JSON.stringify(parseStackExportWithSecrets(text, "x.json")), CANARIES);
    expect(kept).toEqual(expect.arrayContaining(["secret", "triggers", "ciphertext"]));
  });
});
