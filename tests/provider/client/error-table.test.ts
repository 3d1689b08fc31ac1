/**
 * Every refusal that public sources show of Atlas, met by the handlers over real HTTP: its message, read alone, tells what is wrong,
 * where, and the next command; the reference of messages knows it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, DEMO_PROJECT_ID, type Match } from "pulumi-atlas-secrets-simulator";
import { findCause, toAdvice } from "../../../provider/src/atlas/advice.js";
import { createProjectSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { createClientWorld, failureOf } from "./helpers.js";

const CREATE = { operation: "createSecret" } as const;
const LOOK = { operation: "getAccount" } as const;
const MINT = { operation: "mint" } as const;
const SOURCE = `client id ${DEMO_ADMIN_CLIENT_ID} of MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET`;
const DOCTOR = `'atlas-secrets doctor --project ${DEMO_PROJECT_ID}'`;
const OWNER_ROLE = `the role Project Owner in project ${DEMO_PROJECT_ID}`;
const AGAIN = "'pulumi up'";

interface Row {
  readonly status: number;
  readonly errorCode?: string;
  /** Of the body, when it is not that of the Administration API. */
  readonly body?: unknown;
  readonly at: Match;
  /** What the message says of what is wrong, and the next command. */
  readonly wrong: string;
  readonly next: string;
  readonly code?: string;
}

/** What is about the credential: all of it names that one and where it came from. */
const ABOUT_CREDENTIAL: readonly Row[] = [
  {
    status: 401,
    errorCode: "UNEXPECTED_ERROR",
    at: CREATE,
    wrong: "Atlas does not accept it",
    next: DOCTOR,
    code: "authentication",
  },
  { status: 401, at: CREATE, wrong: "Atlas does not accept it", next: DOCTOR, code: "authentication" },
  { status: 401, errorCode: "USER_UNAUTHORIZED", at: CREATE, wrong: OWNER_ROLE, next: DOCTOR },
  { status: 401, errorCode: "NOT_ORG_OWNER", at: CREATE, wrong: "only an Organization Owner", next: DOCTOR },
  {
    status: 401,
    errorCode: "NOT_IN_GROUP",
    at: LOOK,
    wrong: "or the project does not exist",
    next: DOCTOR,
  },
  { status: 401, errorCode: "USER_CANNOT_ACCESS_GROUP", at: LOOK, wrong: OWNER_ROLE, next: DOCTOR },
  { status: 401, errorCode: "USER_CANNOT_ACCESS_ORG", at: CREATE, wrong: OWNER_ROLE, next: DOCTOR },
  { status: 401, errorCode: "NOT_ORG_GROUP_CREATOR", at: CREATE, wrong: OWNER_ROLE, next: DOCTOR },
  { status: 401, errorCode: "API_KEY_ACCESS_LIST_ACCESS_DENIED", at: CREATE, wrong: OWNER_ROLE, next: DOCTOR },
  { status: 403, errorCode: "USER_UNAUTHORIZED", at: CREATE, wrong: OWNER_ROLE, next: DOCTOR },
  { status: 403, errorCode: "CANNOT_CHANGE_GROUP_NAME", at: CREATE, wrong: "may lack the role", next: DOCTOR },
  { status: 403, errorCode: "ACCESS_FORBIDDEN", at: CREATE, wrong: "may lack the role", next: DOCTOR },
  {
    status: 403,
    errorCode: "IP_ADDRESS_NOT_ON_ACCESS_LIST",
    at: LOOK,
    wrong: "is not on its IP access list",
    next: DOCTOR,
  },
  {
    status: 403,
    errorCode: "RESOURCE_REQUIRES_WHITELIST",
    at: CREATE,
    wrong: "is not on its IP access list",
    next: DOCTOR,
  },
  { status: 403, errorCode: "ORG_REQUIRES_WHITELIST", at: CREATE, wrong: "is not on its IP access list", next: DOCTOR },
];

const HELD = "When last looked at, the account held 0 of 2 secrets.";
const LIMIT = "A service account holds two secrets";
const VERSION = "Atlas does not offer version 2024-08-05";
const UPDATE = "'npm install pulumi-atlas-secrets@latest'";

