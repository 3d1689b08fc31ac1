/** `atlas-secrets remove`: deletes one secret that no state records and nobody uses, such as one that a killed run left. */
import { Option } from "commander";
import { findAccount, type ProviderProcess, removeSecret } from "pulumi-atlas-secrets/internal/account";
import {
  type AccountRef,
  type AccountView,
  decideRemoval,
  describeSecret,
  findSecret,
  type RemovalPurpose,
} from "pulumi-atlas-secrets/rotation";
import { parseSecretAddress, type SecretAddress } from "../address.js";
import { askYes } from "../ask.js";
import { withProcess } from "../atlas-process.js";
import { gather } from "../audit/gather.js";
import { type Inventory, listRoles, type RecordedResource } from "../audit/inventory.js";
import type { CommandDefinition } from "../command.js";
import { type Environment, writeLines } from "../environment.js";
import { ExitCode } from "../exit-codes.js";
import { CliFailure } from "../failure.js";
import { OPTIONS, type SourceOptions } from "../options.js";
import { withProgress } from "../progress.js";
import { hintCredential, toAddressed } from "../sources/credentials.js";
import { describeAccount } from "../wording.js";

interface Options extends Pick<SourceOptions, "organization" | "stack" | "allStacks" | "credential"> {
  readonly force?: string;
  readonly yes?: true;
}

export const removeCommand: CommandDefinition = {
  name: "remove",
  description: "Delete one secret at Atlas that no state records and nobody uses, such as one that a killed run left.",
  operands: [
    ["<PROJECT/CLIENT/SECRET>", "the secret, as messages and resource ids name it"],
    ["[files...]", "states that 'pulumi stack export' wrote; - for standard input"],
  ],
  options: [
    OPTIONS.organization,
    OPTIONS.stack,
    OPTIONS.allStacks,
    OPTIONS.credential,
    new Option("--force <SECRET>", "delete it although it is recorded or was used: its id again"),
    OPTIONS.yes,
  ],
  examples: [
    "atlas-secrets remove PROJECT/CLIENT/SECRET --all-stacks",
    "pulumi stack export | atlas-secrets remove PROJECT/CLIENT/SECRET - --yes",
    "atlas-secrets remove ORGANIZATION/CLIENT/SECRET --organization ORGANIZATION --all-stacks --force SECRET",
  ],
  exitCodes: "0 deleted, or not there any more; 2 not deleted",
  async run([text = "", ...files], options: Options, environment) {
    const { organization = [] } = options;
    const address = parseSecretAddress(text, organization);
    if (organization.length > 0 && address.level === "project") {
      throw new CliFailure("Nothing was deleted: --organization names another id than the address begins with.");
    }
    await remove(address, files, options, environment);
    return ExitCode.Clean;
  },
};

async function remove(
  address: SecretAddress,
  files: readonly string[],
  options: Options,
  environment: Environment,
): Promise<void> {
  const { secretId } = address;
  if (options.force !== undefined && options.force !== secretId) {
    throw new CliFailure("Nothing was deleted: the id after --force is not that of the secret.");
  }
  const inventory = await fetchRecords(files, options, environment);
  const report = (line: string) => writeLines(environment.stdout, line);
  const { env, now, sleep } = environment;
  const signer = { env, now, sleep, prefix: options.credential?.get(address.ownerId) };
  await withProcess("atlas-secrets remove", signer, report, (process) =>
    removeBy(process, inventory, { address, options, environment }),
  );
}

