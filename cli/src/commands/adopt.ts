/** `atlas-secrets adopt`: the file for `pulumi import --file`, and the steps that follow, so that no secret is made anew. */
import { Option } from "commander";
import { Sensitive } from "pulumi-atlas-secrets/records";
import { parseSecretAddress } from "../address.js";
import { type Candidate, type FoundSecret, isLeftOut } from "../adoption/found-secret.js";
import { findPeerSecrets } from "../adoption/from-stack.js";
import { isTerraformState, parseTerraformSecrets } from "../adoption/from-terraform.js";
import { toImportFile } from "../adoption/import-file.js";
import { assertVerifiable, fetchSeen, fetchVerified } from "../adoption/look.js";
import { mergeFound } from "../adoption/merge.js";
import { type AdoptionOptions, isIncomplete, planAdoption } from "../adoption/plan.js";
import { toShell } from "../adoption/shell.js";
import { toSteps } from "../adoption/steps.js";
import { writeOwnFile } from "../adoption/write-file.js";
import { withProcess } from "../atlas-process.js";
import type { CommandDefinition } from "../command.js";
import { type Environment, writeLines } from "../environment.js";
import { ExitCode } from "../exit-codes.js";
import { CliFailure } from "../failure.js";
import { OPTIONS, parseHours, type SourceOptions, toOneStack } from "../options.js";
import { openBackend } from "../sources/backend.js";
import { parseJson } from "../sources/json.js";
import { readProject } from "../sources/project-file.js";
import { fetchText, STANDARD_INPUT } from "../sources/read-text.js";
import { toStackExport } from "../sources/stack-export.js";

interface Options extends Pick<SourceOptions, "stack" | "organization"> {
  readonly piped?: string;
  readonly name?: string;
  readonly only?: readonly string[];
  readonly rotating?: true;
  readonly set?: string;
  readonly hours?: number;
  readonly window?: number;
  readonly live?: true;
  readonly verify?: true;
  readonly due?: true;
  readonly output: string;
}

/** What the sources gave. */
interface Gathered {
  readonly candidates: readonly Candidate[];
  /** Name of the stack that an export is of. */
  readonly stack?: string | undefined;
}

export const adoptCommand: CommandDefinition = {
  name: "adopt",
  description: "Write the file for 'pulumi import' that moves existing secrets over without creating new ones.",
  operands: [["[files...]", "what 'pulumi stack export' or 'terraform state pull' wrote; - for standard input"]],
  options: [
    OPTIONS.stack,
    new Option(
      "--piped <PROJECT/CLIENT/SECRET>",
      "one secret, its value on the standard input; asks Atlas for its times",
    ),
    OPTIONS.organization,
    new Option("--name <name>", "name of the resource for the piped secret, or for the only one"),
    new Option("--only <names...>", "adopt only these, by their names in the program or in the file"),
    new Option("--rotating", "use the rotating class: one resource per account, from its two secrets"),
    new Option("--set <name>", "put them all into one set of this name, as rotating accounts"),
    new Option(
      "--hours <hours>",
      "secretExpiresAfterHours; default what the source tells, or else the secret's own lifetime",
    ).argParser(parseHours),
    new Option("--window <hours>", "rotateBeforeExpiryHours; default a third of the lifetime").argParser(parseHours),
    OPTIONS.live,
    new Option("--verify", "verify each value first, by minting a token with it"),
    new Option("--due", "adopt also what the first 'pulumi up' would rotate"),
    new Option(
      "-o, --output <file>",
      "the file to write, for its owner alone, and never over another one; - prints it, values included",
    ).default("adopted-secrets.json"),
  ],
  examples: [
    "atlas-secrets adopt --stack organization/shop/prod",
    "pulumi stack export | atlas-secrets adopt -",
    "terraform state pull | atlas-secrets adopt - --rotating",
    "vault read -field=secret atlas/backend | atlas-secrets adopt --piped PROJECT/CLIENT/SECRET --name backend --verify",
  ],
  exitCodes: "0 done, 2 nothing was written",
  async run(files, options: Options, environment) {
    await adopt(files, options, environment);
    return ExitCode.Clean;
  },
};

