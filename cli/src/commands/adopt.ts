/** `atlas-secrets adopt`: the file for `pulumi import --file`, and the steps that follow, so that no secret is made anew. */
import type { Command } from "commander";
import { Sensitive } from "pulumi-atlas-secrets/records";
import { type Candidate, type FoundSecret, isLeftOut } from "../adoption/found-secret.js";
import { findPeerSecrets } from "../adoption/from-stack.js";
import { parseTerraformSecrets } from "../adoption/from-terraform.js";
import { toImportFile } from "../adoption/import-file.js";
import { assertVerifiable, fetchSeen, fetchVerified } from "../adoption/look.js";
import { mergeFound } from "../adoption/merge.js";
import { type AdoptionOptions, isIncomplete, planAdoption } from "../adoption/plan.js";
import { toShell } from "../adoption/shell.js";
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
  readonly candidates: readonly Candidate[];
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
    .option("--rotating", "for the rotating class: one resource for an account, of its two secrets")
    .option(
      "--hours <hours>",
      "secretExpiresAfterHours; default what the source tells, or else the secret's own lifetime",
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
  const { candidates, stack } = await gather(options, environment);
  const all = mergeFound(candidates.filter((one) => !isLeftOut(one)));
  const selected = select([...all, ...candidates.filter(isLeftOut)], options);
  const known = await complete(selected, options, environment);
  const plan = planAdoption(known, all, toAdoptionOptions(options), environment.now());
  if (plan.planned.length === 0) throw new CliFailure(plan.leftOut.map(({ why }) => why).join(" "));
  const text = `${JSON.stringify(toImportFile(plan.planned), null, 2)}\n`;
  if (options.stdout) {
    environment.stdout.write(text);
    environment.stderr.write(toSteps(plan, { stack }));
    return;
  }
  await writeOwnFile(options.out, text, environment.cwd);
  environment.stdout.write(toSteps(plan, { stack, file: options.out }));
}

function toAdoptionOptions(options: Options): AdoptionOptions {
  const { stack, stackExport, terraformState, rotating, due, hours, window, name, piped } = options;
  const sources = { "--stack": stack, "--stack-export": stackExport, "--terraform-state": terraformState };
  const given = Object.entries(sources).flatMap(([flag, value = ""]) => (value === "" ? [] : [flag, toSource(value)]));
  return {
    sources: given.join(" "),
    isRotating: rotating === true,
    isDueAllowed: due === true,
    ...(hours !== undefined && { hours }),
    ...(window !== undefined && { windowHours: window }),
    // The piped one has it already.
    ...(name !== undefined && piped === undefined && { name }),
  };
}

async function gather(options: Options, environment: Environment): Promise<Gathered> {
  const { terraformState, piped } = options;
  assertSources(options);
  const { text: stateText, where } = await fetchState(options, environment);
  const state = stateText === undefined ? undefined : parseStackExportWithSecrets(stateText, where);
  const candidates = state ? findPeerSecrets(state, where) : [];
  if (terraformState !== undefined) {
    const text = await fetchText(terraformState, environment);
    candidates.push(...parseTerraformSecrets(text, toWhere(terraformState)));
  }
  if (piped !== undefined) candidates.push(await fetchPiped(piped, options, environment));
  if (candidates.length === 0)
    throw new CliFailure("There is nothing to adopt: the sources hold no secret of a service account.");
  return { candidates, stack: options.stack ?? state?.stack };
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
  const { name = "" } = options;
  const remarks = [
    `${name} is from a pipe: if a program or Terraform declares it, give that as a source too, or a run of it deletes the secret.`,
  ];
  return { ...named, name, what: name, remarks, value: new Sensitive(value), origin: { kind: "piped" } };
}

function select(candidates: readonly Candidate[], { only }: Options): readonly Candidate[] {
  if (!only) return candidates;
  const missing = only.find((name) => !candidates.some((candidate) => candidate.name === name));
  if (missing !== undefined) {
    const names = candidates.map(({ name }) => name).join(", ");
    throw new CliFailure(`None of the sources has a secret named ${missing}: they have ${names}.`);
  }
  return candidates.filter(({ name }) => only.includes(name));
}

/** Adds what only Atlas knows, where it is needed or asked for. */
async function complete(
  candidates: readonly Candidate[],
  { live, verify, piped }: Options,
  environment: Environment,
): Promise<readonly Candidate[]> {
  const found = candidates.filter((one) => !isLeftOut(one));
  // A piped value is compared with what Atlas shows of it.
  const isAsked = (one: FoundSecret) => live === true || isIncomplete(one) || piped?.endsWith(one.secretId) === true;
  if (!verify && !found.some(isAsked)) return candidates;
  if (verify) assertVerifiable(found);
  const report = (line: string) => void environment.stderr.write(`${line}\n`);
  return withProcess("atlas-secrets adopt", environment, report, async (process) => {
    const seen = await fetchSeen(candidates, isAsked, process);
    return verify ? fetchVerified(seen, process) : seen;
  });
}

/** What was piped has to be a file when it is given beside another pipe. */
function toSource(value: string): string {
  return value === "-" ? "FILE" : toShell(value);
}

function toWhere(path: string): string {
  return path === "-" ? STANDARD_INPUT : path;
}
