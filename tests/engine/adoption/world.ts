/** The world of the adoption test: the recorded state and resources grown from it, in a stack of the real CLI. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Simulator } from "atlas-simulator";
import {
  changeExport,
  isNamed,
  RECORDED_MS,
  type RecordedResource,
  STACK_SECRETS,
  TERRAFORM_SECRETS,
} from "../../cli/helpers/recorded.js";
import { startCheckedSimulator } from "../../contract/checked-simulator.js";
import { adminEnvironment } from "../../helpers/atlas.js";
import { type CliResult, PulumiStack } from "../../helpers/pulumi-stack.js";

const ROOT = resolve(__dirname, "../../..");
const PLUGIN = join(__dirname, "peer-plugin.js");

/** Arguments of a secret, in the peer's class and in ours. */
export interface Args {
  readonly projectId: string;
  readonly clientId: string;
  readonly secretExpiresAfterHours: number;
}

/** A secret that the server holds. */
export interface Known {
  readonly args: Args;
  readonly value: string;
  /** As the state records it. */
  readonly secretId: string;
}

/** Everything that the test works with. */
export interface AdoptionWorld {
  readonly atlas: Simulator;
  readonly stack: PulumiStack;
  /** The secrets of `@pulumi/mongodbatlas` in the stack, by name. */
  readonly peers: Readonly<Record<string, Known>>;
  /** Those of the recorded state of Terraform, by the names that they get. */
  readonly terraform: Readonly<Record<string, Known>>;
  /** One that nothing records. */
  readonly loose: Known;
  /** Runs the program. */
  up(program: object, ...flags: string[]): Promise<CliResult>;
  preview(program: object): Promise<CliResult>;
  /** Runs `atlas-secrets` as it is installed, in the program's folder; the value of `loose` is on its standard input. */
  adopt(...args: string[]): Promise<CliResult>;
  /** Calls of the stand-in, by their names. */
  peerCalls(): string[];
}

/** The account of a secret on the server, which then knows the value. */
async function teach(atlas: Simulator, ownerId: string, clientId: string, value: string): Promise<string> {
  await atlas.addAccount({ level: "project", ownerId, clientId });
  return (await atlas.createForeignSecret({ level: "project", ownerId, clientId }, { hours: 720, value })).id;
}

const toClientId = (number: number) => `mdb_sa_id_${String(number).padStart(24, "0")}`;
const toValue = (number: number) => `mdb_sa_sk_grownFakeValueOfTheTests-${String(number).padStart(14, "x")}`;

/** What has to be undone, latest first; also when a world was made by half. */
const cleanups: (() => unknown)[] = [];

/** Ends every world. */
export async function closeAdoptionWorlds(): Promise<void> {
  for (const undo of cleanups.splice(0).reverse()) await undo();
}

/** Makes it: the stack holds the three recorded secrets and `grownCount` more, each with a value of its own. */
export async function createAdoptionWorld(grownCount: number): Promise<AdoptionWorld> {
  const atlas = await startCheckedSimulator({
    startAt: new Date(RECORDED_MS).toISOString(),
    switches: { mintLimitPerMinute: null },
  });
  cleanups.push(() => atlas.close());
  const stack = await createStack(atlas);
  const peers: Record<string, Known> = {};
  const terraform: Record<string, Known> = {};
  for (const [index, recorded] of STACK_SECRETS.entries()) peers[`s${index}`] = await learn(atlas, recorded);
  for (const [index, recorded] of TERRAFORM_SECRETS.entries()) terraform[`s-${index}`] = await learn(atlas, recorded);
  const { projectId } = peers.s0?.args ?? { projectId: "" };
  for (let number = 0; number < grownCount; number++) peers[`g${number}`] = await grow(atlas, projectId, number);
  const loose = await grow(atlas, projectId, grownCount);
  await importState(stack, peers);
  const run = (command: string, program: object, flags: readonly string[]) => {
    stack.setEnv({ PROGRAM: JSON.stringify(program) });
    return stack.run([command, ...flags, "--stack", "test", "--non-interactive", "--color", "never"]);
  };
  return {
    atlas,
    stack,
    peers,
    terraform,
    loose,
    up: (program, ...flags) => run("up", program, ["--yes", "--skip-preview", ...flags]),
    preview: (program) => run("preview", program, []),
    adopt: (...args) => runAdopt(stack, loose, args),
    peerCalls: () => {
      const path = stack.environment.PEER_CALLS ?? "";
      const lines = existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
      return [...new Set(lines.map((line) => line.split(" ")[0] ?? ""))].sort();
    },
  };
}

