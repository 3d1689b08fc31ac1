/**
 * A state as one version of this package wrote it, with what Atlas held then: one resource of each class, one with an explicit
 * provider, and of each rotating one a previous secret in its overlap. Its values are the simulator's, encrypted with the passphrase of
 * every test stack; nothing here is worth hiding.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_ORG_ID,
  DEMO_PROJECT_ID,
  type Inventory,
} from "pulumi-atlas-secrets-simulator";
import { SECRET_CLASSES } from "../../provider/src/rotation/secret-types.js";
import { createWorld, HOUR_MS, type World } from "../helpers/atlas.js";
import type { CliResult, TestProgram } from "../helpers/pulumi-stack.js";

/** Where the recorded states are, by version. */
export const STATES = join(__dirname, "states");

/** The version that is in the checkout. */
export const VERSION = (
  JSON.parse(readFileSync(resolve(__dirname, "../../provider/package.json"), "utf8")) as { version: string }
).version;

/** What is recorded of a version. */
export interface Recording {
  readonly recordedAt: string;
  readonly program: TestProgram;
  /** What Atlas held. */
  readonly accounts: Inventory["accounts"];
  /** What `pulumi stack export` gave. */
  readonly state: {
    readonly deployment: { readonly secrets_providers: { readonly state: { readonly salt: string } } };
  };
}

interface Restored {
  readonly world: World;
  readonly secrets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Brings the stack up, rotates, and returns what is there then. */
export async function record(): Promise<Recording> {
  const world = await createWorld(undefined, {}, { hasPassphrase: true });
  const toProgram = await declare(world);
  await done(world.stack.up(toProgram("one")));
  await world.advance(HOUR_MS);
  await done(world.stack.up(toProgram("two")));
  await world.advance(HOUR_MS);
  // So that the last use is recorded, in the stack's outputs too.
  const program = toProgram("two");
  await done(world.stack.up(program, "--refresh"));
  const { stdout } = await done(world.stack.run(["stack", "export", "--stack", world.stack.name]));
  return {
    recordedAt: await world.atlas.now(),
    program,
    accounts: await listAccounts(world),
    // Without lines of files, which name folders of this machine.
    state: JSON.parse(stdout, (key, value) =>
      ["sourcePosition", "stackTrace"].includes(key) ? undefined : value,
    ) as Recording["state"],
  };
}

/** A world of its own with all of it, at that time, and what the stack records, in plaintext. */
export async function restore({ recordedAt, program, accounts, state }: Recording): Promise<Restored> {
  const world = await createWorld(undefined, {}, { startAt: recordedAt, hasPassphrase: true });
  const { atlas, stack } = world;
  stack.setEnv({ PROGRAM: JSON.stringify(program) });
  const file = join(stack.folder, "recorded.json");
  writeFileSync(file, JSON.stringify(state));
  const { salt } = state.deployment.secrets_providers.state;
  writeFileSync(join(stack.programFolder, `Pulumi.${stack.name}.yaml`), `encryptionsalt: ${salt}\n`);
  await done(stack.run(["stack", "import", "--stack", stack.name, "--file", file]));
  const secrets = await world.recordedAll();
  const values = toValues(secrets);
  for (const { clientId, orgId, projectIds, secrets: held } of accounts) {
    const [projectId] = projectIds;
    const level = projectId === undefined ? "organization" : "project";
    const account = await atlas.addAccount({ level, ownerId: projectId ?? orgId, clientId });
    for (const { id, createdAt, lastUsedAt } of held) {
      await atlas.setTime(createdAt);
      const value = values.get(id);
      const known = { ...(value !== undefined && { value }), ...(lastUsedAt !== undefined && { lastUsedAt }) };
      await atlas.createForeignSecret(account, { id, ...known });
    }
    for (const { id, expiresAt } of held) await atlas.setExpiry(id, expiresAt);
  }
  await atlas.setTime(recordedAt);
  return { world, secrets };
}

/** Values by the ids of their secrets: of single resources and of sets. The file holds them as ciphertext alone. */
function toValues(all: Readonly<Record<string, Record<string, unknown>>>): Map<string, string> {
  const found = Object.values(all).flatMap(({ secretId, secret, secrets = {}, records = {} }) => [
    [secretId, secret],
    ...Object.entries(records as Record<string, { secretId: string }>).map(([name, record]) => [
      record.secretId,
      (secrets as Record<string, unknown>)[name],
    ]),
  ]);
  return new Map(found as [string, string][]);
}

/** What Atlas holds, without its administrator and the account that every world has. */
export async function listAccounts(world: World): Promise<Inventory["accounts"]> {
  const { accounts } = await world.atlas.inventory();
  return accounts.filter(({ clientId }) => ![DEMO_ADMIN_CLIENT_ID, world.clientId].includes(clientId));
}

/** The outputs of the stack, in plaintext. */
export async function readOutputs({ stack }: World): Promise<Record<string, unknown>> {
  const { stdout } = await done(stack.run(["stack", "output", "--json", "--show-secrets", "--stack", stack.name]));
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** What a command printed. @throws Error with it when the command failed */
export async function done(running: Promise<CliResult>): Promise<CliResult> {
  const result = await running;
  if (result.code !== 0) throw new Error(result.text);
  return result;
}

async function declare(world: World): Promise<(ticket: string) => TestProgram> {
  const owners = { project: { projectId: DEMO_PROJECT_ID }, organization: { orgId: DEMO_ORG_ID } };
  const ownerIds = { project: DEMO_PROJECT_ID, organization: DEMO_ORG_ID };
  const add = async (level: keyof typeof owners) => {
    const { clientId } = await world.atlas.addAccount({ level, ownerId: ownerIds[level] });
    return { ...owners[level], clientId };
  };
  const secrets: [string, TestProgram["secrets"][string]][] = [];
  for (const { className, level, isSet } of SECRET_CLASSES) {
    const account = isSet ? { accounts: { one: await add(level), other: await add(level) } } : await add(level);
    secrets.push([className, { class: className, args: { ...account, secretExpiresAfterHours: 720 } }]);
  }
  const args = { ...(await add("project")), secretExpiresAfterHours: 720 };
  secrets.push(["WithProvider", { provider: "explicit", args }]);
  const rotating = SECRET_CLASSES.filter(({ isRotating }) => isRotating).map(({ className }) => className);
  return (ticket) => ({
    consumers: false,
    providers: { explicit: { clientId: DEMO_ADMIN_CLIENT_ID, clientSecret: DEMO_ADMIN_SECRET } },
    secrets: Object.fromEntries(
      secrets.map(([name, declared]) => {
        const triggers = { ticket: rotating.includes(name) ? ticket : "one" };
        return [name, { ...declared, args: { ...declared.args, triggers } }];
      }),
    ),
  });
}
