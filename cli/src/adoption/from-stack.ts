/**
 * Finds the secrets of `@pulumi/mongodbatlas` in a stack's state. Their values stay what they are there: ciphertext that only the
 * same stack can read, or plaintext in an export with `--show-secrets`.
 *
 * @see https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/projectserviceaccountsecret/
 */
import { listRecorded, readState, type StateReading } from "pulumi-atlas-secrets/records";
import { CliFailure } from "../failure.js";
import type { StackExport, StateResource } from "../sources/stack-export.js";
import { type FoundSecret, type Origin, toFound } from "./found-secret.js";

/**
 * Lists the secrets of `@pulumi/mongodbatlas` that the state records.
 *
 * @param where names the source, for messages
 * @throws CliFailure when one cannot be adopted as it is recorded, or is recorded by a resource of ours already
 */
export function findPeerSecrets({ resources }: StackExport, where: string): FoundSecret[] {
  const read = resources.flatMap((resource) => {
    const reading = readState(resource);
    return reading ? [{ resource, reading }] : [];
  });
  const found = read.flatMap(({ resource, reading }) =>
    isPeer(resource) && !resource.isPendingDeletion ? [toPeer(resource, reading, where)] : [],
  );
  for (const { resource, reading } of read.filter(({ resource: { type } }) => !isPeer({ type }))) {
    const ids = listRecorded(reading).map(({ secretId }) => secretId);
    const own = found.find(({ secretId }) => ids.includes(secretId));
    if (own) {
      throw new CliFailure(
        `Secret ${own.secretId} of ${toUrn(own)} is recorded as ${resource.urn} already in ${where}: go on with the step that follows the import.`,
      );
    }
  }
  return found;
}

function isPeer({ type }: Pick<StateResource, "type">): boolean {
  return type.startsWith("mongodbatlas:");
}

function toUrn({ origin }: FoundSecret): string {
  return origin.kind === "mongodbatlas" ? origin.urn : "";
}

function toPeer(resource: StateResource, reading: StateReading, where: string): FoundSecret {
  const { urn } = resource;
  const advice =
    "encrypted ids are needed in plaintext: give the output of 'pulumi stack export --show-secrets' as '--stack-export -'; what is " +
    "missing, 'pulumi refresh' with the old program records";
  return toFound(reading, { name: toName(urn), origin: toOrigin(resource), what: `${urn} in ${where}`, advice });
}

function toOrigin({ urn, type, parent, provider = "", isRetained }: StateResource): Origin {
  const [, className = ""] = /:(\w+)$/.exec(type) ?? [];
  const providerName = toName(provider.split("::").slice(0, -1).join("::"));
  return {
    kind: "mongodbatlas",
    urn,
    className,
    isRetained,
    ...(parent !== undefined && !parent.includes("::pulumi:pulumi:Stack::") && { parent }),
    // The engine's own are called default and, with a version, default_4_14_0.
    ...(providerName !== "" && !/^default(_|$)/.test(providerName) && { provider: providerName }),
  };
}

/** The name in a urn: what follows the type. */
function toName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
