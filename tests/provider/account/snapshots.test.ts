/** When a look at an account is served by its owner's list, and when not. */
import { AccountSnapshots } from "../../../provider/src/account/snapshots.js";
import type { AccountRef } from "../../../provider/src/atlas/types.js";
import { ACCOUNT, createFakeClock, IDS, OTHER_CLIENT_ID, toHeld } from "../fixtures/values.js";

const OTHER: AccountRef = { ...ACCOUNT, clientId: OTHER_CLIENT_ID };
const THIRD: AccountRef = { ...ACCOUNT, clientId: `mdb_sa_id_${"3".repeat(24)}` };
const AHEAD_MS = 5_000;

interface Listed {
  readonly clientId: string;
  readonly secrets?: ReturnType<typeof toHeld>[];
}

function create(listed: readonly Listed[] | Error, { tellsTime = true } = {}) {
  const clock = createFakeClock();
  let lists = 0;
  const client = {
    fetchAccounts: async () => {
      lists += 1;
      if (listed instanceof Error) throw listed;
      return { value: listed, ...(tellsTime && { serverTimeMs: clock.now() + AHEAD_MS }) };
    },
  };
  const snapshots = new AccountSnapshots(clock);
  return { clock, snapshots, find: (account: AccountRef) => snapshots.find(client, account), lists: () => lists };
}

const BOTH = [
  { clientId: ACCOUNT.clientId, secrets: [toHeld()] },
  { clientId: OTHER_CLIENT_ID.toUpperCase().replace("MDB_SA_ID", "mdb_sa_id"), secrets: [] },
];

describe("AccountSnapshots", () => {
  it("asks for no list as long as one account of an owner is touched, however often", async () => {
    const { find, lists } = create(BOTH);
    expect([await find(ACCOUNT), await find(ACCOUNT)]).toEqual([undefined, undefined]);
    expect(lists()).toBe(0);
  });

  it("serves every account but the first from one list, also those that ask at the same time, with Atlas's time", async () => {
    const { find, lists, clock } = create(BOTH);
    await find(ACCOUNT);
    const [other, third] = await Promise.all([find(OTHER), find(THIRD)]);
    clock.advance(20_000);
    expect(other).toEqual({ secrets: [], serverAheadMs: AHEAD_MS });
    // Not listed: a look at the account itself tells why.
    expect(third).toBeUndefined();
    expect(await find(ACCOUNT)).toMatchObject({ secrets: [{ id: IDS[0] }], serverAheadMs: AHEAD_MS });
    expect(lists()).toBe(1);
  });

  it.each([
    { name: "30 s ago is believed", ageMs: 30_000, lists: 1 },
    { name: "a millisecond older is asked for again", ageMs: 30_001, lists: 2 },
  ])("a list that was asked for $name", async ({ ageMs, lists: expected }) => {
    const { find, lists, clock } = create(BOTH);
    await find(ACCOUNT);
    await find(OTHER);
    clock.advance(ageMs);
    expect(await find(OTHER)).toBeDefined();
    expect(lists()).toBe(expected);
  });

  it("does not believe what was listed before a write to the account, and what is listed after it", async () => {
    const { find, snapshots, clock, lists } = create(BOTH);
    await find(ACCOUNT);
    await find(OTHER);
    snapshots.drop(OTHER);
    expect(await find(OTHER)).toBeUndefined();
    expect(await find(ACCOUNT)).toBeDefined();
    clock.advance(30_001);
    expect(await find(OTHER)).toBeDefined();
    expect(lists()).toBe(2);
  });

  it("keeps owners apart", async () => {
    const { find, lists } = create(BOTH);
    await find(ACCOUNT);
    expect(await find({ ...OTHER, ownerId: "9".repeat(24) })).toBeUndefined();
    expect(await find({ ...OTHER, level: "organization" })).toBeUndefined();
    expect(lists()).toBe(0);
  });

  it.each([
    {
      name: "shows no secrets, and is not asked for again",
      listed: BOTH.map(({ clientId }) => ({ clientId })),
      later: 1,
    },
    { name: "cannot be read, and is asked for again later", listed: new Error("the list fails"), later: 2 },
  ])("tells nothing where the list $name", async ({ listed, later }) => {
    const { find, lists, clock } = create(listed);
    await find(ACCOUNT);
    expect([await find(OTHER), await find(ACCOUNT)]).toEqual([undefined, undefined]);
    expect(lists()).toBe(1);
    clock.advance(30_001);
    expect(await find(OTHER)).toBeUndefined();
    expect(lists()).toBe(later);
  });

  it("tells no time where the list holds none", async () => {
    const { find } = create(BOTH, { tellsTime: false });
    await find(ACCOUNT);
    expect(await find(OTHER)).toEqual({ secrets: [] });
  });
});
