/** What a look at an account tells: what is merged, what each secret is, and what a missing account means. */
import {
  canMeanMissing,
  findAccount,
  findSharedView,
  toServerNowMs,
  viewAccount,
} from "../../../provider/src/account/view.js";
import { AuthenticationError, ConnectionError, RejectionError } from "../../../provider/src/errors.js";
import { createFakeAtlas, type Faults } from "../fixtures/fake-atlas.js";
import {
  ACCOUNT,
  BIRTH_MS,
  CLIENT_ID,
  createFakeClock,
  IDS,
  OTHER_CLIENT_ID,
  SECRET_VALUE,
  toHeld,
} from "../fixtures/values.js";

const first = toHeld();
const second = toHeld({ id: IDS[1] });
const notFound = new RejectionError("not found", { status: 404 });

function create(held = [first, second], faults: Faults = {}) {
  const fake = createFakeAtlas(held, faults);
  return { ...fake, view: () => viewAccount(fake.process, fake.operation, ACCOUNT) };
}

describe("viewAccount", () => {
  it("gives what Atlas lists, by one request", async () => {
    const { view, calls } = create();
    const seen = await view();
    expect(seen).toMatchObject({ account: ACCOUNT, secrets: [first, second] });
    expect(calls).toEqual(["look"]);
  });

  it("says what each secret is to the stack", async () => {
    const { view, process } = create([first, second, toHeld({ id: IDS[2] })], { roles: { [IDS[0]]: "current" } });
    process.known.noteCreated(CLIENT_ID, second);
    expect((await view()).secrets.map(({ role }) => role)).toEqual(["current", "created-here", "untracked"]);
  });

  it("adds what this process created and Atlas does not show yet, once", async () => {
    const { view, process } = create([first]);
    for (const secret of [first, second]) process.known.noteCreated(CLIENT_ID, secret);
    expect((await view()).secrets).toMatchObject([first, second]);
  });

  it("adds no secret that this process created, which Atlas has shown and shows no more", async () => {
    const { view, process } = create([first], {
      beforeLook: (held, look) => {
        if (look === 2) held.pop();
      },
    });
    process.known.noteCreated(CLIENT_ID, first);
    expect([(await view()).secrets, (await view()).secrets]).toMatchObject([[first], []]);
  });

  it("takes what Atlas shows of a secret before what this process knows of it", async () => {
    const shown = { ...first, lastUsedAtMs: BIRTH_MS };
    const { view, process } = create([shown]);
    process.known.noteCreated(CLIENT_ID, first);
    expect((await view()).secrets).toMatchObject([shown]);
  });

  it("leaves out what this process has deleted and Atlas still shows, also if it was created here", async () => {
    const { view, process } = create([first]);
    process.known.noteCreated(CLIENT_ID, first);
    process.known.noteDeleted(CLIENT_ID, first.id);
    expect((await view()).secrets).toEqual([]);
  });

  it.each([
    { name: "its mask shows another end", mask: "mdb_sa_sk_...qrst", credential: SECRET_VALUE, mayBe: false },
    {
      name: "its mask shows the end of the credential",
      mask: "mdb_sa_sk_...wxyz",
      credential: SECRET_VALUE,
      mayBe: true,
    },
    { name: "its mask shows no end", mask: "mdb_sa_sk_...", credential: SECRET_VALUE, mayBe: true },
    { name: "the provider signs in otherwise", mask: "mdb_sa_sk_...", credential: undefined, mayBe: false },
  ])("says whether a secret may be the credential: $mayBe when $name", async ({ mask, credential, mayBe }) => {
    const { view } = create([toHeld({ maskedSecretValue: mask })], credential === undefined ? {} : { credential });
    expect((await view()).secrets).toMatchObject([{ mayBeCredential: mayBe }]);
  });

  it("says whether every resource that was checked has told", async () => {
    const { view, process } = create();
    expect((await view()).isRecordComplete).toBe(true);
    process.known.noteChecked(CLIENT_ID);
    expect((await view()).isRecordComplete).toBe(false);
  });

  it.each([
    { name: "ahead", serverAheadMs: 90_000 },
    { name: "behind", serverAheadMs: -90_000 },
  ])("tells how far the server's clock is $name", async ({ serverAheadMs }) => {
    const view = await create([], { serverAheadMs }).view();
    expect(view.serverAheadMs).toBe(serverAheadMs);
    expect(toServerNowMs(view, createFakeClock())).toBe(BIRTH_MS + serverAheadMs);
  });

  it("knows no server's time when the answer has none", async () => {
    const view = await create([], { hasServerTime: false }).view();
    expect(view).not.toHaveProperty("serverAheadMs");
    expect(toServerNowMs(view, createFakeClock())).toBeUndefined();
  });
});

