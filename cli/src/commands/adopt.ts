/** `atlas-secrets adopt`: the file for `pulumi import --file`, and the steps that follow, so that no secret is made anew. */
import type { Command } from "commander";
import { Sensitive } from "pulumi-atlas-secrets/records";
import type { FoundSecret } from "../adoption/found-secret.js";
import { findPeerSecrets } from "../adoption/from-stack.js";
import { parseTerraformSecrets } from "../adoption/from-terraform.js";
import { toImportFile } from "../adoption/import-file.js";
import { assertVerifiable, fetchSeen, fetchVerified } from "../adoption/look.js";
import { type AdoptionOptions, isIncomplete, planAdoption } from "../adoption/plan.js";
import { toSteps } from "../adoption/steps.js";
import { writeOwnFile } from "../adoption/write-file.js";
import { withProcess } from "../atlas-process.js";
import { parseHours } from "../audit/options.js";
import type { RegisterCommand } from "../command.js";
import type { Environment } from "../environment.js";
import { ExitCode } from "../exit-codes.js";
import { CliFailure } from "../failure.js";
import { parseSecretAddress } from "../secret-address.js";
import { openBackend } from "../sources/backend.js";
import { fetchText, STANDARD_INPUT } from "../sources/read-text.js";
import { parseStackExportWithSecrets } from "../sources/stack-export.js";

interface Options {
  readonly stack?: string;
  readonly stackExport?: string;
  readonly terraformState?: string;
  readonly piped?: string;
  readonly organization?: true;
  readonly name?: string;
  readonly only?: readonly string[];
  readonly rotating?: true;
  readonly hours?: number;
  readonly window?: number;
  readonly live?: true;
  readonly verify?: true;
  readonly due?: true;
  readonly out: string;
  readonly stdout?: true;
}

/** What the sources gave. */
interface Gathered {
  readonly found: readonly FoundSecret[];
  /** Name of the stack that an export is of. */
  readonly stack?: string | undefined;
}

const EXAMPLE = `
Examples:
  $ atlas-secrets adopt --stack organization/shop/prod
  $ pulumi stack export | atlas-secrets adopt --stack-export -
  $ terraform state pull | atlas-secrets adopt --terraform-state - --rotating
  $ vault read -field=secret atlas/backend | atlas-secrets adopt --piped PROJECT/CLIENT/SECRET --name backend --verify
`;

export const registerAdopt: RegisterCommand = (program, { environment, finish }) => {
  addOptions(program.command("adopt"))
    .description("Write the file for 'pulumi import' that moves existing secrets over, without a new one.")
    .addHelpText("after", EXAMPLE)
    .action(async (options: Options) => {
      await adopt(options, environment);
      finish(ExitCode.Clean);
    });
};

function addOptions(command: Command): Command {
  return command
    .option("--stack <name>", "secrets of @pulumi/mongodbatlas in this stack of the backend")
    .option(
      "--stack-export <file>",
      "secrets of @pulumi/mongodbatlas in what 'pulumi stack export' wrote; '-': standard input",
    )
    .option("--terraform-state <file>", "secrets in what 'terraform state pull' wrote; '-': standard input")
    .option("--piped <PROJECT/CLIENT/SECRET>", "one secret, its value on the standard input; asks Atlas for its times")
    .option("--organization", "the piped secret is an organization's: ORGANIZATION/CLIENT/SECRET")
    .option("--name <name>", "name of the resource that the piped secret, or the only one, becomes")
    .option("--only <names...>", "adopt only these, by their names in the program or in the file")
    .option("--rotating", "for the rotating class, which keeps the previous secret for an overlap")
    .option(
      "--hours <hours>",
      "secretExpiresAfterHours where no source tells it; default the secret's own lifetime",
      parseHours,
    )
    .option("--window <hours>", "rotateBeforeExpiryHours; default a third of the lifetime", parseHours)
    .option("--live", "take times and last use from Atlas (GET only)")
    .option("--verify", "verify each value first, by minting a token with it")
    .option("--due", "adopt also what the first 'pulumi up' would rotate")
    .option("--out <file>", "the file to write; never overwritten", "adopted-secrets.json")
    .option("--stdout", "print the file, values included, instead of writing it");
}

async function adopt(options: Options, environment: Environment): Promise<void> {
  const { found, stack } = await gather(options, environment);
  const selected = rename(select(found, options), options);
  const known = await complete(selected, options, environment);
  const planned = planAdoption(known, toAdoptionOptions(options), environment.now());
  const text = `${JSON.stringify(toImportFile(planned), null, 2)}\n`;
  if (options.stdout) {
    environment.stdout.write(text);
    environment.stderr.write(toSteps(planned, { stack }));
    return;
  }
  await writeOwnFile(options.out, text, environment.cwd);
  environment.stdout.write(toSteps(planned, { stack, file: options.out }));
}

