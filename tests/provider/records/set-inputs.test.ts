/** What is wrong with the inputs of a set: of all accounts once, of one account under its name, and never with a value in the text. */
import fc from "fast-check";
import { ProviderProcess } from "../../../provider/src/account/process.js";
import { createSetHandlers } from "../../../provider/src/handlers/secret-set.js";
import { UNKNOWN_VALUE } from "../../../provider/src/protocol.js";
import { PROJECT } from "../../../provider/src/records/scope.js";
import {
  findSetProblems,
  listDeclared,
  toDesiredSet,
  toSetInputValues,
} from "../../../provider/src/records/set-inputs.js";
import { Unknown } from "../../../provider/src/rotation/secret.js";
import { CLIENT_ID, PROJECT_ID, SECRET_VALUE } from "../fixtures/values.js";

const KIND = { level: "project", isRotating: true, isSet: true } as const;
const OTHER_CLIENT_ID = "mdb_sa_id_fedcba9876543210fedcba98";

const billing = { projectId: PROJECT_ID, clientId: CLIENT_ID };
const search = { projectId: PROJECT_ID, clientId: OTHER_CLIENT_ID };
const given = (changes: object = {}) => ({ accounts: { billing, search }, secretExpiresAfterHours: 720, ...changes });
const problemsOf = (changes: object) =>
  findSetProblems(KIND, given(changes)).map(({ property, reason }) => `${property} ${reason}`);

describe("the inputs of each account", () => {
  const shared = { secretExpiresAfterHours: 720, overlapHours: 48 };
  const inputs = {
    ...shared,
    concurrency: 3,
    __provider: "FAKE",
    accounts: { billing, search: { ...search, overlapHours: 12, quietHours: undefined } },
  };

  it("are its own over those of the set, without what the set alone has", () => {
    const declared = [
      { name: "billing", given: { ...shared, ...billing } },
      { name: "search", given: { ...shared, ...search, overlapHours: 12 } },
    ];
    expect(listDeclared(KIND, inputs)).toStrictEqual(declared);
    expect(toDesiredSet(KIND, inputs)).toMatchObject([
      { name: "billing", inputs: { ...billing, overlapHours: 48, rotateBeforeExpiryHours: 240 } },
      { name: "search", inputs: { ...search, overlapHours: 12, quietHours: 24 } },
    ]);
    const values = toSetInputValues(KIND, inputs);
    expect(values).toMatchObject({
      concurrency: 3,
      accounts: [
        { name: "billing", inputs: { ...billing, overlapHours: 48 } },
        { name: "search", inputs: { ...search, overlapHours: 12 } },
      ],
    });
    expect(toSetInputValues(KIND, { ...inputs, concurrency: undefined }).concurrency).toBe(16);
  });

  it("are none without accounts, whatever stands in their place", () => {
    for (const accounts of [undefined, "none", {}]) expect(listDeclared(KIND, { accounts })).toEqual([]);
  });

  it.each([
    { level: "project", owner: { projectId: UNKNOWN_VALUE } },
    { level: "organization", owner: { orgId: UNKNOWN_VALUE } },
  ] as const)("are unknown ids of a $level where a preview does not know an account", ({ level, owner }) => {
    const given = { ...shared, accounts: { billing: UNKNOWN_VALUE, search: 5 } };
    expect(listDeclared({ ...KIND, level }, given)).toStrictEqual([
      { name: "billing", given: { ...shared, ...owner, clientId: UNKNOWN_VALUE } },
      { name: "search", given: shared },
    ]);
  });

  it("are not known at all where a preview does not know the accounts, and no run has such", () => {
    expect(listDeclared(KIND, { accounts: UNKNOWN_VALUE })).toBe(Unknown);
    expect(toDesiredSet(KIND, { accounts: UNKNOWN_VALUE })).toBe(Unknown);
    const refused = expect.objectContaining({ code: "inputs" }) as Error;
    expect(() => toSetInputValues(KIND, { accounts: UNKNOWN_VALUE })).toThrow(refused);
  });
});

