/**
 * Moving over on the real engine, by the steps that `atlas-secrets adopt` prints: a stack with the recorded secrets of
 * `@pulumi/mongodbatlas` and more grown from them, some of them into one set, a state of Terraform, and a value that is piped in. No
 * secret is made or deleted at Atlas, and nothing changes until the set rotates in time. The chapters follow one another.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { HOUR_MS, toOperations } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";
import {
  type AdoptionWorld,
  closeAdoptionWorlds,
  createAdoptionWorld,
  type Known,
  READS,
  TERRAFORM_FILE,
} from "./adoption/world.js";

const GROWN = 22;
const OWN_TYPES = "pulumi-nodejs:dynamic/atlas:";
/** What becomes one set, of the recorded and of the grown. */
const SET = ["s2", "g20", "g21"];
const CONSUMED = ["s0", "s1", "g0", "g19"];
const FILES = ["replaced.json", "fleet.json", "rotating.json"];

let world: AdoptionWorld;
/** The secrets that each become one resource, by name. */
let single: Readonly<Record<string, Known>>;
let before: object;
let after: object;

beforeAll(async () => {
  world = await createAdoptionWorld(GROWN);
  const argsOf = (all: Readonly<Record<string, Known>>) =>
    Object.fromEntries(Object.entries(all).map(([name, { args }]) => [name, args]));
  const declare = (className: string, all: Readonly<Record<string, Known>>) =>
    Object.fromEntries(Object.entries(all).map(([name, { args }]) => [name, { class: className, args }]));
  before = { peers: argsOf(world.peers), isRetained: true, consumed: [...CONSUMED, ...SET] };
  single = Object.fromEntries(Object.entries(world.peers).filter(([name]) => !SET.includes(name)));
  const accounts = Object.entries(ofSet()).map(([name, { args }]) => {
    return [name, { projectId: args.projectId, clientId: args.clientId }];
  });
  const fleet = { accounts: Object.fromEntries(accounts), secretExpiresAfterHours: 720 };
  const ours = {
    ...declare("ProjectServiceAccountSecret", single),
    ...declare("RotatingProjectServiceAccountSecret", { ...world.terraform, loose: world.loose }),
    fleet: { class: "ProjectServiceAccountSecretSet", args: fleet },
  };
  after = { ours, consumed: [...CONSUMED, ...SET.map((name) => `fleet/${name}`)] };
});
afterAll(closeAdoptionWorlds);

const ofSet = () => Object.fromEntries(Object.entries(world.peers).filter(([name]) => SET.includes(name)));

const toValues = (all: Readonly<Record<string, Known>>) =>
  Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));

/** Operations at Atlas since the last call. */
async function takeOperations(): Promise<string[]> {
  const operations = toOperations(await world.atlas.requests());
  await world.atlas.resetLog();
  return operations;
}

