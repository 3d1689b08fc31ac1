/** Lists of allowed owners and accounts: off until configured, closed once a list is given. */
import { accountNotAllowed } from "../../../policy/src/rules/account-not-allowed.js";
import {
  ALL_TYPES,
  CLIENT_ID,
  judge,
  ORG_PLAIN,
  OTHER_CLIENT_ID,
  OWNER_ID,
  PLAIN,
  type Props,
  SECRET_VALUE,
  toInputs,
  UNKNOWN_TEXT,
} from "../fixtures.js";

const OTHER_ID = "fedcba9876543210fedcba98";

function judgeWith(config: Props, changes: Props = {}, type: string = PLAIN) {
  return judge(accountNotAllowed, { type, props: toInputs(type, changes) }, config);
}

describe.each(ALL_TYPES)("account-not-allowed on %s", (type) => {
  const [list, owner] = "projectId" in toInputs(type) ? ["allowedProjects", "projectId"] : ["allowedOrgs", "orgId"];

  it("says nothing until it is configured", async () => {
    expect(await judgeWith({}, {}, type)).toEqual([]);
  });

  it("accepts a listed owner and refuses another one", async () => {
    expect(await judgeWith({ [list]: [OTHER_ID, OWNER_ID] }, {}, type)).toEqual([]);
    expect(await judgeWith({ [list]: [OTHER_ID] }, {}, type)).toEqual([`${owner} is not in ${list}.`]);
  });

  it("accepts a listed account and refuses another one", async () => {
    expect(await judgeWith({ allowedClientIds: [CLIENT_ID] }, {}, type)).toEqual([]);
    expect(await judgeWith({ allowedClientIds: [OTHER_CLIENT_ID] }, {}, type)).toEqual([
      `Service account ${CLIENT_ID} is not in allowedClientIds.`,
    ]);
  });
});

describe("account-not-allowed", () => {
  it("asks for both when both lists are given", async () => {
    const config = { allowedProjects: [OTHER_ID], allowedClientIds: [OTHER_CLIENT_ID] };
    expect(await judgeWith(config)).toHaveLength(2);
    expect(await judgeWith({ ...config, allowedProjects: [OWNER_ID] })).toHaveLength(1);
  });

  it("allows nothing by an empty list", async () => {
    expect(await judgeWith({ allowedProjects: [] })).toEqual(["projectId is not in allowedProjects."]);
  });

  it("refuses an organization's account where only projects are listed, and the other way round", async () => {
    expect(await judgeWith({ allowedProjects: [OWNER_ID] }, {}, ORG_PLAIN)).toEqual(["orgId is not in allowedOrgs."]);
    expect(await judgeWith({ allowedOrgs: [OWNER_ID] })).toEqual(["projectId is not in allowedProjects."]);
  });

  it("says nothing about ids that a preview does not know", async () => {
    const config = { allowedProjects: [OTHER_ID], allowedClientIds: [OTHER_CLIENT_ID] };
    expect(await judgeWith(config, { projectId: UNKNOWN_TEXT, clientId: UNKNOWN_TEXT })).toEqual([]);
  });

  it("does not repeat a value that stands where an id belongs", async () => {
    const messages = await judgeWith({ allowedClientIds: [CLIENT_ID] }, { clientId: SECRET_VALUE });
    expect(messages).toEqual(["The service account is not in allowedClientIds."]);
  });
});
