import { type Cause, findCause, isOwnerUnseen, isRoleMissing, toAdvice } from "../../../provider/src/atlas/advice.js";
import { PROJECT_ID } from "../fixtures/values.js";

const OWNER = { level: "project", ownerId: PROJECT_ID } as const;
const ORGANIZATION = { level: "organization", ownerId: PROJECT_ID } as const;

describe("findCause", () => {
  it.each<{ status: number; errorCode?: string; cause: Cause }>([
    { status: 401, cause: "credential" },
    { status: 401, errorCode: "UNEXPECTED_ERROR", cause: "credential" },
    { status: 400, errorCode: "invalid_client", cause: "credential" },
    { status: 401, errorCode: "USER_UNAUTHORIZED", cause: "role" },
    // Some answers give a missing role as 403.
    { status: 403, errorCode: "USER_UNAUTHORIZED", cause: "role" },
    { status: 403, errorCode: "NOT_ORG_OWNER", cause: "organization-role" },
    { status: 401, errorCode: "NOT_IN_GROUP", cause: "owner-unseen" },
    { status: 404, errorCode: "GROUP_NOT_FOUND", cause: "owner-gone" },
    { status: 404, errorCode: "ORG_NOT_FOUND", cause: "owner-gone" },
    { status: 404, errorCode: "RESOURCE_NOT_FOUND", cause: "unknown-account" },
    { status: 403, errorCode: "ACCESS_FORBIDDEN", cause: "forbidden" },
    { status: 400, errorCode: "MAX_SERVICE_ACCOUNTS_PER_ORG_EXCEEDED", cause: "limit" },
    { status: 400, errorCode: "SERVICE_ACCOUNT_SECRET_LIMIT_EXCEEDED", cause: "limit" },
    { status: 403, errorCode: "MAX_PUBLIC_API_KEY_REACHED", cause: "limit" },
    { status: 409, errorCode: "PEER_MAXIMUM_REACHED", cause: "limit" },
    { status: 409, errorCode: "DATA_CONCURRENCY_ERROR", cause: "busy" },
    { status: 401, errorCode: "SOME_LIMIT_EXCEEDED", cause: "credential" },
    { status: 429, errorCode: "RATE_LIMITED", cause: "wait" },
    { status: 400, errorCode: "INVALID_VERSION_DATE", cause: "version" },
    { status: 400, errorCode: "VALIDATION_ERROR", cause: "inputs" },
    { status: 408, cause: "server" },
    { status: 499, cause: "proxy" },
    { status: 401, errorCode: "access_denied", cause: "credential" },
    { status: 403, errorCode: "access_denied", cause: "tokens" },
    { status: 405, errorCode: "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES", cause: "upgrade" },
    { status: 299, cause: "server" },
    { status: 300, cause: "redirect" },
    { status: 301, cause: "redirect" },
    { status: 399, cause: "redirect" },
    { status: 500, errorCode: "GROUP_NOT_FOUND", cause: "server" },
    { status: 503, cause: "wait" },
  ])("is $cause for $status $errorCode", ({ cause, ...fault }) => {
    expect(findCause(fault)).toBe(cause);
  });
});

describe("isRoleMissing", () => {
  it.each([
    { status: 401, errorCode: "NOT_IN_GROUP", expected: true },
    { status: 401, errorCode: "UNEXPECTED_ERROR", expected: false },
    { status: 401, errorCode: undefined, expected: false },
    { status: 403, errorCode: "NOT_IN_GROUP", expected: false },
  ])("is $expected for $status $errorCode", ({ status, errorCode, expected }) => {
    const body = JSON.stringify({ error: status, errorCode });
    expect(isRoleMissing({ kind: "answer", status, headers: {}, body })).toBe(expected);
  });
});

describe("isOwnerUnseen", () => {
  it.each([
    { status: 404, errorCode: "GROUP_NOT_FOUND", expected: true },
    { status: 401, errorCode: "NOT_IN_GROUP", expected: true },
    { status: 404, errorCode: "RESOURCE_NOT_FOUND", expected: false },
    { status: 401, errorCode: "USER_UNAUTHORIZED", expected: false },
    { status: 500, errorCode: "GROUP_NOT_FOUND", expected: false },
  ])("is $expected for $status $errorCode", ({ expected, ...fault }) => {
    expect(isOwnerUnseen(fault)).toBe(expected);
  });
});

describe("toAdvice", () => {
  it.each([
    { name: "the stack", from: "stack", command: "'atlas-secrets doctor --stack NAME' checks it." },
    {
      name: "the environment",
      from: "environment",
      command: `'atlas-secrets doctor --project ${PROJECT_ID}' checks it.`,
    },
    {
      name: "an explicit provider, which it does not know",
      from: "provider",
      command: `'atlas-secrets doctor --project ${PROJECT_ID}' with this credential in the environment checks it.`,
    },
  ] as const)("names the command that checks a credential of $name", ({ from, command }) => {
    const credentialSource = { from, name: "the access token of somewhere" };
    for (const cause of ["credential", "role", "organization-role", "owner-unseen", "address", "forbidden"] as const) {
      const advice = toAdvice(cause, { owner: OWNER, credentialSource });
      expect(advice).toContain("The credential was the access token of somewhere");
      expect(advice.endsWith(command)).toBe(true);
    }
  });

  /** What only the text of this cause says. */
  const SAYINGS: Readonly<Record<Cause, string>> = {
    credential: "Put one that works in its place.",
    role: "it lacks a role: give it the role Project Owner",
    "organization-role": "give it that role.",
    "owner-unseen": "or the project does not exist: Atlas does not tell which.",
    "owner-gone": "projectId is wrong: correct it",
    address: "add it there.",
    forbidden: "it may lack the role Project Owner",
    limit: "Atlas speaks of a limit.",
    version: "npm install pulumi-atlas-secrets@latest",
    suspended: "Atlas has suspended the organization",
    tokens: "too many live tokens",
    upgrade: "while it is upgraded",
    inputs: "Correct what Atlas objects to",
    "unknown-account": "Check projectId and clientId",
    busy: "Another operation was under way",
    wait: "Atlas asks to wait: run 'pulumi up' again after a minute.",
    redirect: "Redirects are not followed",
    proxy: "That is no answer of Atlas's API",
    server: "Run 'pulumi up' again; if it persists",
  };
  const causes = Object.keys(SAYINGS) as Cause[];

  it.each(causes)("says of each cause what no other text says: %s", (cause) => {
    const advice = toAdvice(cause, { owner: OWNER });
    expect(causes.filter((other) => advice.includes(SAYINGS[other]))).toEqual([cause]);
  });

  it("does not send whoever runs that command to itself", () => {
    expect(toAdvice("credential", { command: "atlas-secrets doctor" })).not.toContain("'atlas-secrets");
  });

  it.each([
    { cause: "role", says: `Organization Owner in organization ${PROJECT_ID}` },
    { cause: "organization-role", says: "Only an Organization Owner may do this." },
    { cause: "address", says: `doctor --organization ${PROJECT_ID}` },
    { cause: "unknown-account", says: "Check orgId and clientId" },
    { cause: "owner-gone", says: "orgId is wrong" },
  ] as const)("speaks of the organization where the account is one of it: $cause", ({ cause, says }) => {
    const advice = toAdvice(cause, { owner: ORGANIZATION });
    expect(advice).toContain(says);
    expect(advice).not.toMatch(/project/i);
  });
});
