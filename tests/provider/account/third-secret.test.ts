/** A third secret that Atlas refuses, however it does so: the message speaks of a full account, never of a role or of an input. */
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import type { Transport } from "../../../provider/src/atlas/transport.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { createProjectSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { createVirtualAtlas } from "../../model/virtual-atlas.js";

const REFUSALS = [
  { status: 400, errorCode: "SERVICE_ACCOUNT_SECRET_LIMIT_EXCEEDED" },
  { status: 403, errorCode: "MAX_SECRETS_PER_SERVICE_ACCOUNT_REACHED" },
  { status: 409, errorCode: "SECRET_MAXIMUM_REACHED" },
];

/** What a creation, which takes `postMs`, fails with while two secrets of others exist, the second of which is listed late. */
async function createThird(thirdSecret: (typeof REFUSALS)[number], readLagSeconds: number, postMs = 0) {
  const { control, transport, clock } = await createVirtualAtlas("local", { switches: { thirdSecret } });
  const { clientId } = await control.addAccount();
  const create = () => control.createForeignSecret({ ownerId: DEMO_PROJECT_ID, clientId });
  const first = await create();
  await clock.sleep(2 * HOUR_MS);
  await control.setSwitches({ readLagSeconds });
  const second = await create();
  const env = {
    MONGODB_ATLAS_BASE_URL: control.url,
    MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
    MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
  };
  const slow: Transport = async (request) => {
    if (request.url.endsWith("/secrets")) await clock.sleep(postMs);
    return transport(request);
  };
  const handlers = createProjectSecretHandlers({ clock, env, transport: slow, report: () => {} });
  const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720 };
  const error = await handlers.create(handlers.check({}, args).inputs).then(
    () => new Error("it did not fail"),
    (failure: Error) => failure,
  );
  const { accounts } = await control.inventory();
  const held = accounts.find((account) => account.clientId === clientId)?.secrets.map(({ id }) => id);
  expect(held).toEqual([first.id, second.id]);
  expect((await control.requests()).filter(({ operation }) => operation === "createSecret")).not.toEqual([]);
  return { error, ids: [first.id, second.id] };
}

describe("a creation on an account whose second secret is not listed yet", () => {
  it.each(REFUSALS.slice(0, 2))("says that the account may be full, and what it showed: $status", async (refusal) => {
    const { error, ids } = await createThird(refusal, 3_600);
    expect(error).toMatchObject({ code: "rejected", ...refusal });
    expect(error.message).toContain("A service account holds two secrets");
    expect(error.message).toContain(`the account held 1 of 2 secrets (${ids[0]}); one that was made a moment ago`);
    expect(error.message).not.toMatch(/Correct what|lack|role/);
  });

  it("says what the account showed although the code speaks of no limit", async () => {
    const { error, ids } = await createThird({ status: 403, errorCode: "ACCESS_FORBIDDEN" }, 3_600);
    expect(error.message).toContain(`the account held 1 of 2 secrets (${ids[0]}); one that was made a moment ago`);
  });

  it("waits for the list with a 409, and then names both holders", async () => {
    const { error, ids } = await createThird({ status: 409, errorCode: "SECRET_MAXIMUM_REACHED" }, 60);
    expect(error).toMatchObject({ code: "account-full", holders: ids });
  });
});

describe("a creation on an account of which the first look does not show the second secret, and the next one does", () => {
  it.each(REFUSALS)("names both holders and no role: $status", async (refusal) => {
    const { error, ids } = await createThird(refusal, 3, 5_000);
    expect(error).toMatchObject({ code: "account-full", holders: ids });
    expect(error.message).not.toMatch(/Correct what|lack|role/);
  });
});
