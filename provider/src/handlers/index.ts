/**
 * Entry `pulumi-atlas-secrets/handlers`: what `__provider` in a stack's state names. A name listed here stays for ever, since
 * old states refer to it.
 */
import { createProjectSecretHandlers } from "./project-secret.js";

/** The handler of `ProjectServiceAccountSecret`. */
export const projectSecret = createProjectSecretHandlers();