/** The command of a step, without its prompt and comment. */
function findCommand(steps: string, start: string): string {
  const line = steps.split("\n").find((text) => text.trim().startsWith(`$ ${start}`)) ?? "";
  return line
    .trim()
    .slice(2)
    .replace(/ +#.*$/, "");
}

describe("moving a stack over", () => {
  let steps: readonly string[] = [];

  it("writes the import files from the stack itself, from Terraform and from a piped value, and asks for the latter alone", async () => {
    const { args, secretId } = world.loose;
    const runs = [
      await world.adopt("--stack", "test", "--only", ...Object.keys(single), "--output", "replaced.json"),
      await world.adopt("--stack", "test", "--set", "fleet", "--only", ...SET, "--output", "fleet.json"),
    ];
    expect(await takeOperations()).toEqual([]);
    const address = `${args.projectId}/${args.clientId}/${secretId}`;
    const piped = ["--piped", address, "--name", "loose"];
    runs.push(await world.adopt(TERRAFORM_FILE, ...piped, "--rotating", "--output", "rotating.json"));
    for (const run of runs) expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(await takeOperations()).toEqual(["mint", "getAccount"]);
    steps = runs.map(({ stdout }) => stdout);
    for (const file of FILES) {
      expect(statSync(join(world.stack.programFolder, file)).mode & 0o777).toBe(0o600);
    }
  });

  it("writes values of the stack as only that can read them, and those of a set as one resource with all accounts", () => {
    for (const file of ["replaced.json", "fleet.json"]) expect(findCanaries(readText(file), toCanaries())).toEqual([]);
    expect(steps[1]).toContain('new ProjectServiceAccountSecretSet("fleet", {');
    const { resources } = JSON.parse(readText("fleet.json")) as { resources: { outputs: { secrets: object } }[] };
    expect(resources.map(({ outputs }) => Object.keys(outputs.secrets).sort())).toEqual([[...SET].sort()]);
  });

  it("lets the stack forget the old ones: nothing changes but the consumers, which are new in this test", async () => {
    const result = await world.up(before);
    expect(result).toMatchObject({ code: 0 });
    expect(result.text).toMatch(
      new RegExp(`\\+ ${CONSUMED.length + SET.length} created\\s+${3 + GROWN + 1} unchanged`),
    );
    expect(new Set(await takeOperations())).toEqual(new Set(["mint"]));
  });

  it("imports by the commands as they are printed, and asks nothing of Atlas", async () => {
    for (const [index, file] of FILES.entries()) {
      const command = findCommand(steps[index] ?? "", "pulumi import");
      expect(command).toMatch(new RegExp(`^pulumi import --file ${file} --generate-code=false --yes( --stack test)?$`));
      const { code, text } = await world.stack.run([...command.split(" ").slice(1), "--non-interactive"]);
      expect([file, code, code === 0 ? "" : text]).toEqual([file, 0, ""]);
    }
    expect(await takeOperations()).toEqual([]);
  });

  it("is safe from a run of the old program, which fails and deletes nothing", async () => {
    const result = await world.up(before);
    expect(result.code).not.toBe(0);
    expect(result.text).toContain("because it is protected");
    expect(await takeOperations()).toEqual([]);
    const ours = (world.stack.storedState().resources ?? []).filter(({ type }) => type.startsWith(OWN_TYPES));
    expect(ours).toHaveLength(Object.keys(single).length + 3 + 1 + 1);
  });

  it("swaps the class: the old ones leave the stack, and nothing else happens but to the record of the set", async () => {
    const result = await world.up(after);
    expect(result).toMatchObject({ code: 0 });
    expect(result.text).toContain(`- ${3 + GROWN} deleted`);
    expect(result.text.match(/deleted .*\[retain\]/g)).toHaveLength(3 + GROWN);
    // The set itself, whose values are then in one mark; its consumers have what they had.
    expect(result.text).toMatch(/~ +\S+ fleet updated/);
    expect(result.text).toMatch(/~ 1 updated/);
    expect(result.text).not.toMatch(/\d+ (created|replaced)/);
    expect(await takeOperations()).toEqual([]);
    expect(world.peerCalls()).toEqual(["check", "diff"]);
  });

  it("changes nothing from then on, also after the refresh that the steps print", async () => {
    const run = async (start: string, ...flags: string[]) => {
      const [, ...words] = findCommand(steps[2] ?? "", start).split(" ");
      const result = await world.stack.run([...words, ...flags, "--stack", "test", "--non-interactive"]);
      expect([result.code, result.code === 0 ? "" : result.text]).toEqual([0, ""]);
    };
    await run("pulumi refresh", "--yes");
    const asked = new Set(await takeOperations());
    expect(asked).toContain("mint");
    expect([...asked].filter((operation) => !READS.includes(operation))).toEqual([]);
    await run("pulumi preview --expect");
    expect(await takeOperations()).toEqual([]);
  });

  it("has kept every value and id, encrypted", async () => {
    const secrets = await world.stack.secrets();
    const found = Object.fromEntries(
      secrets.map(({ urn, outputs }) => [urn.split("::").at(-1), [outputs.secretId, outputs.secret]]),
    );
    const all = { ...single, ...world.terraform, loose: world.loose };
    const expected = Object.entries(all).map(([name, { secretId, value }]) => [name, [secretId, value]]);
    expect(found).toEqual({ ...Object.fromEntries(expected), fleet: [undefined, undefined] });
    expect(secrets.find(({ urn }) => urn.endsWith("::fleet"))?.outputs.secrets).toEqual(toValues(ofSet()));
    const left = (world.stack.storedState().resources ?? []).filter(({ type }) => type.startsWith("mongodbatlas:"));
    expect(left).toEqual([]);
  });

  it("has shown no value, and left none in the backend", () => {
    expect(findCanaries(world.stack.transcript.join("\n"), toCanaries())).toEqual([]);
    expect(findCanaries(world.stack.backendText(), toCanaries())).toEqual([]);
  });

  it("rotates a set when it is due, and the old values work on", async () => {
    await world.atlas.advance(500 * HOUR_MS);
    world.stack.shiftClock(500 * HOUR_MS);
    const result = await world.up(after);
    expect([result.code, result.code === 0 ? "" : result.text]).toEqual([0, ""]);
    const clientIds = Object.values(ofSet()).map(({ args }) => args.clientId);
    const requests = (await world.atlas.requests()).filter(({ clientId }) => clientIds.includes(String(clientId)));
    expect(toOperations(requests).filter((operation) => operation === "createSecret")).toHaveLength(SET.length);
    expect(toOperations(requests)).not.toContain("deleteSecret");
    const set = (await world.stack.secrets()).find(({ urn }) => urn.endsWith("::fleet"));
    const { secrets, records } = (set?.outputs ?? {}) as Record<string, Record<string, unknown>>;
    for (const [name, { value }] of Object.entries(ofSet())) {
      expect(secrets?.[name]).not.toBe(value);
      expect(records?.[name]).toMatchObject({ status: "overlapping", generation: 2 });
    }
  });
});

function readText(file: string): string {
  return readFileSync(join(world.stack.programFolder, file), "utf8");
}

function toCanaries(): Record<string, string> {
  return toValues({ ...world.peers, ...world.terraform, loose: world.loose });
}
