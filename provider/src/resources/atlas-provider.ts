/** An explicit provider: another Atlas organization, or another credential, beside the stack's own. */
import * as pulumi from "@pulumi/pulumi";
import { CONFIDENTIAL_SETTINGS, CONFIG_NAMESPACE, EXPLICIT_KEY, GOVERNMENT_BASE_URL } from "../settings.js";
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
  /** Default: the stack's `mongodbatlas:baseUrl`, then the environment, then `https://cloud.mongodb.com`. */
  readonly baseUrl?: pulumi.Input<string>;
  /** True: `https://cloud.mongodbgov.com`, unless `baseUrl` says otherwise. */
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
    const given = args as unknown as Readonly<Record<string, pulumi.Input<string> | undefined>>;
    const properties = { ...toCredential(name, given), baseUrl: toBaseUrl(args), [EXPLICIT_KEY]: "true" };
    super("pulumi-nodejs", name, withNamespace(properties), options);
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
  const own = stack.get("baseUrl") ?? (stack.get("isMongodbgovCloud") === "true" ? GOVERNMENT_BASE_URL : undefined);
  if (isMongodbgovCloud === undefined) return own;
  return pulumi.output(isMongodbgovCloud).apply((isGovernment) => (isGovernment ? GOVERNMENT_BASE_URL : own));
}

function withNamespace(properties: Record<string, unknown>): pulumi.Inputs {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [`${CONFIG_NAMESPACE}:${key}`, value]),
  );
}
