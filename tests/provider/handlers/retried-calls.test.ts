/**
 * Calls that the engine repeats in the same run because `hooks.onError` asks for it: an update gets the outputs from before the
 * first try, and what a failure does not save the engine forgets. What a try saved is not lost in the next one.
 */
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { MINUTE_MS } from "../../../provider/src/clock.js";
import { PartialFailure } from "../../../provider/src/errors.js";
import type { Properties, SecretHandlers } from "../../../provider/src/protocol.js";
import { createBothHandlers } from "../../model/both-handlers.js";
import { toClear } from "../../model/stored-outputs.js";
import { createVirtualAtlas, type VirtualAtlas } from "../../model/virtual-atlas.js";

let atlas: VirtualAtlas;
let clientId: string;
let env: Record<string, string>;
let handlers: SecretHandlers;

beforeEach(async () => {
  atlas = await createVirtualAtlas("local", { switches: { mintLimitPerMinute: null, rateLimits: false } });
  const { control, clock, transport } = atlas;
  ({ clientId } = await control.addAccount({ level: "project", ownerId: DEMO_PROJECT_ID }));
  env = {
    MONGODB_ATLAS_BASE_URL: control.url,
    MONGODB_ATLAS_CLIENT_ID: DEMO_ADMIN_CLIENT_ID,
    MONGODB_ATLAS_CLIENT_SECRET: DEMO_ADMIN_SECRET,
  };
  handlers = createBothHandlers({ clock, transport, env, report: () => {} });
});
afterEach(() => expect(atlas.contract.problems).toEqual([]));

/** What makes a resource a rotating one to these handlers. */
const ROTATING = { quietHours: 24 };

function toInputs(changes: Properties): Properties {
  const args = { projectId: DEMO_PROJECT_ID, clientId, secretExpiresAfterHours: 720, ...changes };
  return { ...handlers.check({}, args).inputs, __provider: "FAKE" };
}

const failMints = (status: 401 | 500) =>
  atlas.control.addFault({
    kind: "status",
    status,
    body: status === 401 ? { error: "invalid_client", error_description: "Fake." } : { error: status },
    match: { operation: "mint", clientId },
    times: "always",
  });

/** What a call saves that fails in part. */
async function savedBy(call: Promise<unknown>): Promise<{ id: string; outputs: Properties; reasons: string }> {
  const failure = await call.then(
    () => "it succeeded",
    (error: unknown) => error,
  );
  if (!(failure instanceof PartialFailure)) throw new Error(`not a partial failure: ${failure}`);
  return { id: failure.id, outputs: toClear(failure.properties), reasons: failure.reasons.join("\n") };
}

async function countPosts(): Promise<number> {
  return (await atlas.control.requests()).filter(({ operation }) => operation === "createSecret").length;
}

async function heldIds(): Promise<string[]> {
  const { accounts } = await atlas.control.inventory();
  return accounts.find((account) => account.clientId === clientId)?.secrets.map(({ id }) => id) ?? [];
}

describe("an update that is tried again with the outputs from before it", () => {
  const rotated = { ...ROTATING, triggers: { ticket: 1 } };
  let id: string;
  let olds: Properties;

  beforeEach(async () => {
    const created = await handlers.create(toInputs(ROTATING));
    [id, olds] = [created.id, toClear(created.outs)];
    await failMints(500);
  });

  it("goes on with the pending secret of the last try, and makes no other", async () => {
    const { outputs } = await savedBy(handlers.update(id, olds, toInputs(rotated)));
    const second = await savedBy(handlers.update(id, olds, toInputs(rotated)));
    expect(second.outputs).toMatchObject({ pendingSecret: outputs.pendingSecret, secretId: olds.secretId });
    await atlas.control.clearFaults();
    const { outs } = await handlers.update(id, olds, toInputs(rotated));
    expect(toClear(outs)).toMatchObject({ secret: outputs.pendingSecret, previousSecretId: olds.secretId });
    expect([await countPosts(), await heldIds()]).toEqual([2, [olds.secretId, outputs.pendingSecretId]]);
  });

  it("forgets what a try saved once one has succeeded", async () => {
    await savedBy(handlers.update(id, olds, toInputs(rotated)));
    await atlas.control.clearFaults();
    const { outs } = await handlers.update(id, olds, toInputs(rotated));
    const after = toClear(outs);
    expect(toClear((await handlers.update(id, after, toInputs(rotated))).outs)).toEqual(after);
  });

  it("saves the pending secret again when it fails for another reason", async () => {
    const { outputs } = await savedBy(handlers.update(id, olds, toInputs(rotated)));
    env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    const second = await savedBy(handlers.update(id, olds, toInputs(rotated)));
    expect(second.reasons).toContain("NODE_TLS_REJECT_UNAUTHORIZED");
    expect(second.outputs).toEqual(outputs);
  });
});

describe("a creation that is tried again as an update of what it saved", () => {
  it.each([
    { name: "a plain secret", kind: {} },
    { name: "a rotating one", kind: ROTATING },
  ])("saves $name again when it fails for another reason", async ({ kind }) => {
    await failMints(500);
    const { id, outputs } = await savedBy(handlers.create(toInputs(kind)));
    env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
    const second = await savedBy(handlers.update(id, outputs, toInputs(kind)));
    expect(second).toMatchObject({ id, outputs });
    expect(await countPosts()).toBe(1);
  });

  it("goes on failing when Atlas calls the secret invalid for good", async () => {
    await failMints(401);
    const { id, outputs } = await savedBy(handlers.create(toInputs({})));
    await atlas.clock.sleep(11 * MINUTE_MS);
    const rejected = await savedBy(handlers.update(id, outputs, toInputs({})));
    expect(rejected.outputs.status).toBe("rejected");
    const again = await savedBy(handlers.update(id, rejected.outputs, toInputs({})));
    expect(again.outputs.status).toBe("rejected");
    expect(await countPosts()).toBe(1);
  });
});
