/** The example of a fleet: how it shares accounts out, and its files for the operator and for CI. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { parse, parseAllDocuments } from "yaml";
import { type Account, readInventory, toGroups } from "../../examples/fleet/shards.js";
import { dailyJob } from "../helpers/daily-job.js";

const EXAMPLE = join(__dirname, "../../examples/fleet");
/** The operator's own description of a Stack; its `x-source` says which version. */
const STACK_SCHEMA = join(__dirname, "../contract/pulumi-operator-stack.openapi.json");
const SHARDS = 4;

const read = (name: string) => readFileSync(join(EXAMPLE, name), "utf8");

const toAccount = (index: number): Account => ({
  name: `account-${index}`,
  consumers: `team-${index % 3}`,
  projectId: "a".repeat(24),
  clientId: `mdb_sa_id_${"ab".repeat(8)}${(0xfedcba + index * 7919).toString(16).padStart(8, "0")}`,
});
const INVENTORY = Array.from({ length: 1000 }, (_, index) => toAccount(index));

const listIn = (inventory: readonly Account[], shard: number): string[] =>
  Object.values(toGroups(inventory, shard, SHARDS))
    .flatMap((accounts) => Object.values(accounts).map(({ clientId }) => clientId))
    .sort();
const shards = Array.from({ length: SHARDS }, (_, shard) => shard);

describe("the shards of an inventory", () => {
  it("have each account once, and about as many each", () => {
    const all = shards.map((shard) => listIn(INVENTORY, shard));
    expect(all.flat().sort()).toEqual(INVENTORY.map(({ clientId }) => clientId).sort());
    for (const { length } of all) expect(Math.abs(length - INVENTORY.length / SHARDS)).toBeLessThan(50);
  });

  it("keep every other account when one comes or goes", () => {
    const [first, ...rest] = INVENTORY;
    for (const shard of shards) {
      expect(listIn(rest, shard)).toEqual(listIn(INVENTORY, shard).filter((clientId) => clientId !== first?.clientId));
    }
  });

  it.each([
    ["an account", { clientId: toAccount(0).clientId.toUpperCase().replace("MDB_SA_ID_", "mdb_sa_id_") }],
    ["a name", { name: "account-0", consumers: "team-0" }],
  ])("refuse %s that is in the inventory twice, in every shard", (_what, same) => {
    const twice = [...INVENTORY, { ...toAccount(5000), ...same }];
    for (const shard of shards) expect(() => listIn(twice, shard)).toThrow("is in the inventory twice");
  });

  it.each([-1, SHARDS, 0.5, Number.NaN])("refuse the number %s", (shard) => {
    expect(() => listIn(INVENTORY, shard)).toThrow("There is no shard");
  });

  it("are those of the example's own inventory", () => {
    const inventory = readInventory(join(EXAMPLE, "inventory.json"));
    expect(shards.flatMap((shard) => listIn(inventory, shard))).toHaveLength(inventory.length);
  });
});

/** Refuses fields that the description does not know, as `kubectl` does. */
function toStrict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(toStrict);
  if (typeof schema !== "object" || schema === null) return schema;
  const strict = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, toStrict(value)]));
  const isOpen = "additionalProperties" in schema || "x-kubernetes-preserve-unknown-fields" in schema;
  return strict.type === "object" && strict.properties && !isOpen ? { ...strict, additionalProperties: false } : strict;
}

interface Stack {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly stack: string; readonly serviceAccountName: string };
}

describe("the operator's manifests", () => {
  const ajv = addFormats(new Ajv({ strict: false }));
  const isStack = ajv.compile(toStrict(JSON.parse(readFileSync(STACK_SCHEMA, "utf8"))) as object);
  const template = read("kubernetes/stack.yaml");
  const stacks = shards.map((shard) => parse(template.replaceAll("SHARD", String(shard))) as Stack);

  it("are a Stack for each shard, as the operator describes it", () => {
    for (const stack of stacks) {
      isStack(stack);
      expect(isStack.errors).toBeNull();
      expect(stack).toMatchObject({ apiVersion: "pulumi.com/v1", kind: "Stack" });
    }
    expect(stacks.map(({ spec }) => spec.stack)).toEqual(["shard-0", "shard-1", "shard-2", "shard-3"]);
    expect(new Set(stacks.map(({ metadata }) => metadata.name)).size).toBe(SHARDS);
  });

  it.each([
    "spec.resyncFrequency",
    "spec.updateTemplate.spec.continueOnErrors",
    "spec.workspaceTemplate.spec.podTemplate.spec.x",
  ])("would not pass with an unknown field, %s", (path) => {
    const stack = structuredClone(stacks[0]) as unknown as Record<string, unknown>;
    const names = path.split(".");
    const last = names.pop() ?? "";
    const parent = names.reduce((found, name) => found[name] as Record<string, unknown>, stack);
    parent[last] = true;
    expect(isStack(stack)).toBe(false);
  });

  it("run as the account that the access file makes", () => {
    const objects = parseAllDocuments(read("kubernetes/access.yaml")).map((document) => document.toJS() as Stack);
    expect(objects).toContainEqual(
      expect.objectContaining({
        kind: "ServiceAccount",
        metadata: expect.objectContaining({ name: stacks[0]?.spec.serviceAccountName }),
      }),
    );
  });
});

interface Workflow {
  readonly jobs: {
    readonly rotate: {
      readonly strategy: { readonly matrix: { readonly shard: readonly number[] } };
      readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
    };
  };
}

describe("the workflow", () => {
  const { rotate } = (parse(read(".github/workflows/rotate.yml")) as Workflow).jobs;

  it("runs the daily job for every shard, with actions pinned by commit", () => {
    expect(rotate.strategy.matrix.shard).toEqual(shards);
    expect(rotate.steps.flatMap(({ run }) => run ?? [])).toContain(dailyJob);
    const used = rotate.steps.flatMap(({ uses }) => uses ?? []);
    expect(used).toEqual(used.map(() => expect.stringMatching(/^[\w/-]+@[0-9a-f]{40}$/)));
  });
});
