/**
 * Moving over on the real engine from what the official rotation guide of Terraform leaves, and from the service account of
 * `@pulumi/mongodbatlas`, by the steps that `atlas-secrets adopt` prints: the program declares what they declare. No secret is made
 * or deleted at Atlas, but by what was due and adopted with `--due`. The chapters follow one another.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ORG_ID, type RequestRecord } from "pulumi-atlas-secrets-simulator";
import {
  type GuideResource,
  type GuideSecret,
  toAccountResource,
  toGuideState,
  toSecretResource,
} from "../cli/helpers/guide-states.js";
import { HOUR_MS, toOperations } from "../helpers/atlas.js";
import { findCanaries } from "../helpers/canaries.js";
import type { CliResult } from "../helpers/pulumi-stack.js";
import { ACCOUNT_ARGS, type AdoptionWorld, closeAdoptionWorlds, createAdoptionWorld, READS } from "./adoption/world.js";

type Level = "project" | "organization";
type Declared = Record<string, { readonly class: string; readonly args: Readonly<Record<string, unknown>> }>;

const STATE = "guide.tfstate";

let world: AdoptionWorld;
/** What is due when it is adopted, and what the run after that does of it. */
const MADE = ["createSecret", "mint"];
const DUE = [
  { name: "plain", flags: [], says: "replace plain", operations: [...MADE, "deleteSecret"] },
  { name: "rotating", flags: ["--rotating"], says: "rotate rotating", operations: MADE },
];

/** What the printed steps declare, so far. */
const ours: Declared = {};
const known: Record<string, GuideSecret & { readonly value: string }> = {};

beforeAll(async () => {
  world = await createAdoptionWorld(0, "team");
  await learn("secret_1", "organization");
  await learn("solo-initial", "project");
  await learn("s-日本", "project");
  await learn("imported", "project");
  await advance(24 * HOUR_MS);
  await learn("secret_2", "organization", "secret_1");
  // The recorded state names a version of the peer that is not installed.
  const before = await world.up(toProgram());
  if (before.code !== 0) throw new Error(before.text);
});
afterAll(closeAdoptionWorlds);

async function advance(ms: number): Promise<void> {
  await world.atlas.advance(ms);
  world.stack.shiftClock(ms);
}