describe("findSharedView", () => {
  /** Of a run that touches another account of the project as well, unless told otherwise. */
  async function findShared(shownIds?: readonly string[], { isListFull = true, isAlone = false } = {}) {
    const { process, operation, calls } = create([first, second], { isListFull });
    process.known.noteRecord(CLIENT_ID, IDS[0], [{ secretId: IDS[0], role: "current" }]);
    if (!isAlone) await findSharedView(process, operation, { ...ACCOUNT, clientId: OTHER_CLIENT_ID });
    return { view: await findSharedView(process, operation, ACCOUNT, shownIds), calls };
  }

  it.each([
    { name: "without a word of which secrets it has to show", shownIds: undefined },
    { name: "when it shows the secrets that it has to", shownIds: [IDS[1], IDS[0]] },
  ])("gives the view by the project's list, $name", async ({ shownIds }) => {
    const { view, calls } = await findShared(shownIds);
    expect(view).toMatchObject({ account: ACCOUNT, secrets: [{ ...first, role: "current" }, second] });
    expect(calls).toEqual(["list"]);
  });

  it("gives none when one of the secrets is not shown: that it is gone, only a look at the account tells", async () => {
    expect((await findShared([IDS[0], IDS[2]])).view).toBeUndefined();
  });

  it("gives none, and fails in nothing, when the list does not show the account's secrets", async () => {
    expect((await findShared(undefined, { isListFull: false })).view).toBeUndefined();
    expect((await findShared([IDS[0]], { isListFull: false })).view).toBeUndefined();
  });

  it("asks for no list when the run touches one account only", async () => {
    expect(await findShared(undefined, { isAlone: true })).toEqual({ view: undefined, calls: [] });
  });
});

/** Looks at an account that fails with `look`, and whose owner's list holds `list` or fails. */
function find(faults: Pick<Faults, "look" | "list">) {
  const { process, operation } = createFakeAtlas([first], faults);
  return findAccount(process, operation, ACCOUNT, `secret ${IDS[0]} exists`);
}

describe("findAccount", () => {
  it("gives the view of an account that answers, without its owner's list", async () => {
    expect(await find({ list: notFound })).toMatchObject({ secrets: [first] });
  });

  it.each([
    { name: "another account", list: [OTHER_CLIENT_ID] },
    { name: "no account", list: [] },
  ])("finds none when the account answers 404 and the project lists $name", async ({ list }) => {
    expect(await find({ look: notFound, list })).toBeUndefined();
  });

  it.each([400, 404, 410])("finds none also when %i is how Atlas says so", async (status) => {
    expect(await find({ look: new RejectionError("no such account", { status }), list: [] })).toBeUndefined();
  });

  it.each([400, 404, 410])("concludes nothing from a %i of an account that the project lists", async (status) => {
    const work = find({ look: new RejectionError("no such account", { status }) });
    await expect(work).rejects.toMatchObject({ code: "rejected", status, message: expect.stringContaining(IDS[0]) });
  });

  it.each([
    { name: "401", error: new AuthenticationError("no", { status: 401 }) },
    { name: "403", error: new RejectionError("no", { status: 403 }) },
    { name: "409", error: new RejectionError("no", { status: 409 }) },
    { name: "no answer", error: new ConnectionError("no", {}, false) },
  ])("concludes nothing from $name, of the account or of the list", async ({ error }) => {
    await expect(find({ look: error, list: [] })).rejects.toBe(error);
    await expect(find({ look: notFound, list: error })).rejects.toBe(error);
  });

  it("concludes nothing when the list answers 404 as well", async () => {
    await expect(find({ look: notFound, list: notFound })).rejects.toBe(notFound);
  });
});

describe("canMeanMissing", () => {
  it.each([
    { name: "a 404", error: notFound, expected: true },
    { name: "a 400", error: new RejectionError("x", { status: 400 }), expected: true },
    { name: "a 410", error: new RejectionError("x", { status: 410 }), expected: true },
    { name: "a 403", error: new RejectionError("x", { status: 403 }), expected: false },
    {
      name: "a project that is gone",
      error: new RejectionError("x", { status: 404, errorCode: "GROUP_NOT_FOUND" }),
      expected: false,
    },
    { name: "a 409", error: new RejectionError("x", { status: 409 }), expected: false },
    { name: "a rejection without a status", error: new RejectionError("x", {}), expected: false },
    { name: "an unreadable answer", error: new ConnectionError("x", { status: 404 }, false), expected: false },
    { name: "another error", error: Object.assign(new Error("x"), { status: 404 }), expected: false },
    { name: "no error", error: undefined, expected: false },
  ])("is $expected for $name", ({ error, expected }) => {
    expect(canMeanMissing(error)).toBe(expected);
  });
});
