/** The types of resources that hold a secret of a service account: ours, and those of `@pulumi/mongodbatlas`. */

/** What is known of such a type. */
export interface SecretType {
  /** A rotating one holds its current, its previous and its pending secret. */
  readonly isRotating: boolean;
  /** Whether `pulumi up` replaces the secret by time. Those of `@pulumi/mongodbatlas` are replaced by hand. */
  readonly rotatesByTime: boolean;
  /** The property that names where the account belongs. */
  readonly owner: "projectId" | "orgId";
}

const project = { owner: "projectId" } as const;
const organization = { owner: "orgId" } as const;
const plain = { isRotating: false, rotatesByTime: true };
const rotating = { isRotating: true, rotatesByTime: true };
const manual = { isRotating: false, rotatesByTime: false };

const SECRET_TYPES: Readonly<Record<string, SecretType>> = {
  "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret": { ...project, ...plain },
  "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret": { ...project, ...rotating },
  "pulumi-nodejs:dynamic/atlas:ServiceAccountSecret": { ...organization, ...plain },
  "pulumi-nodejs:dynamic/atlas:RotatingServiceAccountSecret": { ...organization, ...rotating },
  "mongodbatlas:index/projectServiceAccountSecret:ProjectServiceAccountSecret": { ...project, ...manual },
  "mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret": { ...organization, ...manual },
};

/** What is known of a type token; `undefined` when it is not a secret of a service account. */
export function findSecretType(typeToken: string): SecretType | undefined {
  return Object.hasOwn(SECRET_TYPES, typeToken) ? SECRET_TYPES[typeToken] : undefined;
}

/** All such type tokens. */
export const SECRET_TYPE_TOKENS: readonly string[] = Object.keys(SECRET_TYPES);