/** Makes a secret that the server holds, on an account of its own or on that of another. */
async function learn(name: string, level: Level, beside?: string, hours = 720): Promise<void> {
  const number = Object.keys(known).length + 1;
  const { atlas, loose } = world;
  const ownerId = level === "project" ? loose.args.projectId : DEMO_ORG_ID;
  const clientId =
    beside === undefined ? `mdb_sa_id_${`${number}`.padStart(24, "b")}` : (known[beside]?.clientId ?? "");
  if (beside === undefined) await atlas.addAccount({ level, ownerId, clientId });
  const value = `mdb_sa_sk_guideFakeValueOfTheTests-${`${number}`.padStart(14, "x")}`;
  const { id: secretId } = await atlas.createForeignSecret({ level, ownerId, clientId }, { hours, value });
  const nowMs = Date.parse(await atlas.now());
  const [createdAt, expiresAt] = [nowMs, nowMs + hours * HOUR_MS].map(
    (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`,
  );
  known[name] = { secretId, clientId, ownerId, createdAt: `${createdAt}`, expiresAt: `${expiresAt}`, value, hours };
}

function find(name: string): GuideSecret & { readonly value: string } {
  const found = known[name];
  if (!found) throw new Error(`no secret ${name}`);
  return found;
}

/** As a state holds it that was imported, or refreshed. */
function withoutValue({ value: _, hours: _h, ...rest }: GuideSecret): GuideSecret {
  return rest;
}

async function takeOperations(): Promise<string[]> {
  const operations = toOperations(await world.atlas.requests());
  await world.atlas.resetLog();
  return operations;
}

/** Follows printed steps as far as they are Pulumi's: notes what the program is to declare, and imports all of it in one run. */
async function follow(...all: readonly string[]): Promise<void> {
  const imported: ImportFile[] = all.map((steps) => {
    for (const [, className = "", name = "", args = ""] of steps.matchAll(/^ +new (\w+)\("([^"]+)", (\{.*?\})\);/gm)) {
      ours[name] = {
        class: className,
        args: JSON.parse(args.replace(/(\w+): /g, '"$1": ')) as Record<string, unknown>,
      };
    }
    const [, file = ""] = /\$ pulumi import --file (\S+) /.exec(steps) ?? [];
    return JSON.parse(readFileSync(join(world.stack.programFolder, file), "utf8")) as ImportFile;
  });
  const [, command = "", file = ""] = /\$ (pulumi import --file (\S+) .*)$/m.exec(all[0] ?? "") ?? [];
  const resources = imported.flatMap((one) => one.resources);
  writeFileSync(join(world.stack.programFolder, file), JSON.stringify({ ...imported[0], resources }));
  const { code, text } = await runPulumi(command);
  expect([code, code === 0 ? "" : text]).toEqual([0, ""]);
}

interface ImportFile {
  readonly resources: readonly object[];
}

function runPulumi(command: string) {
  const words = command
    .replace(/ --stack \S+/, "")
    .split(" ")
    .slice(1);
  return world.stack.run([...words, "--stack", "test", "--non-interactive", "--color", "never"]);
}

const toProgram = () => ({
  peers: Object.fromEntries(Object.entries(world.peers).map(([name, { args }]) => [name, args])),
  accounts: { team: { ...ACCOUNT_ARGS, projectId: world.loose.args.projectId } },
  ours,
});

function writeState(resources: readonly GuideResource[]): void {
  writeFileSync(join(world.stack.programFolder, STATE), toGuideState(resources));
}

describe("moving over from the rotation guide", () => {
  it("writes an import file for each shape, and asks Atlas for the piped value alone", async () => {
    const japanese = { key: "日本", isTainted: true };
    writeState([
      toAccountResource("organization", "this", [withoutValue(find("secret_1"))]),
      toSecretResource("organization", "secret_1", withoutValue(find("secret_1"))),
      toSecretResource("organization", "secret_2", find("secret_2")),
      toAccountResource("project", "solo", [find("solo-initial")], 720),
      toSecretResource("project", "s", find("s-日本"), japanese),
      toSecretResource("project", "imported", withoutValue(find("imported"))),
    ]);
    const guide = [STATE];
    const { ownerId, clientId, secretId, value } = find("imported");
    const piped = ["--piped", `${ownerId}/${clientId}/${secretId}`, "--name", "piped", "--only", "piped"];
    await takeOperations();
    const runs = [
      await world.adopt("--stack", "test", "--only", "team-initial", "--output", "stack.json"),
      await world.adopt(
        ...guide,
        "--rotating",
        "--only",
        "secret_1",
        "secret_2",
        "--name",
        "shop",
        "--output",
        "pair.json",
      ),
      await world.adopt(...guide, "--only", "solo-initial", "s-日本", "--output", "plain.json"),
    ];
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ""],
      [0, ""],
      [0, ""],
    ]);
    expect(await takeOperations()).toEqual([]);
    runs.push(await world.pipe(value, ...guide, ...piped, "--output", "piped.json"));
    expect(runs[3]).toMatchObject({ code: 0, stderr: "" });
    expect(await takeOperations()).toEqual(["mint", "getAccount"]);
    await follow(...runs.map(({ stdout }) => stdout));
    expect(Object.keys(ours).sort()).toEqual(["piped", "s-日本", "shop", "solo-initial", "team-initial"]);
    expect(await takeOperations()).toEqual([]);
  });

  it("changes nothing with the program that the steps declare: not in the first run, not after the refresh, not before an overlap is over", async () => {
    const first = await world.up(toProgram());
    expect([first.code, first.code === 0 ? "" : first.text]).toEqual([0, ""]);
    expect(first.text).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
    expect(await takeOperations()).toEqual([]);
    expect(await runPulumi("pulumi refresh --yes")).toMatchObject({ code: 0 });
    const asked = new Set(await takeOperations());
    expect(asked).toContain("mint");
    expect([...asked].filter((operation) => !READS.includes(operation))).toEqual([]);
    // The overlap of the pair is nearly over; what will be due is not the stack's yet.
    await advance(18 * HOUR_MS);
    for (const { name } of DUE) await learn(name, "project", undefined, 8);
    await advance(5 * HOUR_MS);
    await takeOperations();
    expect(await world.up(toProgram(), "--expect-no-changes")).toMatchObject({ code: 0 });
    expect(await takeOperations()).toEqual([]);
    expect(world.peerCalls()).toEqual(["check", "diff", "read"]);
  });

  it("has kept every value and id, encrypted, and shown none", async () => {
    const secrets = await world.stack.secrets();
    const found = Object.fromEntries(secrets.map(({ urn, outputs }) => [urn.split("::").at(-1), outputs]));
    const expected = { "team-initial": world.loose, shop: find("secret_2"), piped: find("imported") };
    const same = Object.fromEntries(["solo-initial", "s-日本"].map((name) => [name, find(name)]));
    for (const [name, { secretId, value }] of Object.entries({ ...expected, ...same })) {
      expect(found[name]).toMatchObject({ secretId, secret: value });
    }
    expect(found.shop).toMatchObject({ status: "overlapping", previousSecretId: find("secret_1").secretId });
    const canaries = {
      ...Object.fromEntries(Object.entries(known).map(([name, { value }]) => [name, value])),
      loose: world.loose.value,
    };
    expect(findCanaries(world.stack.transcript.join("\n"), canaries)).toEqual([]);
    expect(findCanaries(world.stack.backendText(), canaries)).toEqual([]);
  });
});

describe("moving over what is due, with --due", () => {
  let result: CliResult;
  let requests: readonly RequestRecord[];

  beforeAll(async () => {
    await advance(2 * HOUR_MS);
    const steps: string[] = [];
    for (const { name, flags, says } of DUE) {
      writeState([toSecretResource("project", name, find(name))]);
      const { code, stdout } = await world.adopt(STATE, "--due", ...flags, "--output", `due-${name}.json`);
      expect(code).toBe(0);
      expect(stdout).toContain(`# must ${says}, and change nothing else`);
      steps.push(stdout);
    }
    await follow(...steps);
    await takeOperations();
    result = await world.up(toProgram());
    requests = await world.atlas.requests();
  });

  it("says that the next run is to replace, or to rotate, and the run does that and no more", () => {
    expect([result.code, result.code === 0 ? "" : result.text]).toEqual([0, ""]);
    const changed = requests.filter(({ operation }) => /Secret$/.test(operation)).map(({ clientId }) => clientId);
    const expected = [...DUE.map(({ name }) => name), "secret_1"];
    expect(new Set(changed)).toEqual(new Set(expected.map((name) => find(name).clientId)));
    for (const { name, operations } of DUE) {
      // The look before a creation may be one at the project's list.
      const own = requests.filter((one) => one.clientId === find(name).clientId && one.operation !== "getAccount");
      expect([name, toOperations(own)]).toEqual([name, operations]);
    }
  });

  it("lets the older secret of a pair go in the same run: its overlap is over and nobody used it, as the steps say", () => {
    const { clientId, secretId } = find("secret_1");
    const own = requests.filter((request) => request.clientId === clientId);
    expect(toOperations(own)).toEqual(["getAccount", "deleteSecret"]);
    expect(own.at(-1)).toMatchObject({ secretId, status: 204 });
  });
});
