/** What the errors and lines of one process say: each stands alone, in the words of its level, and once. */
import { DEMO_ADMIN_CLIENT_ID, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { ProviderProcess } from "../../../provider/src/account/process.js";
import { createSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { PROJECT } from "../../../provider/src/records/scope.js";
import { createVirtualAtlas } from "../../model/virtual-atlas.js";
import { createRotatingWorld } from "../fixtures/rotating-world.js";

const RESOURCES = 5;

/** How often a text holds a part. */
function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe("five resources whose provider signs in with a wrong credential", () => {
  it("fail with a message each, that names its own account and says once what was done", async () => {
    const { control, transport, clock } = await createVirtualAtlas("local");
    const env = {
      MONGODB_ATLAS_BASE_URL: control.url,
      MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
      MONGODB_ATLAS_CLIENT_SECRET: `mdb_sa_sk_${"x".repeat(40)}`,
    };
    const handlers = createSecretHandlers(PROJECT, new ProviderProcess({ clock, env, transport, report: () => {} }));
    const accounts = await Promise.all(Array.from({ length: RESOURCES }, () => control.addAccount()));
    const messages = await Promise.all(
      accounts.map(async ({ clientId }) => {
        const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720 };
        const error = await handlers.create(handlers.check({}, args).inputs).catch((failure: unknown) => failure);
        return error instanceof Error ? error.message : "it did not fail";
      }),
    );
    for (const [index, message] of messages.entries()) {
      expect(message).toContain("invalid_client");
      expect(count(message, "Nothing was created.")).toBe(1);
      for (const [other, { clientId }] of accounts.entries()) {
        expect([message, clientId, message.includes(clientId)]).toEqual([message, clientId, other === index]);
      }
    }
  });
});

describe("a rotating resource of an organization", () => {
  it.each([
    {
      name: "a role that is missing",
      status: 403,
      operation: "createSecret",
      text: "Organization Owner in organization",
    },
    { name: "an account that is not known", status: 404, operation: "getAccount", text: "Check orgId and clientId" },
  ] as const)("is told of $name in the words of its level", async ({ status, operation, text }) => {
    const world = await createRotatingWorld("organization");
    await world.atlas.control.addFault({ kind: "status", status, match: { operation }, times: "always" });
    const { errors } = await world.up();
    expect(errors.join("\n")).toContain(text);
    expect(errors.join("\n")).not.toMatch(/[pP]roject/);
  });

  it("is told by its refresh that the organization's list lacks the account", async () => {
    const world = await createRotatingWorld("organization");
    await world.up();
    await world.atlas.control.deleteAccount(world.clientId);
    const { lines } = await world.stack.refresh();
    expect(lines.join("\n")).toContain("is not in its organization's list");
    expect(lines.join("\n")).not.toMatch(/[pP]roject/);
  });
});
