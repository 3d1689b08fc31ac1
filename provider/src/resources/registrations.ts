/**
 * The resource classes as the engine knows them: the type token of each, and the handler that its state names. In one place, so
 * that a state written by a tool is the one that the class writes.
 */
import { toTypeToken } from "../protocol.js";

/** How a class is registered. */
export interface Registration {
  readonly className: string;
  /** Its type token. */
  readonly type: string;
  /** Name of its handler in `pulumi-atlas-secrets/handlers`. */
  readonly handler: string;
  /** Whether it updates its secret in place, with an overlap. */
  readonly isRotating: boolean;
}

const REGISTRATIONS = {
  project: [
    toEntry("ProjectServiceAccountSecret", "projectSecret", false),
    toEntry("RotatingProjectServiceAccountSecret", "rotatingProjectSecret", true),
  ],
  organization: [
    toEntry("ServiceAccountSecret", "organizationSecret", false),
    toEntry("RotatingServiceAccountSecret", "rotatingOrganizationSecret", true),
  ],
} as const satisfies Record<string, readonly [Registration, Registration]>;

function toEntry(className: string, handler: string, isRotating: boolean): Registration {
  return { className, type: toTypeToken(className), handler, isRotating };
}

/** The class for the secrets of a level. */
export function toRegistration(level: keyof typeof REGISTRATIONS, isRotating: boolean): Registration {
  const [plain, rotating] = REGISTRATIONS[level];
  return isRotating ? rotating : plain;
}
