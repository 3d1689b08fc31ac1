/**
 * Moving over on the real engine, by the steps that `atlas-secrets adopt` prints: a stack with the recorded secrets of
 * `@pulumi/mongodbatlas` and twenty grown from them, a state of Terraform, and a value that is piped in. No secret is made or
 * deleted at Atlas, and at the end nothing changes. The chapters follow one another.
 */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { toOperations } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";
import {
  type AdoptionWorld,
  closeAdoptionWorlds,
  createAdoptionWorld,
  type Known,
  READS,
  TERRAFORM_FILE,
} from "./adoption/world.js";

const GROWN = 20;
const OWN_TYPES = "pulumi-nodejs:dynamic/atlas:";
const CONSUMED = ["s0", "s1", "g0", "g19"];

let world: AdoptionWorld;
let before: object;
let after: object;

beforeAll(async () => {
  world = await createAdoptionWorld(GROWN);
  const argsOf = (all: Readonly<Record<string, Known>>) =>
    Object.fromEntries(Object.entries(all).map(([name, { args }]) => [name, args]));
  const declare = (className: string, all: Readonly<Record<string, Known>>) =>
    Object.fromEntries(Object.entries(all).map(([name, { args }]) => [name, { class: className, args }]));
  before = { peers: argsOf(world.peers), isRetained: true, consumed: CONSUMED };
  const rotating = { ...world.terraform, loose: world.loose };
  const ours = {
    ...declare("ProjectServiceAccountSecret", world.peers),
    ...declare("RotatingProjectServiceAccountSecret", rotating),
  };
  after = { ours, consumed: CONSUMED };
});
afterAll(closeAdoptionWorlds);

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
  let [replaced, rotating] = ["", ""];

  it("writes the import files from the stack itself, from Terraform and from a piped value, and asks for the latter alone", async () => {
    const { args, secretId } = world.loose;
    const stackRun = await world.adopt("--stack", "test", "--output", "replaced.json");
    expect(stackRun).toMatchObject({ code: 0, stderr: "" });
    expect(await takeOperations()).toEqual([]);
    const address = `${args.projectId}/${args.clientId}/${secretId}`;
    const piped = ["--piped", address, "--name", "loose"];
    const otherRun = await world.adopt(TERRAFORM_FILE, ...piped, "--rotating", "--output", "rotating.json");
    expect(otherRun).toMatchObject({ code: 0, stderr: "" });
    expect(await takeOperations()).toEqual(["mint", "getAccount"]);
    [replaced, rotating] = [stackRun.stdout, otherRun.stdout];
    for (const file of ["replaced.json", "rotating.json"]) {
      expect(statSync(join(world.stack.programFolder, file)).mode & 0o777).toBe(0o600);
    }
    const file = readFileSync(join(world.stack.programFolder, "replaced.json"), "utf8");
    expect(findCanaries(file, toCanaries())).toEqual([]);
  });

  it("lets the stack forget the old ones: nothing changes but the consumers, which are new in this test", async () => {
    const result = await world.up(before);
    expect(result).toMatchObject({ code: 0 });
    expect(result.text).toMatch(new RegExp(`\\+ ${CONSUMED.length} created\\s+${3 + GROWN + 1} unchanged`));
    expect(new Set(await takeOperations())).toEqual(new Set(["mint"]));
  });

  it("imports, and asks nothing of Atlas", async () => {
    for (const steps of [replaced, rotating]) {
      const command = findCommand(steps, "pulumi import");
      const result = await world.stack.run([...command.split(" ").slice(1), "--stack", "test", "--non-interactive"]);
      expect(result).toMatchObject({ code: 0 });
    }
    expect(await takeOperations()).toEqual([]);
  });

  it("is safe from a run of the old program, which fails and deletes nothing", async () => {
    const result = await world.up(before);
    expect(result.code).not.toBe(0);
    expect(result.text).toContain("because it is protected");
    expect(await takeOperations()).toEqual([]);
    const ours = (world.stack.storedState().resources ?? []).filter(({ type }) => type.startsWith(OWN_TYPES));
    expect(ours).toHaveLength(3 + GROWN + 3 + 1);
  });

  it("swaps the class: the old ones leave the stack and nothing else happens", async () => {
    const result = await world.up(after);
    expect(result).toMatchObject({ code: 0 });
    expect(result.text).toContain(`- ${3 + GROWN} deleted`);
    expect(result.text.match(/deleted .*\[retain\]/g)).toHaveLength(3 + GROWN);
    expect(result.text).not.toMatch(/\d+ (created|updated|replaced)/);
    expect(await takeOperations()).toEqual([]);
    expect(world.peerCalls()).toEqual(["check", "diff"]);
  });

  it("changes nothing from then on, also after the refresh that the steps print", async () => {
    for (const start of ["pulumi refresh", "pulumi preview --expect"]) {
      const [, ...words] = findCommand(rotating, start).split(" ");
      const yes = start === "pulumi refresh" ? ["--yes"] : [];
      const result = await world.stack.run([...words, ...yes, "--stack", "test", "--non-interactive"]);
      expect(result).toMatchObject({ code: 0 });
    }
    const asked = new Set(await takeOperations());
    expect(asked).toContain("mint");
    expect([...asked].filter((operation) => !READS.includes(operation))).toEqual([]);
  });

  it("has kept every value and id, encrypted", async () => {
    const secrets = await world.stack.secrets();
    const found = Object.fromEntries(
      secrets.map(({ urn, outputs }) => [urn.split("::").at(-1), [outputs.secretId, outputs.secret]]),
    );
    const all = { ...world.peers, ...world.terraform, loose: world.loose };
    const expected = Object.fromEntries(
      Object.entries(all).map(([name, { secretId, value }]) => [name, [secretId, value]]),
    );
    expect(found).toEqual(expected);
    const left = (world.stack.storedState().resources ?? []).filter(({ type }) => type.startsWith("mongodbatlas:"));
    expect(left).toEqual([]);
  });

  it("has shown no value, and left none in the backend", () => {
    expect(findCanaries(world.stack.transcript.join("\n"), toCanaries())).toEqual([]);
    expect(findCanaries(world.stack.backendText(), toCanaries())).toEqual([]);
  });
});

function toCanaries(): Record<string, string> {
  const all = { ...world.peers, ...world.terraform, loose: world.loose };
  return Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));
}