function toAdoptionOptions({ rotating, due, hours, window }: Options): AdoptionOptions {
  return {
    isRotating: rotating === true,
    isDueAllowed: due === true,
    ...(hours !== undefined && { hours }),
    ...(window !== undefined && { windowHours: window }),
  };
}

async function gather(options: Options, environment: Environment): Promise<Gathered> {
  const { terraformState, piped } = options;
  assertSources(options);
  const { text: stateText, where } = await fetchState(options, environment);
  const state = stateText === undefined ? undefined : parseStackExportWithSecrets(stateText, where);
  const found = state ? findPeerSecrets(state, where) : [];
  if (terraformState !== undefined) {
    const text = await fetchText(terraformState, environment);
    found.push(...parseTerraformSecrets(text, toWhere(terraformState)));
  }
  if (piped !== undefined) found.push(await fetchPiped(piped, options, environment));
  if (found.length === 0)
    throw new CliFailure("There is nothing to adopt: the sources hold no secret of a service account.");
  return { found, stack: options.stack ?? state?.stack };
}

/** The stack's state with its secrets, as ciphertext unless an export was written with `--show-secrets`. */
async function fetchState(
  { stack, stackExport }: Options,
  environment: Environment,
): Promise<{ readonly text?: string; readonly where: string }> {
  if (stackExport !== undefined)
    return { text: await fetchText(stackExport, environment), where: toWhere(stackExport) };
  if (stack === undefined) return { where: "" };
  const backend = await openBackend(environment);
  return { text: await backend.exportStack(stack), where: `stack ${stack}` };
}

function assertSources({ stack, stackExport, terraformState, piped, name }: Options): void {
  const sources = [stack, stackExport, terraformState, piped].filter((source) => source !== undefined);
  if (sources.length === 0) {
    throw new CliFailure("Name what to adopt: --stack, --stack-export, --terraform-state or --piped.");
  }
  if (stack !== undefined && stackExport !== undefined) {
    throw new CliFailure("Name the stack or a file with its state: --stack or --stack-export.");
  }
  const onStdin = [stackExport === "-", terraformState === "-", piped !== undefined].filter((is) => is).length;
  if (onStdin > 1) throw new CliFailure("The standard input can be one source: name a file for the others.");
  if (piped !== undefined && name === undefined) {
    throw new CliFailure("Name the resource that the piped secret becomes: --name.");
  }
}

async function fetchPiped(address: string, options: Options, environment: Environment): Promise<FoundSecret> {
  const named = parseSecretAddress(address, options.organization ? "organization" : "project");
  if (environment.stdin.isTTY) {
    throw new CliFailure("Pipe the value into the standard input: what is typed would show on the terminal.");
  }
  const value = (await fetchText("-", environment)).trim();
  if (!/^[\x21-\x7e]{20,512}$/.test(value)) {
    throw new CliFailure("The standard input does not hold one value of a secret, and nothing else.");
  }
  return { ...named, name: options.name ?? "", value: new Sensitive(value), origin: { kind: "piped" } };
}

function select(found: readonly FoundSecret[], { only }: Options): readonly FoundSecret[] {
  if (!only) return found;
  const missing = only.find((name) => !found.some((secret) => secret.name === name));
  if (missing !== undefined) {
    const names = found.map(({ name }) => name).join(", ");
    throw new CliFailure(`None of the sources has a secret named ${missing}: they have ${names}.`);
  }
  return found.filter(({ name }) => only.includes(name));
}

function rename(found: readonly FoundSecret[], { name }: Options): readonly FoundSecret[] {
  if (name === undefined) return found;
  // The piped one has it already.
  if (found.some(({ origin }) => origin.kind === "piped")) return found;
  if (found.length > 1) {
    throw new CliFailure(
      `--name names one resource, and ${found.length} secrets are to be adopted: pick one with --only.`,
    );
  }
  return found.map((secret) => ({ ...secret, name }));
}

/** Adds what only Atlas knows, where it is needed or asked for. */
async function complete(
  found: readonly FoundSecret[],
  { live, verify }: Options,
  environment: Environment,
): Promise<readonly FoundSecret[]> {
  if (!live && !verify && !found.some(isIncomplete)) return found;
  if (verify) assertVerifiable(found);
  const report = (line: string) => void environment.stderr.write(`${line}\n`);
  return withProcess("atlas-secrets adopt", environment, report, async (process) => {
    const seen = await fetchSeen(found, (secret) => live === true || isIncomplete(secret), process);
    return verify ? fetchVerified(seen, process) : seen;
  });
}

function toWhere(path: string): string {
  return path === "-" ? STANDARD_INPUT : path;
}
