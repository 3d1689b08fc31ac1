/** What the handlers of one process know of each other: the engine tells each resource's handler about its own only. */
import { DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import { ProviderProcess } from "../../../provider/src/account/process.js";
import type { Answer, NoAnswer, Transport } from "../../../provider/src/atlas/transport.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { createSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import { createRotatingHandlers } from "../../../provider/src/handlers/rotating-secret.js";
import { PROJECT } from "../../../provider/src/records/scope.js";
import { createRotatingWorld } from "../fixtures/rotating-world.js";

describe("handlers of one process", () => {
  it("protect what the others record, also where an account is called exclusive", async () => {
    const world = await createRotatingWorld();
    const { transport, clock, control } = world.atlas;
    const startProcess = () => new ProviderProcess({ transport, clock, env: world.stack.env, report: () => undefined });
    const before = createSecretHandlers(PROJECT, startProcess());
    const inputs = { ...world.toProgram().main, exclusive: true, mayRemove: [] as string[] };
    const { id, outs } = await before.create(before.check({}, inputs).inputs);
    const { clientId } = world;
    await control.createForeignSecret(
      { ownerId: DEMO_PROJECT_ID, clientId },
      { lastUsedAt: new Date(clock.now() + HOUR_MS).toISOString() },
    );
    const process = startProcess();
    const single = createSecretHandlers(PROJECT, process);
    const rotating = createRotatingHandlers(PROJECT, process);
    // A run that moves from the one resource to the other: the old one is told, and deleted last.
    single.diff(id, { ...outs, secret: "" }, inputs);
    const wish = { ...inputs, mayRemove: [String(outs.secretId)] };
    await expect(rotating.create(rotating.check({}, wish).inputs)).rejects.toMatchObject({ code: "account-full" });
    expect(await world.heldIds()).toContain(outs.secretId);
  });

  it("sign in once, though each of them is configured", async () => {
    const world = await createRotatingWorld();
    const { transport, clock, control } = world.atlas;
    const process = new ProviderProcess({ transport, clock, env: world.stack.env, report: () => undefined });
    const other = await control.addAccount();
    const [single, rotating] = [createSecretHandlers(PROJECT, process), createRotatingHandlers(PROJECT, process)];
    const args = { verify: false, ...world.toProgram().main };
    for (const [handlers, clientId] of [
      [single, world.clientId],
      [rotating, other.clientId],
    ] as const) {
      handlers.configure({ config: { get: () => undefined } });
      await handlers.create(handlers.check({}, { ...args, clientId }).inputs);
    }
    const mints = (await control.requests()).filter(({ operation }) => operation === "mint");
    expect(mints).toHaveLength(1);
  });
});

/** The transport with answers to looks that lag: after a deletion the next one still shows what the last one showed. */
function lagging(transport: Transport): Transport {
  let [last, isStale]: [Answer | NoAnswer | undefined, boolean] = [undefined, false];
  return async (request) => {
    const isLook = request.method === "GET";
    if (isLook && isStale && last) {
      isStale = false;
      return last;
    }
    const outcome = await transport(request);
    if (isLook) last = outcome;
    isStale = request.method === "DELETE";
    return outcome;
  };
}

describe("a look that still shows what the same update deleted", () => {
  it("does not take the slot for taken", async () => {
    const world = await createRotatingWorld();
    await world.up();
    await world.atlas.clock.sleep(HOUR_MS);
    await world.up({ triggers: { ticket: 1 } });
    await world.atlas.clock.sleep(24 * HOUR_MS);
    const { transport, clock } = world.atlas;
    const process = new ProviderProcess({
      transport: lagging(transport),
      clock,
      env: world.stack.env,
      report: () => undefined,
    });
    const handlers = createRotatingHandlers(PROJECT, process);
    const { id = "", outputs = {} } = world.stack.resources.get("main") ?? {};
    const args = { ...world.toProgram().main, triggers: { ticket: 1 }, secretExpiresAfterHours: 600 };
    const { outs } = await handlers.update(id, outputs, handlers.check({}, args).inputs);
    expect(outs).toMatchObject({ generation: 3, previousSecretId: outputs.secretId });
  });
});
