/** The steps that follow an adoption, with the real names: text for people. Holds no value. */
import { type AdoptedResource, readState } from "pulumi-atlas-secrets/records";
import { toDueMs } from "pulumi-atlas-secrets/rotation";
import { toCount, toIsoTime } from "../wording.js";
import type { FoundSecret } from "./found-secret.js";
import type { PlannedAdoption } from "./plan.js";

/** Where the file went, and the names of the stack where they are known. */
export interface StepsContext {
  /** Path of the file; absent when it was printed. */
  readonly file?: string;
  readonly stack?: string | undefined;
}

interface Step {
  readonly title: string;
  readonly lines: readonly string[];
}

const PEERS = "@pulumi/mongodbatlas";

/** The flags of the import: nothing is generated, and what is imported stays protected until the program declares it. */
const IMPORT_FLAGS = "--generate-code=false --yes";

/** Says what was done and what to do next, line by line. */
export function toSteps(planned: readonly PlannedAdoption[], context: StepsContext): string {
  const steps = [
    toRetainStep(planned, context),
    toImportStep(context),
    toSwapStep(planned, context),
    toTerraformStep(planned),
    toCheckStep(context),
  ].filter((step) => step !== undefined);
  const numbered = steps.flatMap(({ title, lines }, index) => [
    "",
    `${index + 1}. ${title}`,
    ...lines.map((line) => `     ${line}`),
  ]);
  return `${[...toSummary(planned, context), ...numbered].join("\n")}\n`;
}

function toSummary(planned: readonly PlannedAdoption[], { file }: StepsContext): string[] {
  const [what, are] = [toCount(planned.length, "secret"), planned.length === 1 ? "is" : "are"];
  const isPlaintext = planned.some(({ found }) => !isCarried(found));
  const holds = isPlaintext ? "values in plaintext" : "values that only this stack can decrypt";
  const where = file === undefined ? "printed" : `in ${file}`;
  return [
    `${what} ${are} ${where}, with ${holds}. Nothing was changed at Atlas. To move over without a new secret, in this order:`,
  ];
}

/** Whether only the stack itself can read the value. */
function isCarried({ value }: FoundSecret): boolean {
  return "ciphertext" in value;
}

/** Without it, the swap would have the old resources delete the secrets. */
function toRetainStep(planned: readonly PlannedAdoption[], context: StepsContext): Step | undefined {
  const old = planned.flatMap(({ found: { name, origin } }) =>
    origin.kind === "mongodbatlas" && !origin.isRetained ? [{ name, ...origin }] : [],
  );
  if (old.length === 0) return undefined;
  return {
    title: `Let the stack forget the old resources without deleting them: give each the option retainOnDelete, and run 'pulumi up'.`,
    lines: [
      ...old.map(
        ({ name, className }) =>
          `new mongodbatlas.${className}(${JSON.stringify(name)}, { ... }, { ..., retainOnDelete: true });`,
      ),
      `$ ${toCommand("pulumi up", context)}`,
    ],
  };
}

function toImportStep(context: StepsContext): Step {
  const { file = "FILE" } = context;
  return {
    title:
      "Import. The new resources are protected until the program declares them: a run of the old one fails and deletes nothing.",
    lines: [`$ ${toCommand(`pulumi import --file ${toShell(file)} ${IMPORT_FLAGS}`, context)}`],
  };
}

function toSwapStep(planned: readonly PlannedAdoption[], context: StepsContext): Step {
  const classes = [...new Set(planned.map(({ resource }) => resource.className))].sort();
  const isOfPeers = planned.some(({ found }) => found.origin.kind === "mongodbatlas");
  const retained = isOfPeers ? "delete the old resources, each marked [retain], and nothing else" : "change nothing";
  return {
    title: isOfPeers
      ? `Swap the class: in place of those of ${PEERS}, under the same names. Whatever used their outputs uses the new ones'.`
      : "Declare the resources in the program.",
    lines: [
      `import { ${classes.join(", ")} } from "pulumi-atlas-secrets";`,
      ...planned.flatMap(toDeclaration),
      `$ ${toCommand("pulumi preview", context)}   # must ${retained}`,
      `$ ${toCommand("pulumi up", context)}`,
    ],
  };
}

function toDeclaration({ found, resource }: PlannedAdoption): string[] {
  const text = Object.entries(resource.inputs)
    .filter(([name]) => name !== "__provider")
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(", ");
  const { origin } = found;
  const isChild = origin.kind === "mongodbatlas" && origin.parent !== undefined;
  const options = isChild ? ", { parent: ... }" : "";
  return [
    `new ${resource.className}(${JSON.stringify(found.name)}, { ${text} }${options}); // due ${describeDue(resource)}`,
    ...(origin.kind === "mongodbatlas" && origin.provider !== undefined
      ? [`// Without the option provider: ${origin.provider} is one of ${PEERS}.`]
      : []),
  ];
}

/** When the first run rotates it, by what the import records. */
function describeDue(resource: AdoptedResource): string {
  const reading = readState(resource);
  const dueMs = reading && reading.kind !== "damaged" ? toDueMs(reading) : undefined;
  return dueMs === undefined ? "at a time that is not known" : toIsoTime(dueMs);
}

function toTerraformStep(planned: readonly PlannedAdoption[]): Step | undefined {
  const addresses = planned.flatMap(({ found: { origin } }) => (origin.kind === "terraform" ? [origin.address] : []));
  if (addresses.length === 0) return undefined;
  return {
    title:
      "Let Terraform forget them, then remove them from its configuration: 'terraform apply' must not delete them.",
    lines: [`$ terraform state rm ${addresses.map(toShell).join(" ")}`],
  };
}

function toCheckStep(context: StepsContext): Step {
  const { file } = context;
  return {
    title: file === undefined ? "See that nothing changes." : "See that nothing changes, and delete the file.",
    lines: [
      `$ ${toCommand("pulumi up --expect-no-changes", context)}`,
      ...(file === undefined ? [] : [`$ rm ${toShell(file)}`]),
    ],
  };
}

function toCommand(command: string, { stack }: StepsContext): string {
  return stack === undefined ? command : `${command} --stack ${toShell(stack)}`;
}

/** A word for a shell: quoted when it holds anything else than letters, digits and a few signs. */
function toShell(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
