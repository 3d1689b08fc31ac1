/**
 * Finds stack settings of `pulumi:autonaming` that would make the engine delete a secret before its replacement exists.
 * Names that cannot differ between the old and the new resource do that, also over `deleteBeforeReplace: false`.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming
 * @see resource/autonaming/strategy.go in pulumi/pulumi
 */
import { PROVIDER_PACKAGE } from "./protocol.js";

/** Key of the setting in a stack's configuration. */
export const AUTONAMING_KEY = "pulumi:autonaming";

/** Parts of a pattern that make a name random, and so harmless here. */
const RANDOM_PART = /\$\{(hex|alphanum|string|num)\(\d+\)\}|\$\{uuid\}/;

interface Naming {
  readonly mode?: unknown;
  readonly pattern?: unknown;
}

/**
 * Says what is wrong with the setting and how to override it, or gives `undefined` when the type's replacements come first.
 *
 * @param setting value of `pulumi:autonaming`: JSON text, or the object itself
 */
export function findAutonamingProblem(setting: unknown, typeToken: string): string | undefined {
  const root = toNode(setting);
  const provider = toNode(toNode(root.providers)[PROVIDER_PACKAGE]);
  const resource = toNode(toNode(provider.resources)[typeToken]);
  // The most specific one counts, as in the engine.
  const naming = [resource, provider, root].find(({ mode, pattern }) => mode !== undefined || pattern !== undefined);
  if (!naming || !forcesDeleteFirst(naming)) return undefined;
  const path = `pulumi:autonaming.providers["${PROVIDER_PACKAGE}"].resources["${typeToken}"]`;
  // A pattern of the type's own would still count beside a mode.
  const remove =
    naming === resource && naming.pattern !== undefined ? `pulumi config rm --path '${path}.pattern' && ` : "";
  return (
    `pulumi:autonaming (${describe(naming)}) would delete a secret before its replacement exists, and consumers would be locked ` +
    `out. Secrets have no names; override it for them: ${remove}pulumi config set --path '${path}.mode' default`
  );
}

function forcesDeleteFirst({ mode, pattern }: Naming): boolean {
  if (typeof pattern === "string" && pattern !== "") return !RANDOM_PART.test(pattern);
  return mode === "verbatim" || mode === "disabled";
}

function describe({ mode, pattern }: Naming): string {
  return typeof pattern === "string" && pattern !== "" ? "a pattern without a random part" : `mode ${String(mode)}`;
}

function toNode(value: unknown): Record<string, unknown> {
  if (typeof value === "string") {
    try {
      return toNode(JSON.parse(value));
    } catch {
      return {}; // The engine itself refuses a setting that is not JSON.
    }
  }
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
