import { describeId, isSameClientId } from "../../provider/src/ids.js";
import { CLIENT_ID, IDS, OTHER_CLIENT_ID, SECRET_VALUE } from "./fixtures/values.js";

describe("describeId", () => {
  it.each([
    { name: "a client id", id: CLIENT_ID, shown: CLIENT_ID },
    {
      name: "a client id in upper case",
      id: "mdb_sa_id_ABCDEF0123456789ABCDEF01",
      shown: "mdb_sa_id_ABCDEF0123456789ABCDEF01",
    },
    { name: "the id of a project or a secret", id: IDS[0], shown: IDS[0] },
    { name: "a secret", id: SECRET_VALUE, shown: "[not an id]" },
    { name: "a secret behind an id", id: `${CLIENT_ID}${SECRET_VALUE}`, shown: "[not an id]" },
    { name: "an id with a line break", id: `${CLIENT_ID}\n`, shown: "[not an id]" },
    { name: "nothing", id: "", shown: "[not an id]" },
  ])("gives $shown for $name", ({ id, shown }) => {
    expect(describeId(id)).toBe(shown);
  });
});

describe("isSameClientId", () => {
  it.each([
    { name: "equal ids", other: CLIENT_ID, expected: true },
    { name: "ids in two cases", other: "mdb_sa_id_0123456789ABCDEF01234567", expected: true },
    { name: "two ids", other: OTHER_CLIENT_ID, expected: false },
  ])("is $expected for $name", ({ other, expected }) => {
    expect(isSameClientId(CLIENT_ID, other)).toBe(expected);
  });
});
