import {
  describeAccount,
  toAccountPath,
  toAccountsPath,
  toSecretPath,
} from "../../../provider/src/atlas/account-ref.js";
import { CLIENT_ID, PROJECT_ID, SECRET_VALUE } from "../fixtures/values.js";

const PROJECT = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID } as const;
const ORGANIZATION = { ...PROJECT, level: "organization" } as const;

describe("toAccountPath", () => {
  it.each([
    { name: "a project", ref: PROJECT, path: `/api/atlas/v2/groups/${PROJECT_ID}/serviceAccounts/${CLIENT_ID}` },
    {
      name: "an organization",
      ref: ORGANIZATION,
      path: `/api/atlas/v2/orgs/${PROJECT_ID}/serviceAccounts/${CLIENT_ID}`,
    },
  ])("leads to the account of $name, below its list", ({ ref, path }) => {
    expect(toAccountPath(ref)).toBe(path);
    expect(path.startsWith(`${toAccountsPath(ref)}/`)).toBe(true);
  });
});

describe("an id in a path", () => {
  it.each([
    { name: "nothing", id: "" },
    { name: "one dot, which a URL drops", id: "." },
    { name: "two dots, which lead one level up: to the account instead of its secret", id: ".." },
    { name: "encoded dots, which a URL reads as dots", id: "%2e%2E" },
    { name: "a slash", id: "a/b" },
    { name: "a backslash, which a URL reads as a slash", id: "a\\b" },
    { name: "an encoded slash", id: "a%2fb" },
    { name: "a query", id: "a?envelope=true" },
    { name: "a fragment", id: "a#b" },
    { name: "another host", id: "//elsewhere.example" },
    { name: "a user name", id: "@elsewhere.example" },
    { name: "a line break", id: "a\r\nHost: elsewhere.example" },
    { name: "a tabulator, which a URL drops", id: ".\t." },
    { name: "half a character", id: "\ud800" },
  ])("is refused when it is $name, and not repeated", ({ id }) => {
    const refusal = "Nothing was sent to Atlas: an id must consist of letters, digits, _ and -,";
    for (const toPath of [
      () => toAccountsPath({ ...PROJECT, ownerId: id }),
      () => toAccountPath({ ...PROJECT, ownerId: id }),
      () => toAccountPath({ ...ORGANIZATION, clientId: id }),
      () => toSecretPath(PROJECT, id),
    ]) {
      expect(toPath).toThrow(refusal);
      if (id.length > 2) expect(toPath).not.toThrow(id);
    }
  });

  it.each(["a", "a".repeat(24), CLIENT_ID, "with-hyphen"])("is taken as it is when it is %s", (id) => {
    expect(toSecretPath(PROJECT, id)).toBe(`${toAccountPath(PROJECT)}/secrets/${id}`);
  });
});

describe("describeAccount", () => {
  it.each([
    { ref: PROJECT, text: `service account ${CLIENT_ID} of project ${PROJECT_ID}` },
    { ref: ORGANIZATION, text: `service account ${CLIENT_ID} of organization ${PROJECT_ID}` },
  ])("names an account of $ref.level", ({ ref, text }) => {
    expect(describeAccount(ref)).toBe(text);
  });

  it("does not show what is not shaped like an id: it may be a credential in the wrong place", () => {
    expect(describeAccount({ level: "project", ownerId: PROJECT_ID, clientId: SECRET_VALUE })).toBe(
      `service account [not an id] of project ${PROJECT_ID}`,
    );
    expect(describeAccount({ ...PROJECT, ownerId: SECRET_VALUE })).toBe(
      `service account ${CLIENT_ID} of project [not an id]`,
    );
  });
});
