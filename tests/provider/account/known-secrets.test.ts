/** What a provider process remembers of the secrets that the stack records, and of what it did itself. */
import { KnownSecrets, type ToldSecret } from "../../../provider/src/account/known-secrets.js";
import { CLIENT_ID, IDS, OTHER_CLIENT_ID, toHeld } from "../fixtures/values.js";

const [A, B, C] = IDS;

function told(secretId: string, role: ToldSecret["role"] = "current"): ToldSecret {
  return { secretId, role };
}

function roles(known: KnownSecrets, clientId = CLIENT_ID) {
  return IDS.map((id) => known.roleOf(clientId, id));
}

describe("KnownSecrets, on what a secret is", () => {
  it("knows nothing of an account that it was not told of, and takes that for complete", () => {
    const known = new KnownSecrets();
    expect(roles(known)).toEqual(["untracked", "untracked", "untracked"]);
    expect(known.isComplete(CLIENT_ID)).toBe(true);
  });

  it("says what the state records and what this process created", () => {
    const known = new KnownSecrets();
    known.noteRecord(CLIENT_ID, A, [told(A), told(B, "previous")]);
    known.noteCreated(CLIENT_ID, toHeld({ id: C }));
    expect(roles(known)).toEqual(["current", "previous", "created-here"]);
  });

  it("keeps accounts apart, and takes hex digits of either case for the same", () => {
    const known = new KnownSecrets();
    known.noteRecord(OTHER_CLIENT_ID, A, [told(A)]);
    expect(roles(known)).toEqual(["untracked", "untracked", "untracked"]);
    expect(known.roleOf(OTHER_CLIENT_ID.toUpperCase(), A)).toBe("current");
  });

  it("takes a secret of which a diff says that it is replaced for one that stays until then, whatever else records it", () => {
    const known = new KnownSecrets();
    known.noteRecord(CLIENT_ID, A, [told(A)]);
    known.noteReplaced(CLIENT_ID, A);
    known.noteRecord(CLIENT_ID, A, [told(A)]);
    expect(known.roleOf(CLIENT_ID, A)).toBe("to-be-replaced");
  });

  it("takes what a record supersedes for pending deletion", () => {
    const known = new KnownSecrets();
    known.noteRecord(CLIENT_ID, B, [told(A, "pending-deletion"), told(B)]);
    expect([known.roleOf(CLIENT_ID, A), known.roleOf(CLIENT_ID, B)]).toEqual(["pending-deletion", "current"]);
  });

  it("does so on whatever account, since a resource that moved records what it left on the one before", () => {
    const known = new KnownSecrets();
    known.noteRecord(OTHER_CLIENT_ID, B, [told(A, "pending-deletion"), told(B)]);
    expect(known.roleOf(CLIENT_ID, A)).toBe("pending-deletion");
  });

  it.each([
    { name: "before", records: [[told(A)], [told(A, "pending-deletion"), told(B)]] },
    { name: "after", records: [[told(A, "pending-deletion"), told(B)], [told(A)]] },
  ])("takes it for current when another resource records it as such, told $name", ({ records }) => {
    const known = new KnownSecrets();
    for (const record of records) known.noteRecord(CLIENT_ID, record.at(-1)?.secretId ?? "", record);
    expect(known.roleOf(CLIENT_ID, A)).toBe("current");
  });

  it("keeps a secret that the state told recorded although it was deleted", () => {
    const known = new KnownSecrets();
    known.noteRecord(CLIENT_ID, A, [told(A)]);
    known.noteDeleted(CLIENT_ID, A);
    expect(known.roleOf(CLIENT_ID, A)).toBe("current");
    expect(known.isDeleted(CLIENT_ID, A)).toBe(true);
  });
});

