/** Which recorded account of a set is which of its program: by its ids, whatever its name was. */
import type { RotationRecord } from "../../../provider/src/records/rotation-record.js";
import { matchAccounts } from "../../../provider/src/records/set-members.js";
import type { OwnerInputs } from "../../../provider/src/rotation/secret.js";
import { CLIENT_ID, OTHER_CLIENT_ID, OTHER_PROJECT_ID, OVERLAPPING, PROJECT_ID } from "../fixtures/values.js";

const toRecord = (owner: OwnerInputs): RotationRecord => ({
  ...OVERLAPPING,
  generation: 1,
  isUnassigned: false,
  ...owner,
});
const OWNERS = {
  first: { projectId: PROJECT_ID, clientId: CLIENT_ID },
  second: { projectId: PROJECT_ID, clientId: OTHER_CLIENT_ID },
  third: { projectId: OTHER_PROJECT_ID, clientId: CLIENT_ID },
};
const RECORDS = {
  first: toRecord(OWNERS.first),
  second: toRecord(OWNERS.second),
  third: { ...toRecord(OWNERS.third), removedAtMs: 1 },
};
const SET = {
  accounts: [
    { name: "one", record: RECORDS.first },
    { name: "two", record: RECORDS.second },
  ],
  removed: [RECORDS.third],
  isUndelivered: false,
};
/** A preview does not know the ids of an account without inputs. */
const match = (wanted: readonly { name: string; inputs: OwnerInputs | undefined }[]) =>
  matchAccounts(SET, wanted, (inputs) => inputs);

it("finds an account by its ids, in whatever letters the program writes them, and tells the name that it had", () => {
  const inputs = { ...OWNERS.first, clientId: CLIENT_ID.toUpperCase().replace("MDB_SA_ID", "mdb_sa_id") };
  expect(match([{ name: "renamed", inputs }])).toStrictEqual({
    declared: [{ name: "renamed", inputs, recorded: RECORDS.first, recordedName: "one" }],
    removed: [RECORDS.third, RECORDS.second],
  });
});

it("finds one that left and comes back, which has no name from the last run", () => {
  const wanted = [
    { name: "one", inputs: OWNERS.first },
    { name: "two", inputs: OWNERS.second },
    { name: "back", inputs: OWNERS.third },
  ];
  expect(match(wanted)).toStrictEqual({
    declared: [
      { name: "one", inputs: OWNERS.first, recorded: RECORDS.first, recordedName: "one" },
      { name: "two", inputs: OWNERS.second, recorded: RECORDS.second, recordedName: "two" },
      { name: "back", inputs: OWNERS.third, recorded: RECORDS.third },
    ],
    removed: [],
  });
});

it("has nothing recorded of a new account, nor of one whose ids are not known yet, and takes none for it", () => {
  const owner = { projectId: OTHER_PROJECT_ID, clientId: OTHER_CLIENT_ID };
  const wanted = [
    { name: "one", inputs: undefined },
    { name: "new", inputs: owner },
  ];
  expect(match(wanted)).toStrictEqual({
    declared: wanted,
    removed: [RECORDS.third, RECORDS.first, RECORDS.second],
  });
});

it("gives what is recorded of an account to the first name that stands for it", () => {
  const inputs = OWNERS.second;
  const { declared } = match([
    { name: "a", inputs },
    { name: "b", inputs },
  ]);
  expect(declared.map(({ recorded }) => recorded)).toEqual([RECORDS.second, undefined]);
});
