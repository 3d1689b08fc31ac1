/**
 * The file that `pulumi import --file` takes.
 *
 * @see https://www.pulumi.com/docs/iac/guides/migration/import/
 */
import type { AdoptionPlan, PlannedAdoption } from "./plan.js";

/** Its outline. `inputs` and `outputs` together spare the engine the question to the provider. */
export interface ImportFile {
  /** Urns by the names that the resources use for them. */
  readonly nameTable?: Readonly<Record<string, string>>;
  readonly resources: readonly ImportedResource[];
}

interface ImportedResource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly parent?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Makes the file's content: it holds values, encrypted or in plaintext. */
export function toImportFile({ planned, set }: Pick<AdoptionPlan, "planned" | "set">): ImportFile {
  if (set) {
    const { type, id, inputs, outputs } = set.resource;
    return { resources: [{ type, name: set.name, id, inputs, outputs }] };
  }
  const names = new Map<string, string>();
  for (const { found } of planned) {
    const parent = toParent(found);
    if (parent !== undefined && !names.has(parent)) names.set(parent, `parent-${names.size + 1}`);
  }
  const resources = planned.map(({ found, resource: { type, id, inputs, outputs } }) => {
    const parent = names.get(toParent(found) ?? "");
    return { type, name: found.name, id, ...(parent !== undefined && { parent }), inputs, outputs };
  });
  if (names.size === 0) return { resources };
  return { nameTable: Object.fromEntries([...names].map(([urn, name]) => [name, urn])), resources };
}

function toParent({ origin }: PlannedAdoption["found"]): string | undefined {
  return origin.kind === "mongodbatlas" ? origin.parent : undefined;
}
