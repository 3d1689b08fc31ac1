/**
 * States of the official rotation guide, in the form that Terraform 1.11 writes: an account with its list of secrets, secrets of
 * their own resources, an imported one, whose value is null. Attributes are those of the provider's schemas.
 *
 * @see https://github.com/mongodb/terraform-provider-mongodbatlas/blob/master/docs/guides/service-account-secret-rotation.md
 */

/** A secret as a state can hold it. */
export interface GuideSecret {
  readonly secretId: string;
  readonly clientId: string;
  readonly ownerId: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** Absent of an imported one, and in a list after a refresh. */
  readonly value?: string;
  /** Absent of an imported one. */
  readonly hours?: number;
}

/** An instance of a resource. */
export interface GuideInstance {
  readonly key?: string | number;
  readonly isTainted?: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A resource block with its instances. */
export interface GuideResource {
  readonly type: string;
  readonly name: string;
  readonly module?: string;
  readonly instances: readonly GuideInstance[];
}

type Level = "project" | "organization";

const toOwner = (level: Level, ownerId: string) =>
  level === "project" ? { project_id: ownerId } : { org_id: ownerId };
const toType = (level: Level, what: string) =>
  `mongodbatlas_${level === "project" ? "project_" : ""}service_account${what}`;

/** A secret's own resource. */
export function toSecretResource(
  level: Level,
  name: string,
  secret: GuideSecret,
  more: Partial<GuideResource & GuideInstance> = {},
): GuideResource {
  const { module, key, isTainted, instances } = more;
  const instance = {
    ...(key !== undefined && { key }),
    ...(isTainted !== undefined && { isTainted }),
    attributes: toSecretAttributes(level, secret),
  };
  return {
    type: toType(level, "_secret"),
    name,
    ...(module !== undefined && { module }),
    instances: instances ?? [instance],
  };
}

/** The attributes of a secret's own resource. */
export function toSecretAttributes(level: Level, secret: GuideSecret): Record<string, unknown> {
  const { ownerId, clientId, hours = null } = secret;
  return { client_id: clientId, ...toOwner(level, ownerId), ...toListed(secret), secret_expires_after_hours: hours };
}

/** A service account's resource, which lists its secrets. */
export function toAccountResource(
  level: Level,
  name: string,
  secrets: readonly GuideSecret[],
  hours?: number,
): GuideResource {
  const [{ ownerId, clientId } = { ownerId: "", clientId: "" }] = secrets;
  const attributes = {
    client_id: clientId,
    created_at: "2026-01-01T00:00:00Z",
    description: "Example Service Account",
    name: "example-service-account",
    ...toOwner(level, ownerId),
    roles: ["ORG_READ_ONLY"],
    secret_expires_after_hours: hours ?? null,
    secrets: secrets.map(toListed),
  };
  return { type: toType(level, ""), name, instances: [{ attributes }] };
}

function toListed({ secretId, createdAt, expiresAt, value }: GuideSecret): Record<string, unknown> {
  return {
    created_at: createdAt,
    expires_at: expiresAt,
    last_used_at: null,
    masked_secret_value: value === undefined ? "mdb_sa_sk_...0000" : null,
    secret: value ?? null,
    secret_id: secretId,
  };
}

/** The state of these resources, as `terraform state pull` or `tofu state pull` writes it. */
export function toGuideState(
  resources: readonly GuideResource[],
  { version = "1.11.4", registry = "registry.terraform.io" } = {},
): string {
  const written = resources.map(({ type, name, module, instances }) => ({
    ...(module !== undefined && { module }),
    mode: "managed",
    type,
    name,
    provider: `provider["${registry}/mongodb/mongodbatlas"]`,
    instances: instances.map(({ key, isTainted, attributes }) => ({
      ...(key !== undefined && { index_key: key }),
      ...(isTainted && { status: "tainted" }),
      schema_version: 0,
      attributes,
      sensitive_attributes: [],
    })),
  }));
  // What is no secret of a service account stands in every real state.
  const others = [
    { mode: "data", type: "mongodbatlas_service_account", name: "live", provider: "", instances: [{ attributes: {} }] },
    { mode: "managed", type: "random_pet", name: "pet", provider: "", instances: [{ attributes_flat: { id: "a" } }] },
  ];
  const head = { version: 4, terraform_version: version, serial: 4, lineage: "84898fb9-c745-ac5e-7c4e-7e366f3f64a3" };
  return JSON.stringify({ ...head, outputs: {}, resources: [...written, ...others], check_results: null });
}
