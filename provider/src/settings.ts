/**
 * Configuration and environment in, one validated object out, or all problems together. Stack configuration comes first,
 * the environment after that; a credential is taken from one of them as a whole and never mixed.
 */
import { SettingsError } from "./errors.js";
import { isLoopback } from "./loopback.js";
import { Sensitive } from "./sensitive.js";

/** Namespace of the stack configuration, the same as of `@pulumi/mongodbatlas`. */
export const CONFIG_NAMESPACE = "mongodbatlas";

/** Settings that must be encrypted wherever they are kept. */
export const CONFIDENTIAL_SETTINGS = ["accessToken", "clientSecret", "privateKey"] as const;

/** The environment's name of the base URL. */
export const BASE_URL_VARIABLE = "MONGODB_ATLAS_BASE_URL";

/** The commercial cloud. */
export const BASE_URL = "https://cloud.mongodb.com";
/** Atlas for Government. */
export const GOVERNMENT_BASE_URL = "https://cloud.mongodbgov.com";

/** Set by an explicit provider: its credential comes from nowhere else. */
export const EXPLICIT_KEY = "explicit";

/** What the provider authenticates with. */
export type Credential =
  | { readonly kind: "access-token"; readonly token: Sensitive }
  | { readonly kind: "service-account"; readonly clientId: string; readonly clientSecret: Sensitive }
  | { readonly kind: "api-key"; readonly publicKey: string; readonly privateKey: Sensitive };

/** Everything that the provider needs to know. */
export interface Settings {
  /** Scheme, host and optional path prefix, without a slash at the end. */
  readonly baseUrl: string;
  readonly credential: Credential;
}

/** Where settings come from: `config` takes names without the namespace. */
export interface SettingsSources {
  readonly config: (name: string) => unknown;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Part {
  readonly name: string;
  readonly value: string | undefined;
}

/** One kind of credential in one source: all its parts must be there. */
interface Offer {
  readonly parts: readonly Part[];
  readonly toCredential: (values: readonly string[]) => Credential;
}

/**
 * Reads the settings.
 *
 * @throws SettingsError with every problem found
 */
export function parseSettings(sources: SettingsSources): Settings {
  const problems: string[] = [];
  const baseUrl = parseBaseUrl(sources, problems);
  const credential = parseCredential(sources, problems);
  const tlsProblem = findTlsProblem(sources.env);
  if (tlsProblem) problems.push(tlsProblem);
  if (problems.length > 0 || !baseUrl || !credential) throw new SettingsError(problems);
  return { baseUrl, credential };
}

/** Says why nothing may be sent in this environment, or gives `undefined` when certificates are checked. */
export function findTlsProblem(env: SettingsSources["env"]): string | undefined {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== "0") return undefined;
  return (
    "NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off, so that anybody on the way could read the credential: " +
    "unset it, and name a private certificate authority in NODE_EXTRA_CA_CERTS."
  );
}

function parseBaseUrl({ config, env }: SettingsSources, problems: string[]): string | undefined {
  const [name, value] = toText(config("baseUrl"))
    ? [`${CONFIG_NAMESPACE}:baseUrl`, toText(config("baseUrl"))]
    : [BASE_URL_VARIABLE, toText(env[BASE_URL_VARIABLE])];
  if (value === undefined) return isTrue(config("isMongodbgovCloud")) ? GOVERNMENT_BASE_URL : BASE_URL;
  const problem = findUrlProblem(value);
  if (problem) {
    problems.push(`${name} ${problem}.`);
    return undefined;
  }
  const { origin, pathname } = new URL(value);
  return `${origin}${pathname.replace(/\/+$/, "")}`;
}

/** Where requests to a base URL go. What cannot be used as a base URL leads `elsewhere`. */
export function toDestination(baseUrl: string): "atlas" | "this-machine" | "elsewhere" {
  const value = baseUrl.trim();
  if (findUrlProblem(value) !== undefined) return "elsewhere";
  const { origin, hostname } = new URL(value);
  if (origin === BASE_URL || origin === GOVERNMENT_BASE_URL) return "atlas";
  return isLoopback(hostname) ? "this-machine" : "elsewhere";
}

