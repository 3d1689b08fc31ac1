/**
 * Entry `pulumi-atlas-secrets/handlers`: what `__provider` in a stack's state names. Each is a `pulumi.dynamic.ResourceProvider`,
 * which the engine's host loads and calls. A name listed here stays for ever, since old states refer to it.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
 */

import { ProviderProcess } from "../account/process.js";
import { withholdEnvironmentFromReports } from "../diagnostic-reports.js";
import { assertNode } from "../node-version.js";
import type { DynamicProvider, SecretHandlers } from "../protocol.js";
import { ORGANIZATION, PROJECT } from "../records/scope.js";
import { createSecretHandlers } from "./plain-secret.js";
import { createRotatingHandlers } from "./rotating-secret.js";
import { createSetHandlers } from "./secret-set.js";

assertNode();
withholdEnvironmentFromReports();

/** One for the process, so that locks, tokens and what is recorded are known to all of them. */
const shared = new ProviderProcess();

/** The dynamic provider of `ProjectServiceAccountSecret`. */
export const projectSecret = toDynamicProvider(createSecretHandlers(PROJECT, shared));

/** The dynamic provider of `RotatingProjectServiceAccountSecret`. */
export const rotatingProjectSecret = toDynamicProvider(createRotatingHandlers(PROJECT, shared));

/** The dynamic provider of `ServiceAccountSecret`. */
export const organizationSecret = toDynamicProvider(createSecretHandlers(ORGANIZATION, shared));

/** The dynamic provider of `RotatingServiceAccountSecret`. */
export const rotatingOrganizationSecret = toDynamicProvider(createRotatingHandlers(ORGANIZATION, shared));

/** The dynamic provider of `ProjectServiceAccountSecretSet`. */
export const projectSecretSet = toDynamicProvider(createSetHandlers(PROJECT, shared));

/** The dynamic provider of `ServiceAccountSecretSet`. */
export const organizationSecretSet = toDynamicProvider(createSetHandlers(ORGANIZATION, shared));

/** What answers at once gives a promise too. `configure` is done when it returns: the host sends calls before it has waited. */
function toDynamicProvider(handlers: SecretHandlers): DynamicProvider {
  return {
    ...handlers,
    configure: async (request) => handlers.configure(request),
    check: async (olds, news) => handlers.check(olds, news),
    diff: async (id, olds, news) => handlers.diff(id, olds, news),
  };
}
