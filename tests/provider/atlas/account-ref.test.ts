import { describeAccount, toAccountPath, toAccountsPath } from "../../../provider/src/atlas/account-ref.js";
import { CLIENT_ID, PROJECT_ID } from "../fixtures/values.js";

const PROJECT = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID } as const;
const ORGANIZATION = { ...PROJECT, level: "organization" } as const;

describe("toAccountPath", () => {
  it.each([
    { name: "a project", ref: PROJECT, path: `/api/atlas/v2/groups/${PROJECT_ID}/serviceAccounts/${CLIENT_ID}` },
    {
      name: "an organisation",
      ref: ORGANIZATION,
      path: `/api/atlas/v2/orgs/${PROJECT_ID}/serviceAccounts/${CLIENT_ID}`,
    },
  ])("leads to the account of $name, below its list", ({ ref, path }) => {
    expect(toAccountPath(ref)).toBe(path);
    expect(path.startsWith(`${toAccountsPath(ref)}/`)).toBe(true);
  });

  it("lets no id leave its place in the path", () => {
    expect(toAccountPath({ ...PROJECT, ownerId: "a/b", clientId: "../x?y#z" })).toBe(
      "/api/atlas/v2/groups/a%2Fb/serviceAccounts/..%2Fx%3Fy%23z",
    );
  });
});

describe("describeAccount", () => {
  it.each([
    { ref: PROJECT, text: `service account ${CLIENT_ID} of project ${PROJECT_ID}` },
    { ref: ORGANIZATION, text: `service account ${CLIENT_ID} of organization ${PROJECT_ID}` },
  ])("names an account of $ref.level", ({ ref, text }) => {
    expect(describeAccount(ref)).toBe(text);
  });
});