describe("KnownSecrets, on whether all resources have told", () => {
  it.each([
    { name: "one of two checked resources has told", ownIds: [A], complete: false },
    { name: "one of them has told twice", ownIds: [A, A], complete: false },
    { name: "one has told no id of its own", ownIds: [A, ""], complete: false },
    { name: "both have", ownIds: [A, B], complete: true },
    { name: "a third that is being deleted has as well", ownIds: [A, B, C], complete: true },
  ])("is complete $complete when $name", ({ ownIds, complete }) => {
    const known = new KnownSecrets();
    known.noteChecked(CLIENT_ID);
    known.noteChecked(CLIENT_ID);
    for (const ownId of ownIds) known.noteRecord(CLIENT_ID, ownId, [told(ownId)]);
    expect(known.isComplete(CLIENT_ID)).toBe(complete);
    expect(known.isComplete(OTHER_CLIENT_ID)).toBe(true);
  });

  it("does not take a secret that this process created, or one of several in a record, for a resource that told", () => {
    const known = new KnownSecrets();
    known.noteChecked(CLIENT_ID);
    known.noteChecked(CLIENT_ID);
    known.noteCreated(CLIENT_ID, toHeld({ id: C }));
    known.noteRecord(CLIENT_ID, A, [told(A), told(B, "previous")]);
    expect(known.isComplete(CLIENT_ID)).toBe(false);
  });
});

describe("KnownSecrets, on what this process did", () => {
  it("knows what it created and did not delete, as it was created", () => {
    const known = new KnownSecrets();
    const created = toHeld({ id: B });
    known.noteCreated(CLIENT_ID, toHeld());
    known.noteCreated(CLIENT_ID, created);
    known.noteDeleted(CLIENT_ID, A);
    expect(known.createdOn(CLIENT_ID)).toEqual([created]);
    expect(known.createdOn(OTHER_CLIENT_ID)).toEqual([]);
    expect([known.isDeleted(CLIENT_ID, A), known.isDeleted(CLIENT_ID, B)]).toEqual([true, false]);
  });

  it("does not add what it created once Atlas has listed it: it is gone when it is not listed then", () => {
    const known = new KnownSecrets();
    const hidden = toHeld({ id: B });
    for (const secret of [toHeld(), hidden]) known.noteCreated(CLIENT_ID, secret);
    known.noteListed(CLIENT_ID, [A]);
    expect(known.createdOn(CLIENT_ID)).toEqual([hidden]);
    expect(known.roleOf(CLIENT_ID, A)).toBe("created-here");
  });

  it("does not count as created what the state merely told", () => {
    const known = new KnownSecrets();
    known.noteRecord(CLIENT_ID, A, [told(A)]);
    expect(known.createdOn(CLIENT_ID)).toEqual([]);
  });
});

describe("KnownSecrets, on what replaces a secret", () => {
  it("knows what secrets of an account are to replace on whatever account, each once, and keeps accounts apart", () => {
    const known = new KnownSecrets();
    for (const id of [A, B, A]) known.noteMoved(CLIENT_ID, id);
    expect([known.movedTo(CLIENT_ID), known.movedTo(OTHER_CLIENT_ID)]).toEqual([[A, B], []]);
  });

  it("knows of each secret the successor that this run could not verify", () => {
    const known = new KnownSecrets();
    known.noteVerification(CLIENT_ID, B, false, [A]);
    known.noteVerification(OTHER_CLIENT_ID, C, false, [B, "another"]);
    expect([A, B, "another"].map((id) => known.findUnverifiedSuccessor(id))).toEqual([B, C, C]);
  });

  it.each([
    { name: "nothing was verified", note: () => {} },
    {
      name: "it replaces another one",
      note: (known: KnownSecrets) => known.noteVerification(CLIENT_ID, B, false, [C]),
    },
    { name: "it replaces none", note: (known: KnownSecrets) => known.noteVerification(CLIENT_ID, B, false) },
    { name: "it was verified", note: (known: KnownSecrets) => known.noteVerification(CLIENT_ID, B, true, [A]) },
  ])("knows no such successor when $name", ({ note }) => {
    const known = new KnownSecrets();
    note(known);
    expect(known.findUnverifiedSuccessor(A)).toBeUndefined();
  });

  it("knows none any more once it is verified, while that of another secret stays", () => {
    const known = new KnownSecrets();
    known.noteVerification(CLIENT_ID, B, false, [A]);
    known.noteVerification(CLIENT_ID, C, false, [B]);
    known.noteVerification(CLIENT_ID, B, true, [A]);
    expect([A, B].map((id) => known.findUnverifiedSuccessor(id))).toEqual([undefined, C]);
  });
});
