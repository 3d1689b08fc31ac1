/** What a provider process remembers of the secrets that the stack records or that it created itself. */
import { RecordedSecrets } from "../../../provider/src/account/recorded-secrets.js";
import { CLIENT_ID, IDS, OTHER_CLIENT_ID, toHeld } from "../fixtures/values.js";

describe("RecordedSecrets", () => {
  it("knows nothing of an account that it was not told of, and takes that for complete", () => {
    const recorded = new RecordedSecrets();
    expect([...recorded.idsOf(CLIENT_ID)]).toEqual([]);
    expect(recorded.isComplete(CLIENT_ID)).toBe(true);
  });

  it("lists what the state holds and what this process created, once each", () => {
    const recorded = new RecordedSecrets();
    recorded.noteTold(CLIENT_ID, IDS[0]);
    recorded.noteTold(CLIENT_ID, IDS[0]);
    recorded.noteCreated(CLIENT_ID, toHeld({ id: IDS[1] }));
    expect([...recorded.idsOf(CLIENT_ID)]).toEqual([IDS[0], IDS[1]]);
  });

  it("keeps accounts apart", () => {
    const recorded = new RecordedSecrets();
    recorded.noteChecked(OTHER_CLIENT_ID);
    recorded.noteTold(OTHER_CLIENT_ID, IDS[0]);
    recorded.noteChecked(OTHER_CLIENT_ID);
    expect([...recorded.idsOf(CLIENT_ID)]).toEqual([]);
    expect(recorded.isComplete(CLIENT_ID)).toBe(true);
    expect(recorded.isComplete(OTHER_CLIENT_ID)).toBe(false);
  });

  it.each([
    { name: "one of two checked resources has told its id", told: [IDS[0]], complete: false },
    { name: "one of them has told its id twice", told: [IDS[0], IDS[0]], complete: false },
    { name: "one has told no id", told: [IDS[0], ""], complete: false },
    { name: "both have", told: [IDS[0], IDS[1]], complete: true },
    { name: "a third that is being deleted has as well", told: [...IDS], complete: true },
  ])("is complete $complete when $name", ({ told, complete }) => {
    const recorded = new RecordedSecrets();
    recorded.noteChecked(CLIENT_ID);
    recorded.noteChecked(CLIENT_ID);
    for (const id of told) recorded.noteTold(CLIENT_ID, id);
    expect(recorded.isComplete(CLIENT_ID)).toBe(complete);
  });

  it("knows what this process created and did not delete, as it was created", () => {
    const recorded = new RecordedSecrets();
    const created = toHeld({ id: IDS[1] });
    recorded.noteCreated(CLIENT_ID, toHeld());
    recorded.noteCreated(CLIENT_ID, created);
    recorded.noteDeleted(CLIENT_ID, IDS[0]);
    expect(recorded.createdOn(CLIENT_ID)).toEqual([created]);
    expect([...recorded.idsOf(CLIENT_ID)]).toEqual([IDS[1]]);
    expect(recorded.createdOn(OTHER_CLIENT_ID)).toEqual([]);
  });

  it("keeps a secret that the state told among the recorded ones although it was deleted", () => {
    const recorded = new RecordedSecrets();
    recorded.noteChecked(CLIENT_ID);
    recorded.noteTold(CLIENT_ID, IDS[0]);
    recorded.noteDeleted(CLIENT_ID, IDS[0]);
    expect([...recorded.idsOf(CLIENT_ID)]).toEqual([IDS[0]]);
    expect(recorded.isComplete(CLIENT_ID)).toBe(true);
  });

  it("does not count as created what the state merely told", () => {
    const recorded = new RecordedSecrets();
    recorded.noteTold(CLIENT_ID, IDS[0]);
    expect(recorded.createdOn(CLIENT_ID)).toEqual([]);
  });

  it("does not take a secret that this process created for one that the state told", () => {
    const recorded = new RecordedSecrets();
    recorded.noteChecked(CLIENT_ID);
    recorded.noteCreated(CLIENT_ID, toHeld());
    expect(recorded.isComplete(CLIENT_ID)).toBe(false);
  });
});
