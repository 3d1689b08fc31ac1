/** `atlas-secrets remove`: deletes one secret that no state records and nobody uses, such as one that a killed run left. */
import type { Command } from "commander";
import { findAccount, type ProviderProcess, removeSecret } from "pulumi-atlas-secrets/internal/account";
import { listRecorded } from "pulumi-atlas-secrets/records";
import {
  type AccountRef,
  type AccountView,
  decideRemoval,
  describeSecret,
  findSecret,
  type RemovalPurpose,
} from "pulumi-atlas-secrets/rotation";
import { askYes } from "../ask.js";
import { withProcess } from "../atlas-process.js";
import { gather } from "../audit/gather.js";
import type { Inventory, RecordedResource } from "../audit/inventory.js";
import type { RegisterCommand } from "../command.js";
import type { Environment } from "../environment.js";
import { ExitCode } from "../exit-codes.js";
import { CliFailure } from "../failure.js";
import { startProgress } from "../progress.js";
import { parseSecretAddress, type SecretAddress } from "../secret-address.js";
import { collect } from "../sources/source-options.js";
import { describeAccount } from "../wording.js";

interface Options {
  readonly organization?: true;
  readonly state?: readonly string[];
  readonly stack?: readonly string[];
  readonly allStacks?: true;
  readonly force?: string;
  readonly yes?: true;
}

const EXAMPLES = `
Examples:
  $ atlas-secrets remove PROJECT/CLIENT/SECRET --all-stacks
  $ pulumi stack export | atlas-secrets remove PROJECT/CLIENT/SECRET --state - --yes
  $ atlas-secrets remove ORGANIZATION/CLIENT/SECRET --organization --stack organization/shop/prod --force SECRET

Exit codes: 0 deleted, or not there any more; 2 not deleted.
`;

export const registerRemove: RegisterCommand = (program, { environment, finish }) => {
  addOptions(program.command("remove"))
    .description(
      "Delete one secret at Atlas that no state records and nobody uses, such as one that a killed run left.",
    )
    .addHelpText("after", EXAMPLES)
    .action(async (address: string, options: Options) => {
      await remove(
        parseSecretAddress(address, options.organization ? "organization" : "project"),
        options,
        environment,
      );
      finish(ExitCode.Clean);
    });
};

function addOptions(command: Command): Command {
  return command
    .argument("<PROJECT/CLIENT/SECRET>", "the secret, as messages and resource ids name it")
    .option("--organization", "it belongs to an organization's service account: ORGANIZATION/CLIENT/SECRET")
    .option("--state <file>", "what 'pulumi stack export' wrote; - for standard input; repeatable", collect)
    .option("--stack <name>", "read the state of this stack from the backend; repeatable", collect)
    .option("--all-stacks", "read the state of every stack of the backend")
    .option("--force <SECRET>", "delete it although it is recorded or was used: its id again")
    .option("--yes", "do not ask");
}

async function remove(address: SecretAddress, options: Options, environment: Environment): Promise<void> {
  const { secretId } = address;
  if (options.force !== undefined && options.force !== secretId) {
    throw new CliFailure("Nothing was deleted: the id after --force is not that of the secret.");
  }
  const inventory = await fetchRecords(options, environment);
  const report = (line: string) => void environment.stdout.write(`${line}\n`);
  await withProcess("atlas-secrets remove", environment, report, (process) =>
    removeBy(process, inventory, { address, options, environment }),
  );
}

async function removeBy(
  process: ProviderProcess,
  inventory: Inventory,
  { address, options, environment }: { address: SecretAddress; options: Options; environment: Environment },
): Promise<void> {
  const { secretId, ...account } = address;
  const { stdin, stdout } = environment;
  noteRecords(process, inventory);
  const view = await look(process, account, secretId);
  stdout.write(`${toFacts(view, secretId, inventory)}\n`);
  const purpose = toPurpose(secretId, options.force, inventory);
  const first = decideRemoval({ secretId, purpose, view, nowMs: process.clock.now() });
  if (first.action === "keep") throw new CliFailure(first.message);
  if (first.action === "gone") return void stdout.write(`${first.message}\n`);
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
  stdout.write(`${describeRest(await look(process, account, secretId), secretId)}\n`);
}

/** The states and outputs that were named; Atlas is not asked for lists. */
async function fetchRecords(options: Options, environment: Environment): Promise<Inventory> {
  const { state: files = [], stack: stacks = [], allStacks: hasAllStacks = false } = options;
  const progress = await startProgress("Reading", environment);
  try {
    const offline = { isLive: false, owners: [], credentials: new Map<string, string>(), hasUnmanaged: false };
    const selection = { files, stacks, hasAllStacks, mustBeState: true, ...offline };
    return (await gather(selection, environment, progress)).inventory;
  } finally {
    progress.end();
  }
}

/** Tells the provider's process what every state records. */
function noteRecords({ known }: ProviderProcess, { resources }: Inventory): void {
  for (const { reading, isPendingDeletion, source, location } of resources) {
    const secrets = listRecorded(reading).map(({ secretId, role }) => {
      return { secretId, role: isPendingDeletion ? "pending-deletion" : role } as const;
    });
    known.noteRecord(reading.account.clientId, `${source} ${location}`, secrets);
  }
}

function toPurpose(
  secretId: string,
  forcedId: string | undefined,
  { resources, sources, unreadSources }: Inventory,
): RemovalPurpose {
  const locations = listStatements(secretId, resources).map(
    ({ role, resource }) => `${resource.location} (${resource.source}, ${role})`,
  );
  return {
    kind: "by-hand",
    locations: [...new Set(locations)],
    stateCount: sources.length,
    unread: unreadSources.map(({ source, message }) => `${source}: ${message}`),
    forcedId,
  };
}

/** Which resources record the secret, and as what, whatever account they name. */
function listStatements(secretId: string, resources: readonly RecordedResource[]) {
  return resources.flatMap((resource) =>
    listRecorded(resource.reading)
      .filter((recorded) => recorded.secretId === secretId)
      .map(({ role }) => ({ role: resource.isPendingDeletion ? "pending-deletion" : role, resource })),
  );
}

async function look(process: ProviderProcess, account: AccountRef, secretId: string): Promise<AccountView> {
  const view = await findAccount(process, process.begin(), account, `secret ${secretId} may go`);
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