const OTHERS: readonly Row[] = [
  {
    status: 400,
    errorCode: "VALIDATION_ERROR",
    at: CREATE,
    wrong: "(maxServiceAccountSecretValidityInHours) can be lower",
    next: AGAIN,
  },
  { status: 400, errorCode: "INVALID_VERSION_DATE", at: LOOK, wrong: VERSION, next: UPDATE },
  { status: 400, errorCode: "PATH_PARAM_PARSE_ERROR", at: CREATE, wrong: "Correct what Atlas objects to", next: AGAIN },
  { status: 400, errorCode: "MAX_SERVICE_ACCOUNTS_PER_ORG_EXCEEDED", at: CREATE, wrong: LIMIT, next: AGAIN },
  { status: 402, errorCode: "ACCOUNT_SUSPENDED", at: CREATE, wrong: "Atlas has suspended", next: AGAIN },
  { status: 403, errorCode: "MAX_PUBLIC_API_KEY_REACHED", at: CREATE, wrong: LIMIT, next: AGAIN },
  { status: 404, errorCode: "RESOURCE_NOT_FOUND", at: LOOK, wrong: "Check projectId and clientId", next: AGAIN },
  { status: 404, errorCode: "UNEXPECTED_ERROR", at: LOOK, wrong: "Check projectId and clientId", next: AGAIN },
  { status: 404, errorCode: "GROUP_NOT_FOUND", at: LOOK, wrong: `knows no project ${DEMO_PROJECT_ID}`, next: AGAIN },
  {
    status: 405,
    errorCode: "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES",
    at: CREATE,
    wrong: "while it is upgraded",
    next: AGAIN,
  },
  { status: 406, errorCode: "INVALID_MEDIA_TYPE", at: CREATE, wrong: VERSION, next: UPDATE },
  {
    status: 409,
    errorCode: "DATA_CONCURRENCY_ERROR",
    at: CREATE,
    wrong: "Another operation was under way",
    next: AGAIN,
  },
  { status: 409, errorCode: "PEER_MAXIMUM_REACHED", at: CREATE, wrong: LIMIT, next: AGAIN },
  { status: 410, errorCode: "VERSION_GONE", at: LOOK, wrong: VERSION, next: UPDATE },
  { status: 429, errorCode: "RATE_LIMITED", at: CREATE, wrong: "Atlas asks to wait", next: AGAIN, code: "rate-limit" },
  {
    status: 429,
    errorCode: "RATE_LIMITED_TOKEN_BUCKET",
    at: LOOK,
    wrong: "Atlas asks to wait",
    next: AGAIN,
    code: "rate-limit",
  },
  {
    status: 500,
    errorCode: "UNEXPECTED_ERROR",
    at: LOOK,
    wrong: "https://status.mongodb.com",
    next: AGAIN,
    code: "connection",
  },
  {
    status: 503,
    errorCode: "SERVICE_UNAVAILABLE",
    at: LOOK,
    wrong: "Atlas asks to wait",
    next: AGAIN,
    code: "connection",
  },
  { status: 407, at: LOOK, wrong: "no answer of Atlas's API", next: AGAIN },
  { status: 302, at: LOOK, wrong: "Redirects are not followed", next: AGAIN, code: "connection" },
];

const SIGN_IN: readonly Row[] = [401, 400].map((status) => ({
  status,
  errorCode: "invalid_client",
  body: { error: "invalid_client", error_description: `A fake detail of ${status}.` },
  at: MINT,
  wrong: "Atlas does not accept it",
  next: "'atlas-secrets doctor'",
  code: "authentication",
}));

const TOKENS: Row = {
  status: 403,
  errorCode: "access_denied",
  body: { error: "access_denied", error_description: "A fake detail of 403." },
  at: MINT,
  wrong: "This service account has too many live tokens (Atlas allows 100). Each ends within an hour",
  next: AGAIN,
};

let world: Awaited<ReturnType<typeof createWorld>>;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.atlas.close());

async function createWorld() {
  const { atlas, account, clock } = await createClientWorld();
  const create = (credential: Readonly<Record<string, string>>) =>
    createProjectSecretHandlers({
      clock,
      env: { MONGODB_ATLAS_BASE_URL: atlas.url, ...credential },
      report: () => {},
    });
  const handlers = create({
    MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
    MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
  });
  const inputs = { projectId: account.ownerId, clientId: account.clientId, secretExpiresAfterHours: 720 };
  return { atlas, account, create, handlers, inputs: handlers.check({}, inputs).inputs };
}

/** What the creation fails with, and what was sent for it. */
async function meet({ status, errorCode, body, at }: Row) {
  const { atlas, handlers, inputs } = world;
  const fields = { error: status, detail: `A fake detail of ${status}.`, reason: "Fake", parameters: null };
  const told = body ?? (errorCode === undefined ? { error: status, detail: fields.detail } : { ...fields, errorCode });
  await atlas.addFault({ kind: "status", status, body: told, match: at, times: "always" });
  const error = await failureOf(handlers.create(inputs));
  const sent = (await atlas.requests()).map(({ operation }) => operation);
  return { error, sent };
}

const ROWS = [...ABOUT_CREDENTIAL, ...OTHERS, ...SIGN_IN, TOKENS];
const named = (rows: readonly Row[]) =>
  rows.map((row) => ({ ...row, name: `${row.status} ${row.errorCode ?? "without a code"} of ${row.at.operation}` }));

