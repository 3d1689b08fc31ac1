/** `pulumi policy analyze` on a stack and on a file: what is overdue in a record, and what stands in states of other providers. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { closeWorlds, createWorld, HOUR_MS, type World } from "../helpers/atlas.js";
import { listViolations, PACK_FOLDER, POLICY_PROGRAM, runProgram, usePack } from "../helpers/policy-pack.js";

const ROTATING = "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret";
const MANUAL = "mongodbatlas:index/projectServiceAccountSecret:ProjectServiceAccountSecret";
const ORG_MANUAL = "mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret";
const DAY_MS = 24 * HOUR_MS;

let world: World;

beforeAll(async () => {
  world = await createWorld(POLICY_PROGRAM);
});
afterAll(closeWorlds);

const analyze = (...flags: readonly string[]) => world.stack.run(["policy", "analyze", "--color", "never", ...flags]);

function toFile(name: string, content: string): string {
  const file = join(world.stack.folder, name);
  writeFileSync(file, content);
  return file;
}

describe("policy analyze of a stack and of its exported state", () => {
  it("finds nothing in time, and later what is overdue, without a program or a request", async () => {
    const { stack, projectId, clientId } = world;
    const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
    const secretArgs = { projectId, secretExpiresAfterHours: 720 };
    const rotatingArgs = { ...secretArgs, clientId: await world.addAccount("rotating"), rotateBeforeExpiryHours: 240 };
    const current = { secretId: "aaaaaaaaaaaaaaaaaaaaaaa1", expiresAt: inDays(60), promotedAt: inDays(1) };
    const previous = { ...current, overlapHours: 24, previousSecretId: "aaaaaaaaaaaaaaaaaaaaaaa2" };
    const program = {
      secrets: { main: { args: { ...secretArgs, clientId } } },
      doubles: { rotating: { type: ROTATING, args: { ...rotatingArgs, ...previous } } },
    };
    expect((await runProgram(stack, "up", program, ["--skip-preview"])).code).toBe(0);
    await world.takeRequests();
    const exported = await stack.run(["stack", "export", "--stack", "test"]);
    const file = toFile("state.json", exported.stdout);

    const inTime = await analyze("--file", file, ...usePack(stack));
    expect([listViolations(inTime.text), inTime.code]).toEqual([[], 0]);
    await world.advance(20 * DAY_MS);
    const overdue = ["inside-window main", "overlap-over rotating"];
    const late = await analyze("--stack", "test", ...usePack(stack));
    expect([listViolations(late.text), late.code]).toEqual([overdue.map((found) => `advisory ${found}`), 0]);
    const strictly = { "inside-window": "mandatory", "overlap-over": "mandatory" };
    const strict = await analyze("--file", file, ...usePack(stack, strictly));
    expect(listViolations(strict.text)).toEqual(overdue.map((found) => `mandatory ${found}`));
    expect(strict.code).not.toBe(0);
    expect(await world.takeRequests()).toEqual([]);
  });
});

/** A state as `pulumi stack export` writes it, with resources of `@pulumi/mongodbatlas`. */
function toState(
  resources: readonly { name: string; type: string; changes?: Readonly<Record<string, unknown>> }[],
): string {
  const urn = (type: string, name: string) => `urn:pulumi:test::moved::${type}::${name}`;
  const provider = "pulumi:providers:mongodbatlas";
  const providerId = "00000000-0000-4000-8000-000000000001";
  const time = "2026-01-01T00:00:00Z";
  const toInputs = (type: string, name: string) => ({
    [type === MANUAL ? "projectId" : "orgId"]: "0123456789abcdef01234567",
    clientId: `mdb_sa_id_${Buffer.from(name).toString("hex").padEnd(24, "0").slice(0, 24)}`,
    secretExpiresAfterHours: 720,
  });
  const recorded = {
    secretId: "aaaaaaaaaaaaaaaaaaaaaaa1",
    expiresAt: new Date(Date.now() + 365 * DAY_MS).toISOString(),
  };
  return JSON.stringify({
    version: 3,
    deployment: {
      manifest: { time, magic: "", version: "" },
      resources: [
        {
          urn: urn(provider, "default"),
          custom: true,
          id: providerId,
          type: provider,
          inputs: {},
          outputs: {},
          created: time,
          modified: time,
        },
        ...resources.map(({ name, type, changes = {} }) => {
          const inputs = { ...toInputs(type, name), ...changes };
          const outputs = { ...inputs, ...recorded, ...changes };
          return {
            ...{ urn: urn(type, name), custom: true, id: name, type, inputs, outputs, created: time, modified: time },
            provider: `${urn(provider, "default")}::${providerId}`,
          };
        }),
      ],
    },
  });
}

describe("policy analyze of resources of @pulumi/mongodbatlas", () => {
  const GOOD = [
    { name: "good", type: MANUAL },
    { name: "org", type: ORG_MANUAL },
  ];

  it("finds each property that breaks a rule", async () => {
    const crowd = { clientId: "mdb_sa_id_cccccccccccccccccccccccc" };
    const pair = { clientId: "mdb_sa_id_dddddddddddddddddddddddd" };
    const broken = [
      { name: "long", type: MANUAL, changes: { secretExpiresAfterHours: 721 } },
      { name: "long-org", type: ORG_MANUAL, changes: { secretExpiresAfterHours: 721 } },
      { name: "overdue", type: ORG_MANUAL, changes: { expiresAt: "2026-01-31T00:00:00Z" } },
      { name: "elsewhere", type: MANUAL, changes: { projectId: "fedcba9876543210fedcba98" } },
      ...["crowd-a", "crowd-b", "crowd-c"].map((name) => ({ name, type: MANUAL, changes: crowd })),
      ...["pair-a", "pair-b"].map((name) => ({ name, type: ORG_MANUAL, changes: pair })),
    ];
    const owner = "0123456789abcdef01234567";
    const config = { "account-not-allowed": { allowedProjects: [owner], allowedOrgs: [owner] } };
    const file = toFile("broken.json", toState([...GOOD, ...broken]));
    const result = await analyze("--file", file, ...usePack(world.stack, config));
    const found = listViolations(result.text);
    const [all, advice] = [true, false].map((isOther) =>
      found.filter((one) => one.includes("no-rotation") !== isOther),
    );
    expect(advice).toEqual([...GOOD, ...broken].map(({ name }) => `advisory no-rotation-by-time ${name}`).sort());
    expect(all).toEqual([
      "advisory account-shared pair-a",
      "advisory account-shared pair-b",
      "advisory current-expired overdue",
      "mandatory account-crowded crowd-a",
      "mandatory account-crowded crowd-b",
      "mandatory account-crowded crowd-c",
      "mandatory account-not-allowed elsewhere",
      "mandatory lifetime-too-long long",
      "mandatory lifetime-too-long long-org",
    ]);
    expect(result.code).not.toBe(0);
  });

  it("advises the way to ours and finds nothing else, here with the pack as a folder", async () => {
    world.stack.useDistribution();
    const result = await analyze("--file", toFile("good.json", toState(GOOD)), "--policy-pack", PACK_FOLDER);
    const advice = ["advisory no-rotation-by-time good", "advisory no-rotation-by-time org"];
    expect([listViolations(result.text), result.code]).toEqual([advice, 0]);
  });
});