/** What is wrong with a base URL; its text is not repeated, since it may hold a password. */
function findUrlProblem(value: string): string | undefined {
  if (!URL.canParse(value)) return "is not a URL";
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  if (username || password) return "must not hold a user name or password";
  if (search || hash) return "must not hold a query or fragment";
  if (protocol === "https:" || (protocol === "http:" && isLoopback(hostname))) return undefined;
  return "must start with https:// (http:// only for a server on this machine)";
}

function parseCredential(sources: SettingsSources, problems: string[]): Credential | undefined {
  const isExplicit = isTrue(sources.config(EXPLICIT_KEY));
  const environment = isExplicit ? [] : [toEnvironmentOffers(sources.env)];
  for (const offers of [toConfigOffers(sources.config), ...environment]) {
    const given = offers.filter(({ parts }) => parts.some(({ value }) => value !== undefined));
    const partial = given.filter(({ parts }) => parts.some(({ value }) => value === undefined));
    for (const { parts } of partial) problems.push(toPartialProblem(parts));
    const [first] = given;
    // A partial credential is never completed or replaced from elsewhere: the user meant this one.
    if (first) return partial.length > 0 ? undefined : first.toCredential(first.parts.map(({ value }) => value ?? ""));
  }
  problems.push(
    isExplicit
      ? "the credential of this AtlasProvider is empty."
      : "no credential: set mongodbatlas:clientId and (with --secret) mongodbatlas:clientSecret by 'pulumi config set', or MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET in the environment; an access token or an API key will do as well.",
  );
  return undefined;
}

function toPartialProblem(parts: readonly Part[]): string {
  const names = (has: boolean) => parts.filter(({ value }) => (value !== undefined) === has).map(({ name }) => name);
  return `${names(true).join(" and ")} is set without ${names(false).join(" and ")}.`;
}

const toAccessToken = ([token = ""]: readonly string[]): Credential => ({
  kind: "access-token",
  token: new Sensitive(token),
});

const toServiceAccount = ([clientId = "", clientSecret = ""]: readonly string[]): Credential => ({
  kind: "service-account",
  clientId,
  clientSecret: new Sensitive(clientSecret),
});

const toApiKey = ([publicKey = "", privateKey = ""]: readonly string[]): Credential => ({
  kind: "api-key",
  publicKey,
  privateKey: new Sensitive(privateKey),
});

function toConfigOffers(config: SettingsSources["config"]): Offer[] {
  const part = (name: string): Part => ({ name: `${CONFIG_NAMESPACE}:${name}`, value: toText(config(name)) });
  return [
    { parts: [part("accessToken")], toCredential: toAccessToken },
    { parts: [part("clientId"), part("clientSecret")], toCredential: toServiceAccount },
    { parts: [part("publicKey"), part("privateKey")], toCredential: toApiKey },
  ];
}

function toEnvironmentOffers(env: SettingsSources["env"]): Offer[] {
  const part = (...names: [string, ...string[]]): Part => {
    const set = names.find((name) => toText(env[name]) !== undefined) ?? names[0];
    return { name: set, value: toText(env[set]) };
  };
  return [
    { parts: [part("MONGODB_ATLAS_ACCESS_TOKEN")], toCredential: toAccessToken },
    { parts: [part("MONGODB_ATLAS_CLIENT_ID"), part("MONGODB_ATLAS_CLIENT_SECRET")], toCredential: toServiceAccount },
    {
      parts: [
        part("MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"),
        part("MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"),
      ],
      toCredential: toApiKey,
    },
  ];
}

/** A setting with surrounding space removed; an empty one counts as not set. */
function toText(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  return text === "" ? undefined : text;
}

function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}
