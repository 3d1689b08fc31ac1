/**
 * The types of resources that hold secrets of service accounts: the six classes of this package, with what their states name, and
 * the two of `@pulumi/mongodbatlas`. Type tokens stand here and nowhere else.
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
  /** Whether it holds the secrets of many accounts, each as a rotating resource holds that of its one. */
  readonly isSet: boolean;
  /** Whether `pulumi up` replaces the secret by time. Those of `@pulumi/mongodbatlas` are replaced by hand. */
  readonly rotatesByTime: boolean;
}

/** A class of this package. */
export interface SecretClass extends SecretType {
  readonly className: string;
  /** Name of its handlers in `pulumi-atlas-secrets/handlers`. */
  readonly handler: string;
}

/** One secret that is replaced, one that is rotated in place, or those of many accounts, rotated in place. */
export type ClassForm = "plain" | "rotating" | "set";

const FORMS = {
  plain: { isRotating: false, isSet: false },
  rotating: { isRotating: true, isSet: false },
  set: { isRotating: true, isSet: true },
} as const;

const project = { level: "project", owner: "projectId" } as const;
const organization = { level: "organization", owner: "orgId" } as const;

const CLASSES = {
  project: {
    plain: toClass("ProjectServiceAccountSecret", "projectSecret", { ...project, ...FORMS.plain }),
    rotating: toClass("RotatingProjectServiceAccountSecret", "rotatingProjectSecret", {
      ...project,
      ...FORMS.rotating,
    }),
    set: toClass("ProjectServiceAccountSecretSet", "projectSecretSet", { ...project, ...FORMS.set }),
  },
  organization: {
    plain: toClass("ServiceAccountSecret", "organizationSecret", { ...organization, ...FORMS.plain }),
    rotating: toClass("RotatingServiceAccountSecret", "rotatingOrganizationSecret", {
      ...organization,
      ...FORMS.rotating,
    }),
    set: toClass("ServiceAccountSecretSet", "organizationSecretSet", { ...organization, ...FORMS.set }),
  },
} as const satisfies Readonly<Record<SecretType["level"], Readonly<Record<ClassForm, SecretClass>>>>;

/** The class for secrets of a level. */
export function toSecretClass(level: SecretType["level"], form: ClassForm): SecretClass {
  return CLASSES[level][form];
}

/** The type token of the class of that kind. */
export function toTypeToken({
  level,
  isRotating,
  isSet = false,
}: {
  level: SecretType["level"];
  isRotating: boolean;
  isSet?: boolean;
}): string {
  return CLASSES[level][isSet ? "set" : isRotating ? "rotating" : "plain"].type;
}

/** The six classes of this package. */
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
  kind: Pick<SecretType, "level" | "owner" | "isRotating" | "isSet">,
): SecretClass {
  return { className, handler, type: `pulumi-nodejs:dynamic/atlas:${className}`, ...kind, rotatesByTime: true };
}

function toPeer(type: string, kind: Pick<SecretType, "level" | "owner">): SecretType {
  return { type, ...kind, ...FORMS.plain, rotatesByTime: false };
}
