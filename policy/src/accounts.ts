/** The secrets of a stack by their service account. */
import type { PolicyResource } from "@pulumi/policy";
import { findSecretType, type SecretType } from "pulumi-atlas-secrets/rotation";
import { readText } from "./properties.js";

/** A resource of a stack that holds a secret. */
export interface SecretResource {
  readonly resource: PolicyResource;
  readonly type: SecretType;
}

/** The secrets among the resources of a stack. */
export function listSecrets(resources: readonly PolicyResource[]): SecretResource[] {
  return resources.flatMap((resource) => {
    const type = findSecretType(resource.type);
    return type ? [{ resource, type }] : [];
  });
}

/**
 * The secrets by client id, which names one account wherever it is used. Left out are those whose client id a preview does not
 * know.
 */
export function groupByAccount(resources: readonly PolicyResource[]): ReadonlyMap<string, readonly SecretResource[]> {
  const accounts = new Map<string, SecretResource[]>();
  for (const secret of listSecrets(resources)) {
    const clientId = readText(secret.resource.props, "clientId");
    if (typeof clientId === "string") accounts.set(clientId, [...(accounts.get(clientId) ?? []), secret]);
  }
  return accounts;
}
