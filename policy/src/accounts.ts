/** The secrets of a stack by their service account. */
import type { PolicyResource } from "@pulumi/policy";
import { findSecretType, type SecretType } from "pulumi-atlas-secrets/rotation";
import { type Properties, readProperty, readText, toPlain } from "./properties.js";

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

/** Properties of a secret, and the name of its account where it is one of a set. */
export interface DeclaredSecret {
  readonly props: Properties;
  readonly key?: string;
}

/** The properties of each secret of a resource: its own, or in a set those of each account over those of the set. */
export function listDeclared({ isSet }: SecretType, props: Properties): DeclaredSecret[] {
  if (!isSet) return [{ props }];
  const accounts = readProperty(props, "accounts");
  if (typeof accounts !== "object" || accounts === null) return [];
  return Object.keys(accounts).map((key) => {
    const account = readProperty(accounts as Properties, key);
    const own = typeof account === "object" && account !== null ? toPlain(account as Properties) : {};
    return { key, props: { ...toPlain(props), ...own } };
  });
}

/** What a rule says of a resource: in a set once what it says of several accounts. */
export function judgeEach(
  type: SecretType | undefined,
  props: Properties,
  judge: (props: Properties) => readonly string[],
): readonly string[] {
  return type ? [...new Set(listDeclared(type, props).flatMap((declared) => judge(declared.props)))] : [];
}

/**
 * The secrets by client id, which names one account wherever it is used. Left out are those whose client id a preview does not
 * know.
 */
export function groupByAccount(resources: readonly PolicyResource[]): ReadonlyMap<string, readonly SecretResource[]> {
  const accounts = new Map<string, SecretResource[]>();
  for (const secret of listSecrets(resources)) {
    for (const { props } of listDeclared(secret.type, secret.resource.props)) {
      const clientId = readText(props, "clientId");
      if (typeof clientId === "string") accounts.set(clientId, [...(accounts.get(clientId) ?? []), secret]);
    }
  }
  return accounts;
}