describe("the inputs of a set", () => {
  it("are accepted when each account is complete, also without any account", () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ accounts: {} })).toEqual([]);
    expect(problemsOf({ concurrency: 64, triggers: { a: 1 }, __provider: "FAKE" })).toEqual([]);
  });

  it.each([
    { what: "no accounts", changes: { accounts: undefined }, says: ["accounts is required"] },
    { what: "a list of accounts", changes: { accounts: [billing] }, says: ["accounts is a list, and must be a map"] },
    {
      what: "no lifetime",
      changes: { secretExpiresAfterHours: undefined },
      says: ["secretExpiresAfterHours is required"],
    },
    {
      what: "a lifetime out of range, once",
      changes: { secretExpiresAfterHours: 7 },
      says: ["secretExpiresAfterHours is 7"],
    },
    {
      what: "an overlap that is too long, once",
      changes: { overlapHours: 168, rotateBeforeExpiryHours: 600 },
      says: ["overlapHours is 168"],
    },
    { what: "too many at once", changes: { concurrency: 65 }, says: ["concurrency is 65"] },
    { what: "ids of the set itself", changes: { clientId: CLIENT_ID }, says: ["clientId is not a property"] },
    {
      what: "a misspelt property",
      changes: { overlapHour: 5 },
      says: ["overlapHour is not a property of this resource; did you mean overlapHours?"],
    },
    {
      what: "an account that is no map",
      changes: { accounts: { billing: 5 } },
      says: ["accounts.billing must be a map"],
    },
    {
      what: "an account without its id",
      changes: { accounts: { billing: { projectId: PROJECT_ID } } },
      says: ["accounts.billing.clientId is required"],
    },
    {
      what: "an input of one account out of range",
      changes: { accounts: { billing: { ...billing, quietHours: 200 } } },
      says: ["accounts.billing.quietHours is 200"],
    },
    {
      what: "inputs of one account that do not fit those of the set",
      changes: { overlapHours: 72, accounts: { billing: { ...billing, secretExpiresAfterHours: 48 } } },
      says: ["accounts.billing.overlapHours is 72"],
    },
    {
      what: "an account that two names stand for",
      changes: {
        accounts: {
          a: billing,
          b: { ...billing, clientId: CLIENT_ID.toUpperCase().replace("MDB_SA_ID", "mdb_sa_id") },
        },
      },
      says: ["accounts.b is the service account of accounts.a"],
    },
    {
      what: "a name with a control character",
      changes: { accounts: { "a\u001b[2J": billing } },
      says: ["accounts has the name a [2J, and must have names"],
    },
  ])("are refused with $what", ({ changes, says }) => {
    const problems = problemsOf(changes);
    expect(problems).toHaveLength(says.length);
    for (const [index, text] of says.entries()) expect(problems[index]).toContain(text);
  });

  it.each([
    { where: "the name of an account", changes: { accounts: { [SECRET_VALUE]: billing } } },
    { where: "the place of an account", changes: { accounts: { billing: SECRET_VALUE } } },
    { where: "the place of all accounts", changes: { accounts: SECRET_VALUE } },
    { where: "an id", changes: { accounts: { billing: { ...billing, clientId: SECRET_VALUE } } } },
    { where: "a property's name", changes: { accounts: { billing: { ...billing, [SECRET_VALUE]: 1 } } } },
  ])("are refused with a value in $where, which is not repeated", ({ changes }) => {
    const text = problemsOf(changes).join(" ");
    expect(text).not.toBe("");
    expect(text).not.toContain(SECRET_VALUE);
  });

  it("are not judged where a preview does not know them", () => {
    expect(problemsOf({ accounts: UNKNOWN_VALUE })).toEqual([]);
    expect(
      problemsOf({ accounts: { billing: UNKNOWN_VALUE, search: { ...search, clientId: UNKNOWN_VALUE } } }),
    ).toEqual([]);
    const both = { billing: { ...billing, clientId: UNKNOWN_VALUE }, search: { ...search, clientId: UNKNOWN_VALUE } };
    expect(problemsOf({ accounts: both })).toEqual([]);
    expect(problemsOf({ secretExpiresAfterHours: UNKNOWN_VALUE })).toEqual([]);
  });

  it("never make check or diff throw, whatever a program gives and a state holds", () => {
    const json = fc.jsonValue();
    const account = fc.oneof(
      json,
      fc.record({ projectId: json, clientId: json, overlapHours: json }, { requiredKeys: [] }),
    );
    const inputs = fc.record(
      {
        accounts: fc.oneof(json, fc.dictionary(fc.string(), account)),
        secretExpiresAfterHours: json,
        concurrency: json,
      },
      { requiredKeys: [] },
    );
    const outputs = fc.record(
      { records: json, secrets: json, confidential: json, removedRecords: json },
      { requiredKeys: [] },
    );
    const handlers = createSetHandlers(PROJECT, new ProviderProcess({ env: {}, report: () => undefined }));
    fc.assert(
      fc.property(inputs, inputs, outputs, (olds, news, stored) => {
        handlers.check(olds, news);
        handlers.diff("id", stored, news);
      }),
      { numRuns: 2_000 },
    );
  });
});
