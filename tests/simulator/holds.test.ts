/** A hold: where a request is kept, what is done by then, and how it is let go. */

import { setTimeout as sleep } from "node:timers/promises";
import type { HeldRequest } from "pulumi-atlas-secrets-simulator";
import { type Api, closeApis, openApi } from "./helpers.js";

afterEach(closeApis);

const POST = { operation: "createSecret" } as const;

/** Resolves with what is held as soon as that is `count` requests. */
async function untilHeld({ simulator }: Api, count = 1): Promise<HeldRequest[]> {
  for (;;) {
    const held = await simulator.held();
    if (held.length >= count) return held;
    await sleep(5);
  }
}

describe("a hold", () => {
  it.each([
    { stage: "before", done: 0 },
    { stage: "after", done: 1 },
  ] as const)(
    "with stage $stage keeps a POST with $done secrets made, and answers it when it is released",
    async ({ stage, done }) => {
      const api = await openApi();
      const account = await api.add();
      await api.simulator.addFault({ kind: "hold", stage, match: POST });
      const reply = api.create(account);
      const [held] = await untilHeld(api);
      expect(held).toMatchObject({ method: "POST", operation: "createSecret", clientId: account.clientId, stage });
      expect(await api.shown(account)).toHaveLength(done);
      const logged = async () => (await api.simulator.requests()).map(({ operation }) => operation);
      expect(await logged()).toEqual(["getAccount"]);
      expect(await api.simulator.releaseHeld()).toBe(1);
      expect((await reply).status).toBe(201);
      expect(await api.shown(account)).toHaveLength(1);
      expect(await api.simulator.held()).toEqual([]);
      expect(await logged()).toEqual(["getAccount", "createSecret", "getAccount"]);
    },
  );

  it("is released for what agrees, and goes on for the rest", async () => {
    const api = await openApi();
    const [one, two] = [await api.add(), await api.add()];
    await api.simulator.addFault({ kind: "hold", stage: "before", times: 2 });
    const replies = [api.get(one), api.get(two)];
    await untilHeld(api, 2);
    expect(await api.simulator.releaseHeld({ clientId: two.clientId })).toBe(1);
    expect((await replies[1])?.body.clientId).toBe(two.clientId);
    expect((await api.simulator.held()).map(({ clientId }) => clientId)).toEqual([one.clientId]);
    expect(await api.simulator.releaseHeld({ method: "GET" })).toBe(1);
    expect((await replies[0])?.body.clientId).toBe(one.clientId);
  });

  it("does what was asked although the one who asked has gone meanwhile", async () => {
    const api = await openApi();
    const account = await api.add();
    await api.simulator.addFault({ kind: "hold", stage: "before", match: POST });
    const asker = new AbortController();
    const reply = api.create(account, 8, { signal: asker.signal });
    await untilHeld(api);
    asker.abort();
    await expect(reply).rejects.toThrow("aborted");
    await api.simulator.releaseHeld();
    expect(await api.shown(account)).toHaveLength(1);
  });
});