async function removeBy(
  process: ProviderProcess,
  inventory: Inventory,
  { address, options, environment }: { address: SecretAddress; options: Options; environment: Environment },
): Promise<void> {
  const { secretId, ...rest } = address;
  const account = toAddressed(rest, options.credential ?? new Map());
  const { stdin, stdout } = environment;
  noteRecords(process, inventory);
  const view = await look(process, account, secretId);
  writeLines(stdout, toFacts(view, secretId, inventory));
  const purpose = toPurpose(secretId, options.force, inventory);
  const first = decideRemoval({ secretId, purpose, view, nowMs: process.clock.now() });
  if (first.action === "keep") throw new CliFailure(first.message);
  if (first.action === "gone") return writeLines(stdout, first.message);
  if (!options.yes && !stdin.isTTY) {
    throw new CliFailure("Nothing was deleted: there is no terminal to ask on; add --yes to go on without.");
  }
  if (!options.yes && !(await askYes(`Delete secret ${secretId}?`, environment))) {
    throw new CliFailure("Nothing was deleted: the answer was not yes.");
  }
  // Looks once more: what was recorded or used meanwhile counts. What is decided then is shown.
  const { verdict } = await process.locks.runExclusive(account.clientId, () =>
    removeSecret(process, process.begin(), { account, secretId, purpose }),
  );
  if (verdict.action === "keep") throw new CliFailure(`Secret ${secretId} was not deleted.`);
  stdout.write(
    verdict.action === "delete" ? `Secret ${secretId} is deleted.\n` : `Secret ${secretId} was gone already.\n`,
  );
  writeLines(stdout, describeRest(await look(process, account, secretId), secretId));
}

/** The states and outputs that were named; Atlas is not asked for lists. */
async function fetchRecords(
  files: readonly string[],
  { stack: stacks = [], allStacks }: Options,
  environment: Environment,
): Promise<Inventory> {
  const offline = { isLive: false, owners: [], credentials: new Map<string, string>(), hasUnmanaged: false };
  const selection = { files, stacks, hasAllStacks: allStacks === true, mustBeState: true, ...offline };
  const { inventory } = await withProgress(environment, (progress) => gather(selection, environment, progress));
  return inventory;
}

/** Tells the provider's process what every state records. */
function noteRecords({ known }: ProviderProcess, { resources }: Inventory): void {
  for (const resource of resources) {
    const { reading, source, location } = resource;
    known.noteRecord(reading.account.clientId, `${source} ${location}`, listRoles(resource));
  }
}

function toPurpose(
  secretId: string,
  forcedId: string | undefined,
  { resources, sources, unreadSources }: Inventory,
): RemovalPurpose {
  const records = listStatements(secretId, resources).map(({ role, resource }) => {
    return { role, where: `${resource.location} (${resource.source}, ${role})` };
  });
  return {
    kind: "by-hand",
    records,
    stateCount: sources.length,
    unread: unreadSources.map(({ source, message }) => `${source}: ${message}`),
    forcedId,
  };
}

/** Which resources record the secret, and as what, whatever account they name. */
function listStatements(secretId: string, resources: readonly RecordedResource[]) {
  return resources.flatMap((resource) =>
    listRoles(resource)
      .filter((recorded) => recorded.secretId === secretId)
      .map(({ role }) => ({ role, resource })),
  );
}

async function look(process: ProviderProcess, account: AccountRef, secretId: string): Promise<AccountView> {
  const view = await findAccount(process, process.begin(), account, `secret ${secretId} may go`).catch((error) => {
    const hint = hintCredential(error, account);
    throw hint === "" ? error : new CliFailure(`${error.message}${hint}`);
  });
  if (view) return view;
  throw new CliFailure(
    `${describeAccount(account)} is not in its ${account.level}'s list: unassigned or deleted. Nothing was deleted; secrets of an ` +
      "unassigned account live on at organization level.",
  );
}

function toFacts(view: AccountView, secretId: string, { sources, resources }: Inventory): string {
  const secret = findSecret(view, secretId);
  const what = secret ? `Secret ${describeSecret(secret)}` : `Secret ${secretId}`;
  const lines = listStatements(secretId, resources).map(
    ({ role, resource }) => `  recorded as ${role} in ${resource.source}: ${resource.location}`,
  );
  const names = sources.map(({ name }) => name).join(", ");
  if (sources.length === 0) lines.push("  no state was read");
  else if (lines.length === 0) lines.push(`  recorded in none of: ${names}`);
  return [what, ...lines, describeRest(view, secretId)].join("\n");
}

/** What the account holds besides, and what each is to the states. */
function describeRest({ account, secrets }: AccountView, secretId: string): string {
  const others = secrets.filter(({ id }) => id !== secretId).map((one) => `${describeSecret(one)}, ${one.role}`);
  return `${describeAccount(account)} holds ${others.length === 0 ? "no other secret" : `also ${others.join(" and ")}`}.`;
}
