/** The world of the adoption test: the recorded state and resources grown from it, in a stack of the real CLI. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Simulator } from "pulumi-atlas-secrets-simulator";
import {
  changeExport,
  isNamed,
  RECORDED_MS,
  type RecordedResource,
  STACK_SECRETS,
  TERRAFORM_SECRETS,
  TERRAFORM_STATE,
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
  /** Those of the recorded state of Terraform, by the names that they get; it lies in the program's folder, as `TERRAFORM_FILE`. */
  readonly terraform: Readonly<Record<string, Known>>;
  /** One that nothing records. */
  readonly loose: Known;
  /** Runs the program. */
  up(program: object, ...flags: string[]): Promise<CliResult>;
  preview(program: object): Promise<CliResult>;
  /** Runs `atlas-secrets` as it is installed, in the program's folder; the value of `loose` is on its standard input. */
  adopt(...args: string[]): Promise<CliResult>;
  /** The same with another value on its standard input. */
  pipe(value: string, ...args: string[]): Promise<CliResult>;
  /** Calls of the stand-in, by their names. */
  peerCalls(): string[];
}

/** What a refresh may ask of Atlas, beside the mint of its own token. */
export const READS = ["mint", "getAccount", "listAccounts"];

export const TERRAFORM_FILE = "terraform.tfstate";

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

/**
 * Makes it: the stack holds the three recorded secrets and `grownCount` more, each with a value of its own.
 *
 * @param account name of a service account in it that lists its initial secret, which is `loose`
 */
export async function createAdoptionWorld(grownCount: number, account?: string): Promise<AdoptionWorld> {
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
  writeFileSync(
    join(stack.programFolder, TERRAFORM_FILE),
    withServerIds(readFileSync(TERRAFORM_STATE, "utf8"), terraform),
  );
  await importState(stack, peers, account === undefined ? [] : [toListing(account, loose)]);
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
    adopt: (...args) => runAdopt(stack, loose.value, args),
    pipe: (value, ...args) => runAdopt(stack, value, args),
    peerCalls: () => {
      const path = stack.environment.PEER_CALLS ?? "";
      const lines = existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
      return [...new Set(lines.map((line) => line.split(" ")[0] ?? ""))].sort();
    },
  };
}

async function learn(atlas: Simulator, recorded: (typeof STACK_SECRETS)[number]): Promise<Known> {
  const { groupId, clientId, secret } = recorded;
  const secretId = await teach(atlas, groupId, clientId, secret);
  return { args: { projectId: groupId, clientId, secretExpiresAfterHours: 720 }, value: secret, secretId };
}

/** A recorded state with the ids that the simulator has given its secrets. */
function withServerIds(text: string, known: Readonly<Record<string, Known>>): string {
  return [...STACK_SECRETS, ...TERRAFORM_SECRETS].reduce((changed, { id, clientId }) => {
    const found = Object.values(known).find(({ args }) => args.clientId === clientId);
    return found ? changed.replaceAll(id, found.secretId) : changed;
  }, text);
}

async function grow(atlas: Simulator, projectId: string, number: number): Promise<Known> {
  const [clientId, value] = [toClientId(number), toValue(number)];
  const secretId = await teach(atlas, projectId, clientId, value);
  return { args: { projectId, clientId, secretExpiresAfterHours: 720 }, value, secretId };
}

async function createStack(atlas: Simulator): Promise<PulumiStack> {
  // The passphrase of the recorded state.
  const env = { ...adminEnvironment(atlas), PULUMI_CONFIG_PASSPHRASE: "fixture" };
  const packages = ["@pulumi/mongodbatlas"];
  const stack = await PulumiStack.create({ env, program: __dirname, packages, hasPassphrase: true });
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
async function importState(
  stack: PulumiStack,
  peers: Readonly<Record<string, Known>>,
  accounts: readonly RecordedResource[],
): Promise<void> {
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
  const all = { ...recorded, deployment: { ...recorded.deployment, resources: [...resources, ...accounts, ...grown] } };
  const text = withServerIds(JSON.stringify(all), peers)
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

/** What the service account that a program can declare takes. */
export const ACCOUNT_ARGS = { name: "team", description: "Of the test", roles: ["GROUP_READ_ONLY"] };

/** A service account of `@pulumi/mongodbatlas` that lists its secret, the value in clear, which the CLI encrypts. */
function toListing(name: string, { args, value, secretId }: Known): RecordedResource {
  const type = "mongodbatlas:index/projectServiceAccount:ProjectServiceAccount";
  const inputs = { ...ACCOUNT_ARGS, projectId: args.projectId };
  const secret = { [MARK]: "1b47061264138c4ac30d75fd1eb44270", plaintext: JSON.stringify(value) };
  const times = { createdAt: "2026-11-23T22:46:31Z", expiresAt: "2026-12-23T22:46:31Z" };
  return {
    urn: `urn:pulumi:dev::b::${type}::${name}`,
    type,
    custom: true,
    id: args.clientId,
    inputs,
    outputs: { ...inputs, clientId: args.clientId, secrets: [{ secretId, secret, ...times }] },
    parent: "urn:pulumi:dev::b::pulumi:pulumi:Stack::b-dev",
    provider: "urn:pulumi:dev::b::pulumi:providers:mongodbatlas::default_4_14_0::56a06df8-7ac4-4488-9506-62a89483223e",
  };
}

const MARK = "4dabf18193072939515e22adb298388d";

async function runAdopt(stack: PulumiStack, value: string, args: readonly string[]): Promise<CliResult> {
  const [bin, input] = [join(ROOT, "cli/bin/atlas-secrets.cjs"), join(dirname(stack.programFolder), "value.txt")];
  writeFileSync(input, `${value}\n`);
  const line = ["node", bin, "adopt", ...args].map((word) => `'${word}'`).join(" ");
  const result = await stack.shell(`${line} < '${input}'`);
  stack.transcript.push(result.text);
  return result;
}
