/**
 * Finds the secrets of `@pulumi/mongodbatlas` in a stack's state. Their values stay what they are there: ciphertext that only the
 * same stack can read, or plaintext in an export with `--show-secrets`.
 *
 * @see https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/projectserviceaccountsecret/
 */
import { listRecorded, readState } from "pulumi-atlas-secrets/records";
import { findProviderName, type StackExport, type StateResource } from "../sources/stack-export.js";
import { parseUrn } from "../sources/urn.js";
import { type Candidate, isLeftOut, type Origin, toCandidates } from "./found-secret.js";

const ADVICE =
  "encrypted ids are needed in plaintext: give 'adopt' the output of 'pulumi stack export --show-secrets'; what is " +
  "missing, 'pulumi refresh' with the old program records";

/**
 * Lists the secrets of `@pulumi/mongodbatlas` that the state records, also those that it lists of a service account.
 *
 * @param where names the source, for messages
 */
export function findPeerSecrets({ resources }: StackExport, where: string): Candidate[] {
  const isPeer = ({ type }: StateResource) => type.startsWith("mongodbatlas:");
  /** Urns of ours, by the ids of their secrets and of their accounts. */
  const owners = new Map<string, string>();
  for (const resource of resources.filter((one) => !isPeer(one))) {
    for (const reading of readState(resource)) {
      if (reading.kind === "damaged") continue;
      for (const { secretId } of listRecorded(reading)) owners.set(secretId, resource.urn);
      owners.set(reading.account.clientId, resource.urn);
    }
  }
  return resources
    .filter((resource) => isPeer(resource) && !resource.isPendingDeletion)
    .flatMap((resource) => {
      const { urn } = resource;
      const naming = {
        name: parseUrn(urn)?.name ?? urn,
        origin: toOrigin(resource),
        what: `${urn} in ${where}`,
        advice: ADVICE,
      };
      return toCandidates(resource, naming).flatMap((found) => toUnowned(found, owners));
    });
}

/** What a resource of ours records already stays out; what the list of an account holds that is ours needs no word. */
function toUnowned(found: Candidate, owners: ReadonlyMap<string, string>): Candidate[] {
  if (isLeftOut(found)) return [found];
  const { name, secretId, clientId, origin, what } = found;
  if (origin.kind === "listed" && owners.has(clientId)) return [];
  const owner = owners.get(secretId);
  if (owner === undefined) return [found];
  const why = `Secret ${secretId} of ${what} is recorded as ${owner} already: go on with the step that follows the import.`;
  return [{ name, why }];
}

function toOrigin({ urn, type, parent, provider, isRetained }: StateResource): Origin {
  const [, className = ""] = /:(\w+)$/.exec(type) ?? [];
  const providerName = findProviderName(provider);
  return {
    kind: "mongodbatlas",
    urn,
    className,
    isRetained,
    ...(parent !== undefined && !parent.includes("::pulumi:pulumi:Stack::") && { parent }),
    ...(providerName !== undefined && { provider: providerName }),
  };
}