async function adopt(files: readonly string[], options: Options, environment: Environment): Promise<void> {
  const { candidates, stack } = await gather(files, options, environment);
  const all = mergeFound(candidates.filter((one) => !isLeftOut(one)));
  const selected = select([...all, ...candidates.filter(isLeftOut)], options);
  const known = await complete(selected, options, environment);
  const plan = planAdoption(known, all, toAdoptionOptions(files, options), environment.now());
  if (plan.planned.length === 0) throw new CliFailure(plan.leftOut.map(({ why }) => why).join(" "));
  const runtime = readProject(environment.cwd)?.runtime;
  const text = `${JSON.stringify(toImportFile(plan), null, 2)}\n`;
  if (options.output === "-") {
    environment.stdout.write(text);
    writeLines(environment.stderr, toSteps(plan, { stack, runtime }));
    return;
  }
  await writeOwnFile(options.output, text, environment.cwd);
  writeLines(environment.stdout, toSteps(plan, { stack, runtime, file: options.output }));
}

function toAdoptionOptions(files: readonly string[], options: Options): AdoptionOptions {
  const { rotating, set, due, hours, window, name, piped } = options;
  const stack = toOneStack(options);
  return {
    sources: [...(stack === undefined ? [] : ["--stack", toShell(stack)]), ...files.map(toSource)].join(" "),
    isRotating: rotating === true || set !== undefined,
    ...(set !== undefined && { set }),
    isDueAllowed: due === true,
    ...(hours !== undefined && { hours }),
    ...(window !== undefined && { windowHours: window }),
    // The piped one has it already.
    ...(name !== undefined && piped === undefined && { name }),
  };
}

async function gather(files: readonly string[], options: Options, environment: Environment): Promise<Gathered> {
  const { piped } = options;
  const stack = toOneStack(options);
  assertSources(files, options);
  const candidates: Candidate[] = [];
  const stacks: string[] = stack === undefined ? [] : [stack];
  const addState = (json: unknown, where: string) => {
    const state = toStackExport(json, where);
    candidates.push(...findPeerSecrets(state, where));
    if (stack === undefined) stacks.push(state.stack ?? "");
  };
  // As ciphertext, unless an export was written with `--show-secrets`: only the same stack can read that.
  if (stack !== undefined) {
    const backend = await openBackend(environment);
    addState(parseJson(await backend.exportStack(stack), `stack ${stack}`), `stack ${stack}`);
  }
  for (const file of files) {
    const where = file === "-" ? STANDARD_INPUT : file;
    const json = parseJson(await fetchText(file, environment), where);
    if (isTerraformState(json)) candidates.push(...parseTerraformSecrets(json, where));
    else addState(json, where);
  }
  if (stacks.length > 1) throw new CliFailure("Adopt from one stack at a time: each has its own import.");
  if (piped !== undefined) candidates.push(await fetchPiped(piped, options, environment));
  if (candidates.length === 0)
    throw new CliFailure("There is nothing to adopt: the sources hold no secret of a service account.");
  return { candidates, stack: stacks[0] || undefined };
}

function assertSources(files: readonly string[], { stack, piped, name }: Options): void {
  if (files.length === 0 && stack === undefined && piped === undefined) {
    throw new CliFailure("Name what to adopt: files, --stack or --piped.");
  }
  if (files.filter((file) => file === "-").length + (piped === undefined ? 0 : 1) > 1) {
    throw new CliFailure("The standard input can be one source: name a file for the others.");
  }
  if (piped !== undefined && name === undefined) {
    throw new CliFailure("Name the resource that the piped secret becomes: --name.");
  }
}

async function fetchPiped(address: string, options: Options, environment: Environment): Promise<FoundSecret> {
  const named = parseSecretAddress(address, options.organization);
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
  const report = (line: string) => writeLines(environment.stderr, line);
  return withProcess("atlas-secrets adopt", environment, report, async (process) => {
    const seen = await fetchSeen(candidates, isAsked, process);
    return verify ? fetchVerified(seen, process) : seen;
  });
}

/** What was piped has to be a file when it is given beside another pipe. */
function toSource(value: string): string {
  return value === "-" ? "FILE" : toShell(value);
}
