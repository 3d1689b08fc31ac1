/**
 * The types of resources that hold a secret of a service account: the four classes of this package, with what their states name,
 * and the two of `@pulumi/mongodbatlas`. Type tokens stand here and nowhere else.
 */

/** What is known of such a type. */
export interface SecretType {
  /** The type token. */
  readonly type: string;
  readonly level: "project" | "organization";
  /** The property that names where the account belongs. */
  readonly owner: "projectId" | "orgId";
  /** A rotating one holds its current, its previous and its pending secret, and is updated in place. */
  readonly isRotating: boolean;
  /** Whether `pulumi up` replaces the secret by time. Those of `@pulumi/mongodbatlas` are replaced by hand. */
  readonly rotatesByTime: boolean;
}

/** A class of this package. */
export interface SecretClass extends SecretType {
  readonly className: string;
  /** Name of its handlers in `pulumi-atlas-secrets/handlers`. */
  readonly handler: string;
}

const project = { level: "project", owner: "projectId" } as const;
const organization = { level: "organization", owner: "orgId" } as const;

const CLASSES = {
  project: {
    plain: toClass("ProjectServiceAccountSecret", "projectSecret", { ...project, isRotating: false }),
    rotating: toClass("RotatingProjectServiceAccountSecret", "rotatingProjectSecret", { ...project, isRotating: true }),
  },
  organization: {
    plain: toClass("ServiceAccountSecret", "organizationSecret", { ...organization, isRotating: false }),
    rotating: toClass("RotatingServiceAccountSecret", "rotatingOrganizationSecret", {
      ...organization,
      isRotating: true,
    }),
  },
} as const;

/** The class for secrets of a level. */
export function toSecretClass(level: SecretType["level"], isRotating: boolean): SecretClass {
  return CLASSES[level][isRotating ? "rotating" : "plain"];
}

/** The four classes of this package. */
export const SECRET_CLASSES: readonly SecretClass[] = Object.values(CLASSES).flatMap((kinds) => Object.values(kinds));

const PEERS: readonly SecretType[] = [
  toPeer("mongodbatlas:index/projectServiceAccountSecret:ProjectServiceAccountSecret", project),
  toPeer("mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret", organization),
];

const SECRET_TYPES = new Map([...SECRET_CLASSES, ...PEERS].map((found) => [found.type, found]));

/** What is known of a type token; `undefined` when it is not a secret of a service account. */
export function findSecretType(typeToken: string): SecretType | undefined {
  return SECRET_TYPES.get(typeToken);
}

/** All such type tokens. */
export const SECRET_TYPE_TOKENS: readonly string[] = [...SECRET_TYPES.keys()];

function toClass(
  className: string,
  handler: string,
  kind: Pick<SecretType, "level" | "owner" | "isRotating">,
): SecretClass {
  return { className, handler, type: `pulumi-nodejs:dynamic/atlas:${className}`, ...kind, rotatesByTime: true };
}

function toPeer(type: string, kind: Pick<SecretType, "level" | "owner">): SecretType {
  return { type, ...kind, isRotating: false, rotatesByTime: false };
}
