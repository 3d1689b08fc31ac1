/** An explicit provider: another Atlas organization, or another credential, beside the stack's own. */
import * as pulumi from "@pulumi/pulumi";
import { withholdEnvironmentFromReports } from "../diagnostic-reports.js";
import { PROVIDER_PACKAGE } from "../protocol.js";
import { BASE_URL, CONFIDENTIAL_SETTINGS, CONFIG_NAMESPACE, EXPLICIT_KEY, GOVERNMENT_BASE_URL } from "../settings.js";
import { withholdSecretsFromDebugMessages } from "./debug-messages.js";

/** One whole credential. */
export type AtlasCredentialArgs =
  | {
      /** Client id of a service account that is Project Owner, or Organization Owner. */
      readonly clientId: pulumi.Input<string>;
      /** Kept encrypted whether or not it is given as a secret. */
      readonly clientSecret: pulumi.Input<string>;
    }
  | { readonly publicKey: pulumi.Input<string>; readonly privateKey: pulumi.Input<string> }
  | { readonly accessToken: pulumi.Input<string> };

/** Arguments of `AtlasProvider`. */
export type AtlasProviderArgs = AtlasCredentialArgs & {
  /** Default: the stack's `mongodbatlas:baseUrl`, its `isMongodbgovCloud`, the environment, then `https://cloud.mongodb.com`. */
  readonly baseUrl?: pulumi.Input<string>;
  /** True: `https://cloud.mongodbgov.com`; false: `https://cloud.mongodb.com`, whatever the stack says. `baseUrl` comes first. */
  readonly isMongodbgovCloud?: pulumi.Input<boolean>;
};

const KINDS = [["accessToken"], ["clientId", "clientSecret"], ["publicKey", "privateKey"]] as const;
const CONFIDENTIAL: readonly string[] = CONFIDENTIAL_SETTINGS;

/**
 * A provider with its own credential, for the option `provider` of the resources of this package. The credential counts as a
 * whole and never comes from anywhere else; the base URL falls back to the stack's.
 */
export class AtlasProvider extends pulumi.ProviderResource {
  /** @throws pulumi.RunError unless exactly one whole credential is given */
  constructor(name: string, args: AtlasProviderArgs, options: pulumi.ResourceOptions = {}) {
    withholdSecretsFromDebugMessages();
    withholdEnvironmentFromReports();
    const given = args as unknown as Readonly<Record<string, pulumi.Input<string> | undefined>>;
    const properties = { ...toCredential(name, given), baseUrl: toBaseUrl(args), [EXPLICIT_KEY]: name };
    super(PROVIDER_PACKAGE, name, withNamespace(properties), options);
  }
}

function toCredential(
  name: string,
  given: Readonly<Record<string, pulumi.Input<string> | undefined>>,
): Record<string, pulumi.Input<string>> {
  const parts = KINDS.map((kind) => kind.filter((part) => given[part] !== undefined)).filter((kind) => kind.length > 0);
  const [kind = []] = parts;
  const isWhole = KINDS.some(
    (whole) => whole.length === kind.length && whole.every((part) => given[part] !== undefined),
  );
  if (parts.length !== 1 || !isWhole) {
    const kinds = KINDS.map((whole) => whole.join(" and ")).join(", or ");
    const found = parts.length === 0 ? "none" : parts.flat().join(", ");
    throw new pulumi.RunError(`AtlasProvider ${name} needs one whole credential: ${kinds}. It has ${found}.`);
  }
  return Object.fromEntries(
    kind.map((part) => {
      const value = given[part] ?? "";
      return [part, CONFIDENTIAL.includes(part) ? pulumi.secret(value) : value];
    }),
  );
}

function toBaseUrl({ baseUrl, isMongodbgovCloud }: AtlasProviderArgs): pulumi.Input<string | undefined> {
  if (baseUrl !== undefined) return baseUrl;
  const stack = new pulumi.Config(CONFIG_NAMESPACE);
  if (isMongodbgovCloud !== undefined) return pulumi.output(isMongodbgovCloud).apply(toCloud);
  const flag = stack.get("isMongodbgovCloud");
  return stack.get("baseUrl") ?? (flag === undefined ? undefined : toCloud(flag === "true"));
}

function toCloud(isGovernment: boolean): string {
  return isGovernment ? GOVERNMENT_BASE_URL : BASE_URL;
}

function withNamespace(properties: Record<string, unknown>): pulumi.Inputs {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [`${CONFIG_NAMESPACE}:${key}`, value]),
  );
}
