/** A service account with as many live tokens as Atlas allows: that says nothing of its secrets, and nothing is deleted for it. */
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET } from "pulumi-atlas-secrets-simulator";
import { createProjectSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { type ClientWorld, createClientWorld, failureOf } from "./helpers.js";

const TOO_MANY = "This service account has too many live tokens (Atlas allows 100). Each ends within an hour";
const ELEVEN_MINUTES_MS = 11 * 60_000;

let world: ClientWorld;

beforeEach(async () => {
  world = await createClientWorld();
});
afterEach(async () => {
  await world.atlas.close();
});

function createHandlers() {
  const { atlas, clock, account } = world;
  const env = {
    MONGODB_ATLAS_BASE_URL: atlas.url,
    MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
    MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
  };
  const handlers = createProjectSecretHandlers({ clock, env, report: () => {} });
  handlers.configure({ config: { get: () => undefined } });
  const args = { projectId: account.ownerId, clientId: account.clientId, secretExpiresAfterHours: 720 };
  return { handlers, inputs: handlers.check({}, args).inputs };
}

async function heldIds(): Promise<string[]> {
  const { accounts } = await world.atlas.inventory();
  return accounts.find(({ clientId }) => clientId === world.account.clientId)?.secrets.map(({ id }) => id) ?? [];
}

describe("a provider whose own service account has too many live tokens", () => {
  it("says so after one mint, and asks for nothing", async () => {
    await world.atlas.setSwitches({ maxLiveTokens: 0 });
    const { handlers, inputs } = createHandlers();
    const error = await failureOf(handlers.create(inputs));
    expect(error).toMatchObject({ code: "rejected", status: 403, errorCode: "access_denied" });
    expect(error.message).toContain(`mint an access token for service account ${DEMO_ADMIN_CLIENT_ID}`);
    expect(error.message).toContain(TOO_MANY);
    expect(error.message).not.toMatch(/role|access list|remove|atlas-secrets doctor/);
    expect((await world.atlas.requests()).map(({ operation }) => operation)).toEqual(["mint"]);
    expect(world.waitsMs).toEqual([]);
  });
});

describe("a new secret whose service account has too many live tokens", () => {
  it("is kept as not verified yet however old it gets, and verified once there are fewer", async () => {
    const { handlers, inputs } = createHandlers();
    // The provider's own token is minted before.
    await handlers.read("id", { ...inputs, secretId: "0".repeat(24) }).catch(() => undefined);
    await world.atlas.setSwitches({ maxLiveTokens: 0 });

    const error = await failureOf(handlers.create(inputs));
    const { id, properties } = error as unknown as { id: string; properties: Record<string, unknown> };
    expect(error).toMatchObject({ code: "partial" });
    expect(error.message).toContain(TOO_MANY);
    expect(error.message).toContain("The next 'pulumi up' tries it again");
    expect(properties).toMatchObject({ status: "pending-verification" });
    const created = await heldIds();
    expect(created).toHaveLength(1);
    // As the engine hands a recorded secret in.
    const state = { ...properties, secret: (properties.secret as { value: string }).value };

    // From this age on, Atlas is believed that a secret is not valid; but that is not what it says.
    await world.clock.sleep(ELEVEN_MINUTES_MS);
    expect(handlers.diff(id, state, inputs)).toMatchObject({ changes: true, replaces: [] });
    const again = await failureOf(handlers.update(id, state, inputs));
    expect((again as unknown as typeof error).properties).toMatchObject({ status: "pending-verification" });
    expect(await heldIds()).toEqual(created);

    await world.atlas.setSwitches({ maxLiveTokens: 100 });
    const { outs } = await handlers.update(id, state, inputs);
    expect(outs).toMatchObject({ status: "active", secretId: created[0] });
    expect(await heldIds()).toEqual(created);
  });
});
