/** The steps that follow an adoption, with the real names: text for people. Holds no value. */
import { type AdoptedResource, readState } from "pulumi-atlas-secrets/records";
import { toDueMs } from "pulumi-atlas-secrets/rotation";
import { toCount, toIsoTime } from "../wording.js";
import type { AdoptionPlan, PlannedAdoption } from "./plan.js";
import { type Declared, type ProgramText, toProgramText } from "./program-text.js";
import { listTakenOver } from "./remarks.js";
import { toShell } from "./shell.js";
import { toForgetLines } from "./terraform-steps.js";

/** Where the file went, and the names of the stack where they are known. */
export interface StepsContext {
  /** Path of the file; absent when it was printed. */
  readonly file?: string;
  readonly stack?: string | undefined;
  /** The runtime of the program, as the project file in this folder names it. */
  readonly runtime?: string | undefined;
}

interface Step {
  readonly title: string;
  readonly lines: readonly string[];
}

const PEERS = "@pulumi/mongodbatlas";

/** The flags of the import: nothing is generated, and what is imported stays protected until the program declares it. */
const IMPORT_FLAGS = "--generate-code=false --yes";

const NOT_ADOPTED = "Not adopted. Leave these where they are declared: to take one out there deletes its secret.";

/** Says what was done and what to do next, line by line. */
export function toSteps({ planned, set, leftOut, remarks }: AdoptionPlan, context: StepsContext): string {
  const steps = [
    toForgetStep(planned, context),
    toRetainStep(planned, context),
    toImportStep(context),
    toSwapStep(planned, set, context),
    toCheckStep(context),
  ].filter((step) => step !== undefined);
  const numbered = steps.flatMap(({ title, lines }, index) => [
    "",
    `${index + 1}. ${title}`,
    ...lines.map((line) => `     ${line}`),
  ]);
  const others = leftOut.length === 0 ? [] : ["", NOT_ADOPTED, ...leftOut.map(({ why }) => `- ${why}`)];
  return `${[...toSummary(planned, remarks, context), ...numbered, ...others].join("\n")}\n`;
}

function toSummary(planned: readonly PlannedAdoption[], remarks: readonly string[], { file }: StepsContext): string[] {
  const [what, are] = [toCount(planned.length, "secret"), planned.length === 1 ? "is" : "are"];
  // What only the stack itself can read is carried as it is.
  const isPlaintext = planned.some(({ found: { value } }) => !value || !("ciphertext" in value));
  const holds = isPlaintext ? "values in plaintext" : "values that only this stack can decrypt";
  const where = file === undefined ? "printed" : `in ${file}`;
  return [
    `${what} ${are} ${where}, with ${holds}. Nothing was changed at Atlas.`,
    ...remarks.map((remark) => `- ${remark}`),
    `To move over without ${planned.some(isDue) ? "another" : "a"} new secret, in this order:`,
  ];
}

/** Whether the first run makes a new secret, as `--due` allows. */
function isDue({ resource: { nextUp } }: PlannedAdoption): boolean {
  return nextUp.action !== "keep";
}

/** First of all: whatever Terraform runs later finds nothing that it could delete. */
function toForgetStep(planned: readonly PlannedAdoption[], { file }: StepsContext): Step | undefined {
  const lines = toForgetLines(planned.flatMap(listTakenOver).map(({ origin }) => origin));
  if (lines.length === 0) return undefined;
  const holder = file ?? "what was printed";
  const title =
    "Let Terraform forget them without deleting them, before anything else. What uses their values there needs another source: " +
    `from then on ${holder} alone holds them.`;
  return { title, lines };
}

/** Without it, the swap would have the old resources delete the secrets. */
function toRetainStep(planned: readonly PlannedAdoption[], context: StepsContext): Step | undefined {
  const old = planned
    .flatMap(listTakenOver)
    .flatMap(({ name, origin }) => (origin.kind === "mongodbatlas" && !origin.isRetained ? [{ name, ...origin }] : []));
  if (old.length === 0) return undefined;
  return {
    title: `Let the stack forget the old resources without deleting them: give each the option retainOnDelete, and run 'pulumi up'.`,
    lines: [
      ...old.map(({ name, className }) => toProgramText(context.runtime).toRetained(className, name)),
      `$ ${toCommand("pulumi up", context)}`,
    ],
  };
}

