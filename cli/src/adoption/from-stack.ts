/**
 * Finds the secrets of `@pulumi/mongodbatlas` in a stack's state. Their values stay what they are there: ciphertext that only the
 * same stack can read, or clear text in an export with `--show-secrets`.
 *
 * @see https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/projectserviceaccountsecret/
 */
import { type Ciphertext, Sensitive } from "pulumi-atlas-secrets/records";
import { CliFailure } from "../failure.js";
import type { JsonObject } from "../sources/json.js";
import { isMarkedSecret } from "../sources/secret-marks.js";
import type { StackExport, StateResource } from "../sources/stack-export.js";
import { type FoundSecret, type Origin, toTimes } from "./found-secret.js";

const PEERS: Readonly<Record<string, { readonly level: FoundSecret["level"]; readonly ownerKey: string }>> = {
  "mongodbatlas:index/projectServiceAccountSecret:ProjectServiceAccountSecret": {
    level: "project",
    ownerKey: "projectId",
  },
  "mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret": { level: "organization", ownerKey: "orgId" },
};

/** Type tokens of our own classes. */
const OWN_TYPES = "pulumi-nodejs:dynamic/atlas:";

/**
 * Lists the secrets of `@pulumi/mongodbatlas` that the state records.
 *
 * @param where names the source, for messages
 * @throws CliFailure when one cannot be adopted as it is recorded, or is recorded by a resource of ours already
 */
export function findPeerSecrets({ resources }: StackExport, where: string): FoundSecret[] {
  const found = resources.filter(({ isPendingDeletion }) => !isPendingDeletion).flatMap((resource) => toFound(resource, where) ?? []);
  for (const { type, urn, outputs } of resources) {
    const own = type.startsWith(OWN_TYPES) && found.find(({ secretId }) => secretId === outputs.secretId);
    if (own) {
      throw new CliFailure(
        `Secret ${own.secretId} of ${toUrn(own)} is recorded as ${urn} already in ${where}: go on with the step that follows the import.`,
      );
    }
  }
  return found;
}

function toUrn({ origin }: FoundSecret): string {
  return origin.kind === "mongodbatlas" ? origin.urn : "";
}

function toFound(resource: StateResource, where: string): FoundSecret | undefined {
  const peer = Object.hasOwn(PEERS, resource.type) ? PEERS[resource.type] : undefined;
  if (!peer) return undefined;
  const { outputs } = resource;
  const text = (name: string) => toClearText(outputs, name, resource, where);
  const hours = resource.inputs.secretExpiresAfterHours ?? outputs.secretExpiresAfterHours;
  return {
    name: toName(resource.urn),
    level: peer.level,
    ownerId: text(peer.ownerKey),
    clientId: text("clientId"),
    secretId: text("secretId"),
    value: toValue(outputs.secret, resource, where),
    origin: toOrigin(resource),
    ...toTimes(outputs.createdAt, outputs.expiresAt, outputs.lastUsedAt),
    ...(typeof hours === "number" && { secretExpiresAfterHours: hours }),
    ...(typeof outputs.maskedSecretValue === "string" && { maskedSecretValue: outputs.maskedSecretValue }),
  };
}

/** Ids are needed in clear: they are part of the resource's id, which cannot be secret. */
function toClearText(outputs: JsonObject, name: string, { urn }: StateResource, where: string): string {
  const value = outputs[name];
  if (typeof value === "string" && value !== "") return value;
  const clear = toPlaintext(value);
  if (typeof clear === "string" && clear !== "") return clear;
  if (isMarkedSecret(value)) {
    throw new CliFailure(
      `The ${name} of ${urn} is encrypted in ${where}, and is needed in clear: give the output of 'pulumi stack export --show-secrets' ` +
        "as '--stack-export -'.",
    );
  }
  throw new CliFailure(
    `The ${name} of ${urn} is not in ${where}: run 'pulumi refresh' with the old program and export again.`,
  );
}

function toValue(value: unknown, { urn }: StateResource, where: string): Sensitive | Ciphertext {
  if (isMarkedSecret(value) && typeof value.ciphertext === "string") return { ciphertext: value.ciphertext };
  const clear = typeof value === "string" ? value : toPlaintext(value);
  if (typeof clear === "string" && clear !== "" && clear !== "[secret]") return new Sensitive(clear);
  throw new CliFailure(`The value of ${urn} is not in ${where}: adopt it by itself, its value piped in ('--piped').`);
}

/** What a mark holds in clear, in an export with `--show-secrets`. */
function toPlaintext(value: unknown): unknown {
  if (!isMarkedSecret(value) || typeof value.plaintext !== "string") return undefined;
  try {
    return JSON.parse(value.plaintext) as unknown;
  } catch {
    return undefined; // Half a value is none.
  }
}

function toOrigin({ urn, type, parent, provider = "", raw }: StateResource): Origin {
  const [, className = ""] = /:(\w+)$/.exec(type) ?? [];
  const providerName = toName(provider.split("::").slice(0, -1).join("::"));
  return {
    kind: "mongodbatlas",
    urn,
    className,
    isRetained: raw.retainOnDelete === true,
    ...(parent !== undefined && !parent.includes("::pulumi:pulumi:Stack::") && { parent }),
    // The engine's own are called default and, with a version, default_4_14_0.
    ...(providerName !== "" && !/^default(_|$)/.test(providerName) && { provider: providerName }),
  };
}

/** The name in a urn: what follows the type. */
function toName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
