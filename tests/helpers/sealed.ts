/** What of an exported state is ciphertext. */
import { SIGNATURE_KEY } from "../../provider/src/protocol.js";
import type { ExportedResource } from "./pulumi-stack.js";

export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Properties of which some part is ciphertext: `<resource> <inputs or outputs> <property>`. */
export function listSealed(resources: readonly ExportedResource[]): string[] {
  return resources.flatMap((resource) =>
    (["inputs", "outputs"] as const).flatMap((side) =>
      Object.entries(resource[side] ?? {})
        .filter(([, value]) => isSealed(value))
        .map(([property]) => `${toName(resource)}${resource.delete ? " (old)" : ""} ${side} ${property}`),
    ),
  );
}

/** A resource's name. */
export const toName = ({ urn }: ExportedResource) => urn.split("::").at(-1) ?? "";

/** Whether the value is ciphertext, or a map that holds nothing else. */
function isSealed(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { [SIGNATURE_KEY]: signature, ciphertext } = value as Record<string, unknown>;
  if (signature !== undefined) return signature === SECRET_SIGNATURE && typeof ciphertext === "string";
  const parts = Object.values(value);
  return parts.length > 0 && parts.every(isSealed);
}
