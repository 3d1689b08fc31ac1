/** `atlas-secrets remove`: deletes one secret that nobody records and nobody uses, such as one that a killed run left. */
import type { Command } from "commander";
import {
  fetchAccountSighting,
  type Look,
  mayBeConfigured,
  removeIfAllowed,
} from "pulumi-atlas-secrets/internal/account";
import { describeAccount as nameAccount } from "pulumi-atlas-secrets/internal/atlas";
import { describeSecret, type HeldSecret } from "pulumi-atlas-secrets/rotation";
import { type AtlasSession, openAtlas } from "../atlas-session.js";
import { type Statement, toStatements } from "../audit/accounts.js";
import { gather } from "../audit/gather.js";
import type { Inventory } from "../audit/inventory.js";
import type { RegisterCommand } from "../command.js";
import { ExitCode } from "../exit-codes.js";
import { CliFailure } from "../failure.js";
import { startProgress } from "../progress.js";
import { askYes } from "../removal/ask.js";
import { decideHandRemoval, type RemovalDecision } from "../removal/decide.js";
import { parseSecretAddress, type SecretAddress } from "../secret-address.js";
import { collect } from "../sources/source-options.js";
import type { Environment } from "../environment.js";
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
      "Delete one secret at Atlas that no stack records and nobody uses, such as one that a killed run left.",
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
    .option("--state <file>", "what 'pulumi stack export' wrote; - for standard input; may be given again", collect)
    .option("--stack <name>", "read the state of this stack from the backend; may be given again", collect)
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
  const session = openAtlas("atlas-secrets remove", environment);
  const decide = toDecide(address, options, inventory, session);
  const first = decide(await lookAt(address, session));
  environment.stdout.write(`${toFacts(address, first.held, inventory)}\n`);
  if (first.decision.action === "refuse") throw new CliFailure(first.decision.message);
  if (first.decision.action === "gone") return void environment.stdout.write(`${first.decision.message}\n`);
  if (!options.yes && !(await askYes(`Delete secret ${secretId}?`, environment))) {
    throw new CliFailure("Nothing was deleted: the answer was not yes.");
  }
  await removeNow(address, decide, session, environment);
  environment.stdout.write(`Secret ${secretId} is deleted.\n`);
  const left = (await lookAt(address, session)).held.filter(({ id }) => id !== secretId);
  environment.stdout.write(`${toRest(address, left)}\n`);
}

/** The states and outputs that were named; Atlas is not asked for lists. */
async function fetchRecords(options: Options, environment: Environment): Promise<Inventory> {
  const { state: files = [], stack: stacks = [], allStacks: hasAllStacks = false } = options;
  const progress = await startProgress("Reading", environment);
  try {
    const selection = { files, stacks, hasAllStacks, isLive: false, owners: [] };
    return (await gather(selection, environment, progress)).inventory;
  } finally {
    progress.end();
  }
}

interface Judged {
  readonly held: readonly HeldSecret[];
  readonly decision: RemovalDecision;
}

/** The decision on a look: it is made again for the look right before the deletion. */
function toDecide(address: SecretAddress, { force }: Options, inventory: Inventory, session: AtlasSession) {
  const { clientId, secretId } = address;
  const { credential, clock } = session;
  const configured =
    credential.kind === "service-account"
      ? { clientId: credential.clientId, secret: credential.clientSecret }
      : undefined;
  const statements = findStatements(address, inventory);
  return ({ held, serverAheadMs }: Look): Judged => ({
    held,
    decision: decideHandRemoval({
      secretId,
      held,
      statements,
      sourceCount: inventory.sources.length,
      unreadSources: inventory.unreadSources.map(({ message }) => message),
      mayBeConfigured: (target) => mayBeConfigured({ ...target, clientId }, configured),
      ...(serverAheadMs !== undefined && { serverNowMs: clock.now() + serverAheadMs }),
      ...(force !== undefined && { forcedId: force }),
    }),
  });
}

function findStatements({ secretId }: SecretAddress, { records }: Inventory): Statement[] {
  return records.flatMap(toStatements).filter(({ secret }) => secret.secretId === secretId);
}

async function lookAt(address: SecretAddress, { begin, clock }: AtlasSession): Promise<Look> {
  const sighting = await fetchAccountSighting(begin().client, address, `secret ${address.secretId} may go`);
  if (sighting.kind === "account-missing") {
    throw new CliFailure(
      `${describeAccount(address)} is not in its ${address.level}'s list: unassigned or deleted. Nothing was deleted; secrets of an ` +
        "unassigned account live on at organization level.",
    );
  }
  const { secrets: held, serverTimeMs } = sighting;
  return serverTimeMs === undefined ? { held } : { held, serverAheadMs: serverTimeMs - clock.now() };
}

/** Deletes it by the provider's own way: after a look that was made since the last write, whose verdict counts. */
async function removeNow(
  address: SecretAddress,
  decide: (look: Look) => Judged,
  { begin, clock }: AtlasSession,
  { stdout }: Environment,
): Promise<void> {
  const { client, operation } = begin();
  const report = (line: string) => void stdout.write(`${line}\n`);
  const request = {
    account: address,
    secretId: address.secretId,
    toCreatedHere: () => [],
    decide: (look: Look) => {
      const { decision } = decide(look);
      if (decision.action === "refuse") throw new CliFailure(decision.message);
      return decision.action === "delete"
        ? { action: "delete" as const, message: "" }
        : { action: "forget" as const, message: decision.message };
    },
  };
  await removeIfAllowed(request, { client, clock, operation, report });
}

function toFacts(address: SecretAddress, held: readonly HeldSecret[], inventory: Inventory): string {
  const secret = held.find(({ id }) => id === address.secretId);
  const what = secret ? `Secret ${describeSecret(secret)}` : `Secret ${address.secretId}`;
  const statements = findStatements(address, inventory);
  const names = inventory.sources.map(({ name }) => name).join(", ");
  const lines = statements.map(({ role, record }) => `  recorded as ${role} in ${record.source}: ${record.place}`);
  if (inventory.sources.length === 0) lines.push("  no state was read");
  else if (statements.length === 0) lines.push(`  recorded in none of: ${names}`);
  return [`${what} of ${nameAccount(address)}`, ...lines].join("\n");
}

function toRest(address: SecretAddress, left: readonly HeldSecret[]): string {
  const rest = left.length === 0 ? "no secret" : `secret ${left.map(describeSecret).join(" and ")}`;
  return `${describeAccount(address)} now holds ${rest}.`;
}
