/** Which input names the owner of an account, of a project and of an organization. */
import { toAccountRef, toOwner } from "../../../provider/src/records/scope.js";
import { CLIENT_ID, OTHER_PROJECT_ID, PROJECT_ID } from "../fixtures/values.js";

const [clientId, orgId, projectId] = [CLIENT_ID, OTHER_PROJECT_ID, PROJECT_ID];

it.each([
  { level: "project", owner: { projectId, clientId }, ownerId: projectId },
  { level: "organization", owner: { orgId, clientId }, ownerId: orgId },
  { level: "project", owner: { clientId }, ownerId: "" },
])("an account of a $level is named by $owner", ({ level, owner, ownerId }) => {
  expect(toAccountRef(owner)).toStrictEqual({ level, ownerId, clientId });
  expect(toOwner({ ...owner, ...{ triggers: {} } })).toStrictEqual(owner);
});
