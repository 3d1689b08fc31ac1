/**
 * Configuration and environment in, one validated object out, or all problems together. Stack configuration comes first,
 * the environment after that; a credential is taken from one of them as a whole and never mixed.
 */
import { SettingsError } from "./errors.js";
import { CLIENT_ID } from "./ids.js";
import { isLoopback } from "./loopback.js";
import { findProxy } from "./proxy.js";
import { redact } from "./redact.js";
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

/** Holds the name of an explicit provider (of an older version just `true`), whose credential comes from nowhere else. */
export const EXPLICIT_KEY = "explicit";

/** What the provider authenticates with. */
export type Credential =
  | { readonly kind: "access-token"; readonly token: Sensitive }
  | { readonly kind: "service-account"; readonly clientId: string; readonly clientSecret: Sensitive }
  | { readonly kind: "api-key"; readonly publicKey: string; readonly privateKey: Sensitive };

/** Where a credential came from. That of a stack or of an explicit provider is in the state, the environment's is not. */
export interface CredentialSource {
  readonly from: "stack" | "provider" | "environment";
  /** The credential in words, with its source and without any value: `client id mdb_sa_id_... of AtlasProvider east`. */
  readonly name: string;
}

/** Everything that the provider needs to know. */
export interface Settings {
  /** Scheme, host and optional path prefix, without a slash at the end. */
  readonly baseUrl: string;
  readonly credential: Credential;
  /** For messages. */
  readonly credentialSource?: CredentialSource;
}

/** Settings, with the names of what they were read from: keys of the configuration, or variables. */
export interface ParsedSettings extends Settings {
  /** `the default` when nothing says otherwise. */
  readonly baseUrlFrom: string;
  readonly credentialFrom: readonly string[];
  readonly credentialSource: CredentialSource;
}

