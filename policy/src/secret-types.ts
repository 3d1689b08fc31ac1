/** The types of resources that the rules are about: ours, and those of `@pulumi/mongodbatlas`, whose properties have the same names. */

/** What is known of a type of resource that holds a secret of a service account. */
export interface SecretType {
  /** A rotating one holds its current and its previous secret: both slots of the account. */
  readonly isRotating: boolean;
  /** Whether `pulumi up` replaces the secret by time. Those of `@pulumi/mongodbatlas` are replaced by hand. */
  readonly rotatesByTime: boolean;
  /** The input that names where the account belongs. */
  readonly owner: "projectId" | "orgId";
}

const project = { owner: "projectId" } as const;
const organisation = { owner: "orgId" } as const;
const plain = { isRotating: false, rotatesByTime: true };
const rotating = { isRotating: true, rotatesByTime: true };
const manual = { isRotating: false, rotatesByTime: false };

const SECRET_TYPES: Readonly<Record<string, SecretType>> = {
  "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret": { ...project, ...plain },
  "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret": { ...project, ...rotating },
  "pulumi-nodejs:dynamic/atlas:ServiceAccountSecret": { ...organisation, ...plain },
  "pulumi-nodejs:dynamic/atlas:RotatingServiceAccountSecret": { ...organisation, ...rotating },
  "mongodbatlas:index/projectServiceAccountSecret:ProjectServiceAccountSecret": { ...project, ...manual },
  "mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret": { ...organisation, ...manual },
};

/** What is known of a type token; `undefined` when it is not a secret of a service account. */
export function findSecretType(typeToken: string): SecretType | undefined {
  return Object.hasOwn(SECRET_TYPES, typeToken) ? SECRET_TYPES[typeToken] : undefined;
}

/** All type tokens that the rules are about. */
export const SECRET_TYPE_TOKENS: readonly string[] = Object.keys(SECRET_TYPES);