function toImportStep(context: StepsContext): Step {
  const { file = "FILE", runtime } = context;
  const { install, toComment } = toProgramText(runtime);
  return {
    title:
      "Import. It takes Pulumi CLI 3.254 or later: an older one fails and imports nothing. " +
      "The new resources are protected until the program declares them: a run of the old one fails and deletes nothing.",
    lines: [
      ...(install === undefined
        ? []
        : [toComment("In the program's folder: the engine loads what manages them from there."), `$ ${install}`]),
      `$ ${toCommand(`pulumi import --file ${toShell(file)} ${IMPORT_FLAGS}`, context)}`,
    ],
  };
}

function toSwapStep(planned: readonly PlannedAdoption[], set: AdoptionPlan["set"], context: StepsContext): Step {
  const text = toProgramText(context.runtime);
  const classes = [...new Set((set ? [set] : planned).map(({ resource }) => resource.className))].sort();
  const isOfPeers = planned.flatMap(listTakenOver).some(({ origin }) => origin.kind === "mongodbatlas");
  const due = planned.filter(isDue).map(({ found, resource: { nextUp } }) => `${nextUp.action} ${found.name}`);
  const wanted = [
    ...(isOfPeers ? ["delete the old resources, each marked [retain]"] : []),
    ...(set ? [`update ${set.name}, which asks Atlas for nothing`] : []),
    ...due,
  ];
  const expected = wanted.length === 0 ? "change nothing" : `${wanted.join(", ")}, and change nothing else`;
  return {
    title: toSwapTitle(isOfPeers, set),
    lines: [
      text.toImport(classes),
      ...(set ? text.toSet(toDeclared(set)) : planned.flatMap((one) => toDeclaration(one, text))),
      `$ ${toCommand("pulumi preview", context)}   # must ${expected}`,
      `$ ${toCommand("pulumi up", context)}`,
    ],
  };
}

function toSwapTitle(isOfPeers: boolean, set: AdoptionPlan["set"]): string {
  if (set) {
    const where = isOfPeers ? `in place of the resources of ${PEERS}` : "in the program";
    return `Declare the set ${where}. Whatever used an output of theirs uses the set's secrets, by the account's name.`;
  }
  return isOfPeers
    ? `Swap the class: in place of those of ${PEERS}, under the same names. Whatever used their outputs uses the new ones'.`
    : "Declare the resources in the program.";
}

/** What the import records names the handler too, which the program does not. */
function toDeclared({ name, resource: { className, inputs } }: NonNullable<AdoptionPlan["set"]>): Declared {
  const { __provider: _, ...own } = inputs;
  return { name, className, inputs: own };
}

function toDeclaration({ found, resource }: PlannedAdoption, text: ProgramText): string[] {
  const { name, origin } = found;
  const isChild = origin.kind === "mongodbatlas" && origin.parent !== undefined;
  const declared = { ...toDeclared({ name, resource }), isChild };
  return [
    `${text.toDeclaration(declared)} ${text.toComment(`due ${describeDue(resource)}`)}`,
    ...(origin.kind === "mongodbatlas" && origin.provider !== undefined
      ? [text.toComment(`Without the option provider: ${origin.provider} is one of ${PEERS}.`)]
      : []),
  ];
}

/** When the first run rotates it, by what the import records. */
function describeDue(resource: AdoptedResource): string {
  const [reading] = readState(resource);
  const dueMs = reading && reading.kind !== "damaged" ? toDueMs(reading) : undefined;
  return dueMs === undefined ? "at a time that is not known" : toIsoTime(dueMs);
}

function toCheckStep(context: StepsContext): Step {
  const { file } = context;
  return {
    title: `Take expiry and last use from Atlas, and see that nothing changes${file === undefined ? "" : "; delete the file"}.`,
    lines: [
      `$ ${toCommand("pulumi refresh", context)}`,
      `$ ${toCommand("pulumi preview --expect-no-changes", context)}   # one that is due now was shortened by another creation`,
      ...(file === undefined ? [] : [`$ rm ${toShell(file)}`]),
    ],
  };
}

function toCommand(command: string, { stack }: StepsContext): string {
  return stack === undefined ? command : `${command} --stack ${toShell(stack)}`;
}