describe("the message of a creation that meets a refusal of Atlas", () => {
  it.each(named(ROWS))("tells what is wrong, where, and the next command: $name", async (row) => {
    const { status, errorCode = "", wrong, next, code = "rejected" } = row;
    const { error } = await meet(row);
    expect(error).toMatchObject({ code, status });
    const { message } = error;
    expect(message).toContain(`service account ${world.account.clientId} of project ${DEMO_PROJECT_ID}`);
    expect(message).toContain(`Atlas answered ${status}${errorCode && ` ${errorCode}`}: A fake detail of ${status}. `);
    expect(message).toContain(wrong);
    expect(message).toContain(next);
    // Whatever Atlas said, nothing at Atlas is to be deleted for it.
    expect(message).not.toMatch(/atlas-secrets remove|state delete/);
    expect(findPhrases().filter((phrase) => isIn(phrase, message))).not.toEqual([]);
  });

  it.each(named([...ABOUT_CREDENTIAL, ...SIGN_IN]))("names the credential and its source: $name", async (row) => {
    expect((await meet(row)).error.message).toContain(`The credential was ${SOURCE}`);
  });

  it.each(
    named(
      ABOUT_CREDENTIAL.filter(
        ({ at, errorCode = "UNEXPECTED_ERROR" }) => at === CREATE && errorCode !== "UNEXPECTED_ERROR",
      ),
    ),
  )("costs one POST and one mint when the credential itself is good: $name", async (row) => {
    const { sent } = await meet(row);
    expect(sent.filter((operation) => operation === "createSecret")).toHaveLength(1);
    expect(sent.filter((operation) => operation === "mint")).toHaveLength(1);
  });

  it.each(named(OTHERS.filter(({ status, at }) => at === CREATE && (status === 400 || status === 403))))(
    "tells what the account held, since a third secret may be refused like that: $name",
    async (row) => {
      expect((await meet(row)).error.message).toContain(HELD);
    },
  );
});

describe("the message of a creation whose credential is not a service account's", () => {
  const TOKEN = { MONGODB_ATLAS_ACCESS_TOKEN: "not-a-real-access-token" };
  const toKey = ({ publicKey = "", privateKey = "" }) => ({
    MONGODB_ATLAS_PUBLIC_KEY: publicKey,
    MONGODB_ATLAS_PRIVATE_API_KEY: privateKey,
  });

  it.each([
    { name: "a token", toEnv: () => TOKEN, says: "the access token of MONGODB_ATLAS_ACCESS_TOKEN", skip: 0 },
    // The first answer to a key is a challenge.
    {
      name: "a key",
      toEnv: toKey,
      says: "the API key of MONGODB_ATLAS_PUBLIC_KEY and MONGODB_ATLAS_PRIVATE_API_KEY",
      skip: 1,
    },
  ])("names the source of $name that is not accepted", async ({ toEnv, says, skip }) => {
    const { atlas, inputs, create } = world;
    const env = toEnv(await atlas.addApiKey());
    const body = { error: 401, errorCode: "UNEXPECTED_ERROR", detail: "A fake detail." };
    await atlas.addFault({ kind: "status", status: 401, body, match: LOOK, skip, times: "always" });
    const { message } = await failureOf(create(env).create(inputs));
    expect(message).toContain(`A fake detail. The credential was ${says}; Atlas does not accept it`);
  });
});

describe("the reference of messages", () => {
  it("has only phrases that the provider says", () => {
    const levels = ["project", "organization"] as const;
    const texts = ROWS.flatMap((row) =>
      levels.map((level) => toAdvice(findCause(row), { owner: { level, ownerId: DEMO_PROJECT_ID } })),
    );
    const phrases = findPhrases().filter((phrase) => !OF_PULUMI.includes(phrase));
    expect(phrases.length).toBeGreaterThan(20);
    expect(phrases.filter((phrase) => ![...texts, SOURCE_TEXT].some((text) => isIn(phrase, text)))).toEqual([]);
  });
});

/** Texts of the language host. */
const OF_PULUMI = ["the Pulumi SDK has not been installed", "Unable to compile TypeScript"];

const PROVIDER = join(__dirname, "../../../provider/src");
const SOURCE_TEXT = readdirSync(PROVIDER, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
  .join("\n");

/** The texts in the first column of the reference's tables, by which a message is found. */
function findPhrases(): string[] {
  const page = readFileSync(join(__dirname, "../../../docs/reference/messages.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith('| <a id="'));
  return rows.flatMap((row) =>
    [...(row.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)].map(([, phrase = ""]) => phrase),
  );
}

/** Whether a text holds a phrase; `...` stands for anything. */
function isIn(phrase: string, text: string): boolean {
  return phrase.split("...").every((part) => text.includes(part.trim()));
}
