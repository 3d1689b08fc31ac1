/**
 * Entry `pulumi-atlas-secrets/handlers`: what `__provider` in a stack's state names. A name listed here stays for ever, since
 * old states refer to it.
 */
import { createProjectSecretHandlers, createSecretHandlers } from "./project-secret.js";
import { createRotatingHandlers } from "./rotating-secret.js";
import { ORGANIZATION, PROJECT } from "./scope.js";

/** The handler of `ProjectServiceAccountSecret`. */
export const projectSecret = createProjectSecretHandlers();

/** The handler of `RotatingProjectServiceAccountSecret`. */
export const rotatingProjectSecret = createRotatingHandlers(PROJECT);

/** The handler of `ServiceAccountSecret`. */
export const organizationSecret = createSecretHandlers(ORGANIZATION);

/** The handler of `RotatingServiceAccountSecret`. */
export const rotatingOrganizationSecret = createRotatingHandlers(ORGANIZATION);