/** Where settings come from: `config` takes names without the namespace. */
export interface SettingsSources {
  readonly config: (name: string) => unknown;
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Part {
  readonly name: string;
  readonly value: string | undefined;
  /** What is wrong with a value, to follow the name; its text is not repeated, since it may be a credential. */
  readonly findProblem: (value: string) => string | undefined;
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
export function parseSettings(sources: SettingsSources): ParsedSettings {
  const problems: string[] = [];
  const url = parseBaseUrl(sources, problems);
  const credential = parseCredential(sources, problems);
  const tlsProblem = findTlsProblem(sources.env);
  if (tlsProblem) problems.push(tlsProblem);
  const proxyProblem = url && findProxy(new URL(url.baseUrl), sources.env).problem;
  if (proxyProblem) problems.push(proxyProblem);
  if (problems.length > 0 || !url || !credential) throw new SettingsError(problems);
  return { ...url, ...credential };
}

/** Says why nothing may be sent in this environment, or gives `undefined` when certificates are checked. */
export function findTlsProblem(env: SettingsSources["env"]): string | undefined {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== "0") return undefined;
  return (
    "NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off, so that anybody on the way could read the credential: " +
    "unset it, and name a private certificate authority in NODE_EXTRA_CA_CERTS."
  );
}

/** The stack comes first, with its flag too: an environment variable must not lead a stack to another cloud. */
function parseBaseUrl(
  { config, env }: SettingsSources,
  problems: string[],
): Pick<ParsedSettings, "baseUrl" | "baseUrlFrom"> | undefined {
  const flagName = `${CONFIG_NAMESPACE}:isMongodbgovCloud`;
  const flag = toText(String(config("isMongodbgovCloud") ?? ""));
  if (flag !== undefined && flag !== "true" && flag !== "false") problems.push(`${flagName} must be true or false.`);
  const candidates = [
    { name: `${CONFIG_NAMESPACE}:baseUrl`, value: toText(config("baseUrl")) },
    { name: flagName, value: flag && (flag === "true" ? GOVERNMENT_BASE_URL : BASE_URL) },
    { name: BASE_URL_VARIABLE, value: toText(env[BASE_URL_VARIABLE]) },
  ];
  const { name, value = BASE_URL } = candidates.find((candidate) => candidate.value) ?? { name: "the default" };
  const { url, problem } = parseUrl(value);
  if (problem) problems.push(`${name} ${problem}.`);
  return url === undefined ? undefined : { baseUrl: url, baseUrlFrom: name };
}

/** Where requests to a base URL go. What cannot be used as a base URL leads `elsewhere`. */
export function toDestination(baseUrl: string): "atlas" | "this-machine" | "elsewhere" {
  const { url } = parseUrl(baseUrl.trim());
  if (url === BASE_URL || url === GOVERNMENT_BASE_URL) return "atlas";
  return url !== undefined && isLoopback(new URL(url).hostname) ? "this-machine" : "elsewhere";
}

/** A base URL in its one form, or what is wrong with it; its text is not repeated, since it may hold a password. */
function parseUrl(value: string): { readonly url?: string; readonly problem?: string } {
  if (!URL.canParse(value)) return { problem: "is not a URL that starts with https://" };
  const { origin, pathname, protocol, hostname, username, password, search, hash } = new URL(value);
  if (username || password) return { problem: "must not hold a user name or password" };
  if (search || hash) return { problem: "must not hold a query or fragment" };
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback(hostname))) {
    return { problem: "must start with https:// (http:// only for a server on this machine)" };
  }
  // The API's own path is appended to each request.
  const path = pathname.replace(/(\/api\/atlas(\/v[\d.]+)?)?\/*$/, "");
  if (path && [BASE_URL, GOVERNMENT_BASE_URL].includes(origin)) return { problem: `must be ${origin}, without a path` };
  return { url: `${origin}${path}` };
}

function parseCredential(
  sources: SettingsSources,
  problems: string[],
): Omit<ParsedSettings, "baseUrl" | "baseUrlFrom"> | undefined {
  const provider = toProviderWords(toText(sources.config(EXPLICIT_KEY)));
  const environment = provider ? [] : [{ from: "environment", offers: toEnvironmentOffers(sources.env) } as const];
  const config = { from: provider ? "provider" : "stack", offers: toConfigOffers(sources.config, provider) } as const;
  for (const { from, offers } of [config, ...environment]) {
    const given = offers.filter(({ parts }) => parts.some(({ value }) => value !== undefined));
    const partial = given.filter(({ parts }) => parts.some(({ value }) => value === undefined));
    const [first] = given;
    // A partial credential is never completed or replaced from elsewhere: the user meant this one.
    const found = [
      ...partial.map(({ parts }) => toPartialProblem(parts)),
      ...(first ? findShapeProblems(first) : []),
      ...(provider && given.length > 1 ? [toSeveralProblem(provider, given)] : []),
    ];
    problems.push(...found);
    if (!first) continue;
    if (found.length > 0) return undefined;
    const credential = first.toCredential(first.parts.map(({ value }) => value ?? ""));
    const credentialFrom = first.parts.map(({ name }) => name);
    const place = provider ?? (from === "stack" ? "the stack configuration" : credentialFrom.join(" and "));
    return { credential, credentialFrom, credentialSource: { from, name: `${toWords(credential)} of ${place}` } };
  }
  problems.push(
    provider
      ? `the credential of ${provider} is empty.`
      : "no credential: set mongodbatlas:clientId and (with --secret) mongodbatlas:clientSecret by 'pulumi config set', or MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET in the environment; an access token or an API key will do as well.",
  );
  return undefined;
}

function toProviderWords(name: string | undefined): string | undefined {
  return name === "true" ? "an explicit AtlasProvider" : name && `AtlasProvider ${redact(name)}`;
}

function toWords(credential: Credential): string {
  if (credential.kind === "service-account") return `client id ${credential.clientId}`;
  return credential.kind === "api-key" ? "the API key" : "the access token";
}

function toPartialProblem(parts: readonly Part[]): string {
  const names = (has: boolean) => parts.filter(({ value }) => (value !== undefined) === has).map(({ name }) => name);
  return `${names(true).join(" and ")} is set without ${names(false).join(" and ")}.`;
}

/** The class of Node.js refuses it too, before anything is registered. */
function toSeveralProblem(provider: string, offers: readonly Offer[]): string {
  const names = offers.flatMap(({ parts }) => parts.filter(({ value }) => value !== undefined).map(({ name }) => name));
  return `${provider} needs one whole credential, and has more: ${names.join(", ")}.`;
}

function findShapeProblems({ parts }: Offer): string[] {
  return parts.flatMap(({ name, value, findProblem }) => {
    const problem = value === undefined ? undefined : findProblem(value);
    return problem === undefined ? [] : [`${name} ${problem}${problem.endsWith("?") ? "" : "."}`];
  });
}

/** The shapes of the parts of a credential, no stricter than what is documented. */
const SHAPES = {
  accessToken: (value: string) => {
    if (CLIENT_ID.test(value)) return "is a client id, not an access token";
    if (SECRET.test(value)) return "is the secret of a service account, not an access token";
    return findTextProblem(value);
  },
  clientId: (value: string) => {
    if (SECRET.test(value)) return "is a secret, not a client id: are id and secret swapped?";
    return CLIENT_ID.test(value) ? undefined : "is not a client id (mdb_sa_id_ and 24 hexadecimal digits)";
  },
  clientSecret: (value: string) => {
    if (CLIENT_ID.test(value)) return "is a client id, not a secret: are id and secret swapped?";
    return findTextProblem(value);
  },
  publicKey: (value: string) => {
    if (PRIVATE_KEY.test(value)) return "is a private key, not a public key: are the two swapped?";
    return findTextProblem(value);
  },
  privateKey: (value: string) => findTextProblem(value),
};

/** The secret of a service account. @see https://www.mongodb.com/docs/atlas/api/service-accounts-overview/ */
const SECRET = /^mdb_sa_sk_/;

/** The private key of an API key is a UUID. @see https://www.mongodb.com/docs/atlas/configure-api-access/ */
const PRIVATE_KEY = /^[a-f\d]{8}(-[a-f\d]{4}){3}-[a-f\d]{12}$/i;

function findTextProblem(value: string): string | undefined {
  return /^[\x21-\x7e]+$/.test(value) ? undefined : "holds white space or a character that no credential has";
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

type PartName = keyof typeof SHAPES;

function toOffers(toPart: (name: PartName) => Omit<Part, "findProblem">): Offer[] {
  const part = (name: PartName): Part => ({ ...toPart(name), findProblem: SHAPES[name] });
  return [
    { parts: [part("accessToken")], toCredential: toAccessToken },
    { parts: [part("clientId"), part("clientSecret")], toCredential: toServiceAccount },
    { parts: [part("publicKey"), part("privateKey")], toCredential: toApiKey },
  ];
}

function toConfigOffers(config: SettingsSources["config"], provider: string | undefined): Offer[] {
  return toOffers((name) => ({
    name: provider ? `${name} of ${provider}` : `${CONFIG_NAMESPACE}:${name}`,
    value: toText(config(name)),
  }));
}

/** The variables of each part; the first one that is set counts. */
const VARIABLES: Readonly<Record<PartName, readonly [string, ...string[]]>> = {
  accessToken: ["MONGODB_ATLAS_ACCESS_TOKEN"],
  clientId: ["MONGODB_ATLAS_CLIENT_ID"],
  clientSecret: ["MONGODB_ATLAS_CLIENT_SECRET"],
  publicKey: ["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"],
  privateKey: ["MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"],
};

function toEnvironmentOffers(env: SettingsSources["env"]): Offer[] {
  return toOffers((part) => {
    const variables = VARIABLES[part];
    const name = variables.find((variable) => toText(env[variable]) !== undefined) ?? variables[0];
    return { name, value: toText(env[name]) };
  });
}

/** A setting with surrounding space removed; an empty one counts as not set. */
function toText(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  return text === "" ? undefined : text;
}