async function learn(atlas: Simulator, recorded: (typeof STACK_SECRETS)[number]): Promise<Known> {
  const { groupId, clientId, secret, id } = recorded;
  await teach(atlas, groupId, clientId, secret);
  return { args: { projectId: groupId, clientId, secretExpiresAfterHours: 720 }, value: secret, secretId: id };
}

async function grow(atlas: Simulator, projectId: string, number: number): Promise<Known> {
  const [clientId, value] = [toClientId(number), toValue(number)];
  const secretId = await teach(atlas, projectId, clientId, value);
  return { args: { projectId, clientId, secretExpiresAfterHours: 720 }, value, secretId };
}

async function createStack(atlas: Simulator): Promise<PulumiStack> {
  // The passphrase of the recorded state.
  const env = { ...adminEnvironment(atlas), PULUMI_CONFIG_PASSPHRASE: "fixture" };
  const stack = await PulumiStack.create({ env, program: __dirname, packages: ["@pulumi/mongodbatlas"] });
  cleanups.push(() => stack.remove());
  stack.shiftClock(RECORDED_MS - Date.now());
  stack.setEnv({ PEER_CALLS: join(stack.folder, "peer-calls.txt") });
  copyFileSync(join(ROOT, "tests/engine/program/sign-in.js"), join(stack.programFolder, "sign-in.js"));
  const { version } = require("@pulumi/mongodbatlas/package.json") as { version: string };
  const folder = join(stack.folder, `home/plugins/resource-mongodbatlas-v${version}`);
  mkdirSync(folder, { recursive: true });
  const launcher = join(folder, "pulumi-resource-mongodbatlas");
  writeFileSync(launcher, `#!/bin/sh\nexec node "${PLUGIN}" "$@"\n`);
  chmodSync(launcher, 0o755);
  return stack;
}

/** Puts the recorded state, with what grew from it, into the stack: values in clear, which the CLI encrypts. */
async function importState(stack: PulumiStack, peers: Readonly<Record<string, Known>>): Promise<void> {
  const recorded = JSON.parse(changeExport((resource) => resource)) as {
    deployment: {
      resources: RecordedResource[];
      secrets_providers: { state: { salt: string } };
    };
  };
  const { resources, secrets_providers: keys } = recorded.deployment;
  const seed = resources.find((resource) => isNamed(resource, "s0"));
  if (!seed) throw new Error("the recorded state lacks s0");
  const grown = Object.entries(peers)
    .filter(([name]) => name.startsWith("g"))
    .map(([name, known]) => toGrown(seed, name, known));
  const all = { ...recorded, deployment: { ...recorded.deployment, resources: [...resources, ...grown] } };
  const text = JSON.stringify(all)
    .replaceAll("urn:pulumi:dev::b::", "urn:pulumi:test::engine-test::")
    .replaceAll("pulumi:pulumi:Stack::b-dev", "pulumi:pulumi:Stack::engine-test-test");
  const path = join(stack.folder, "grown-state.json");
  writeFileSync(path, text);
  writeFileSync(join(stack.programFolder, "Pulumi.test.yaml"), `encryptionsalt: ${keys.state.salt}\n`);
  const { code, text: said } = await stack.run(["stack", "import", "--stack", "test", "--file", path]);
  if (code !== 0) throw new Error(`stack import failed: ${said}`);
}

function toGrown(seed: RecordedResource, name: string, { args, value, secretId }: Known): RecordedResource {
  const secret = { ...(seed.outputs?.secret as object), ciphertext: undefined, plaintext: JSON.stringify(value) };
  const { clientId } = args;
  return {
    ...seed,
    urn: seed.urn.replace(/s0$/, name),
    inputs: { ...seed.inputs, clientId },
    outputs: { ...seed.outputs, clientId, secretId, secret },
  };
}

async function runAdopt(stack: PulumiStack, loose: Known, args: readonly string[]): Promise<CliResult> {
  const [bin, input] = [join(ROOT, "cli/bin/atlas-secrets.cjs"), join(dirname(stack.programFolder), "value.txt")];
  writeFileSync(input, `${loose.value}\n`);
  const line = ["node", bin, "adopt", ...args].map((word) => `'${word}'`).join(" ");
  const result = await stack.shell(`${line} < '${input}'`);
  stack.transcript.push(result.text);
  return result;
}
