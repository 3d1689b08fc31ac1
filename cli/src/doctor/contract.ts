/**
 * What Atlas's public description says of the answers that `doctor` sees, in small: which fields there must be, and of what
 * shape. Of an answer only names and shapes leave this file, never what a field holds.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-service-accounts
 */
import * as v from "valibot";
import { findJson, isObject } from "../sources/json.js";

/** The calls whose answers are compared. */
export type Call = "mint" | "listAccounts" | "getAccount" | "createSecret" | "deleteSecret";

/** How an answer differs from its description. */
export interface Comparison {
  /** One clause each: `secrets.0.id is missing`. */
  readonly deviations: readonly string[];
  /** Names of fields that the description does not have. */
  readonly unknownFields: readonly string[];
}

const time = v.pipe(v.string(), v.isoTimestamp());

const secretEntries = {
  id: v.pipe(v.string(), v.regex(/^[a-f0-9]{24}$/)),
  createdAt: time,
  expiresAt: time,
  lastUsedAt: v.nullish(time),
  maskedSecretValue: v.optional(v.string()),
  secret: v.optional(v.string()),
};

const accountEntries = {
  clientId: v.pipe(v.string(), v.regex(/^mdb_sa_id_[a-fA-F\d]{24}$/)),
  createdAt: v.optional(time),
  description: v.optional(v.string()),
  name: v.optional(v.string()),
  roles: v.optional(v.array(v.unknown())),
  secrets: v.optional(v.array(v.looseObject(secretEntries))),
};

const pageEntries = {
  links: v.optional(v.array(v.unknown())),
  results: v.array(v.looseObject(accountEntries)),
  totalCount: v.optional(v.number()),
};

const errorEntries = {
  error: v.number(),
  errorCode: v.string(),
  reason: v.nullish(v.string()),
  detail: v.nullish(v.string()),
  parameters: v.optional(v.array(v.unknown())),
  badRequestDetail: v.nullish(v.unknown()),
};

const tokenEntries = { access_token: v.string(), expires_in: v.number(), token_type: v.string() };
const oauthErrorEntries = { error: v.string(), error_description: v.optional(v.string()) };

/** The status of a success and the fields of its body; without any there is no body. */
const SUCCESSES = {
  mint: { status: 200, entries: tokenEntries },
  listAccounts: { status: 200, entries: pageEntries },
  getAccount: { status: 200, entries: accountEntries },
  createSecret: { status: 201, entries: secretEntries },
  deleteSecret: { status: 204, entries: undefined },
} as const;

/** Compares one answer. */
export function compareWithContract(call: Call, status: number, body: string): Comparison {
  const success = SUCCESSES[call];
  if (status >= 200 && status < 300) {
    const wrong = status === success.status ? [] : [`the status is ${status} and not ${success.status}`];
    if (!success.entries) {
      return { deviations: [...wrong, ...(body === "" ? [] : ["there is a body"])], unknownFields: [] };
    }
    const found = compareBody(body, success.entries);
    return { ...found, deviations: [...wrong, ...found.deviations] };
  }
  // What the mint limit answers is not described.
  if (call === "mint" && status !== 400 && status !== 401) return { deviations: [], unknownFields: [] };
  return compareBody(body, call === "mint" ? oauthErrorEntries : errorEntries);
}

function compareBody(body: string, entries: v.ObjectEntries): Comparison {
  const json = findJson(body);
  if (!isObject(json)) return { deviations: ["the body is not a JSON object"], unknownFields: [] };
  const { issues = [] } = v.safeParse(v.looseObject(entries), json);
  const deviations = issues.map((issue) => {
    const what = issue.received === "undefined" ? "is missing" : "is not of the described shape";
    return `${v.getDotPath(issue) ?? "the body"} ${what}`;
  });
  return { deviations: [...new Set(deviations)], unknownFields: listUnknown(json, entries) };
}

function listUnknown(json: Readonly<Record<string, unknown>>, entries: v.ObjectEntries): string[] {
  const own = Object.keys(json).filter((name) => !Object.hasOwn(entries, name));
  const accounts = toObjects(json.results).flatMap((account) => listUnknown(account, accountEntries));
  const secrets = toObjects(json.secrets).flatMap((secret) => listUnknown(secret, secretEntries));
  // A name is the server's text as well: only what looks like one is repeated.
  return [...new Set([...own, ...accounts, ...secrets])].filter((name) => /^(?!mdb_sa_)[A-Za-z]\w{0,39}$/.test(name));
}

function toObjects(list: unknown) {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
