import { lookAtAccount, toServerNowMs } from "../../../provider/src/account/look.js";
import { createFakeAtlas, REQUEST } from "../fixtures/fake-atlas.js";
import { BIRTH_MS, createFakeClock, IDS, toHeld } from "../fixtures/values.js";

const first = toHeld();
const second = toHeld({ id: IDS[1] });

describe("lookAtAccount", () => {
  it("gives what Atlas lists", async () => {
    const { context, calls } = createFakeAtlas([first, second]);
    expect((await lookAtAccount(REQUEST, context)).held).toEqual([first, second]);
    expect(calls).toEqual(["look"]);
  });

  it("adds what this process created and Atlas does not show yet, once", async () => {
    const { context } = createFakeAtlas([first]);
    const request = { ...REQUEST, toCreatedHere: () => [first, second] };
    expect((await lookAtAccount(request, context)).held).toEqual([first, second]);
  });

  it("takes what Atlas shows of a secret before what this process knows of it", async () => {
    const shown = { ...first, lastUsedAtMs: BIRTH_MS };
    const { context } = createFakeAtlas([shown]);
    expect((await lookAtAccount({ ...REQUEST, toCreatedHere: () => [first] }, context)).held).toEqual([shown]);
  });

  it("leaves out what this operation has deleted, also if it was created here", async () => {
    const { context } = createFakeAtlas([first]);
    context.progress.deleted.add(first.id);
    expect((await lookAtAccount({ ...REQUEST, toCreatedHere: () => [first] }, context)).held).toEqual([]);
  });

  it.each([
    { name: "ahead", serverAheadMs: 90_000 },
    { name: "behind", serverAheadMs: -90_000 },
  ])("tells how far the server's clock is $name", async ({ serverAheadMs }) => {
    const { context } = createFakeAtlas([], { serverAheadMs });
    const look = await lookAtAccount(REQUEST, context);
    expect(look.serverAheadMs).toBe(serverAheadMs);
    expect(toServerNowMs(look, createFakeClock())).toBe(BIRTH_MS + serverAheadMs);
  });

  it("knows no server's time when the answer has none", async () => {
    const { context } = createFakeAtlas([], { hasServerTime: false });
    const look = await lookAtAccount(REQUEST, context);
    expect(look).not.toHaveProperty("serverAheadMs");
    expect(toServerNowMs(look, createFakeClock())).toBeUndefined();
  });
});
