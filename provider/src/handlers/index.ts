/**
 * Entry `pulumi-atlas-secrets/handlers`: what `__provider` in a stack's state names. A name listed here stays for ever, since
 * old states refer to it.
 */

import { ProviderProcess } from "../account/process.js";
import { withholdEnvironmentFromReports } from "../diagnostic-reports.js";
import { ORGANIZATION, PROJECT } from "../records/scope.js";
import { createSecretHandlers } from "./plain-secret.js";
import { createRotatingHandlers } from "./rotating-secret.js";

withholdEnvironmentFromReports();

/** One for the process, so that locks, tokens and what is recorded are known to all of them. */
const shared = new ProviderProcess();

/** The handler of `ProjectServiceAccountSecret`. */
export const projectSecret = createSecretHandlers(PROJECT, shared);

/** The handler of `RotatingProjectServiceAccountSecret`. */
export const rotatingProjectSecret = createRotatingHandlers(PROJECT, shared);

/** The handler of `ServiceAccountSecret`. */
export const organizationSecret = createSecretHandlers(ORGANIZATION, shared);

/** The handler of `RotatingServiceAccountSecret`. */
export const rotatingOrganizationSecret = createRotatingHandlers(ORGANIZATION, shared);
