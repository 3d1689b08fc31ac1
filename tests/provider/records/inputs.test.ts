import fc from "fast-check";
import { PROVIDER_KEY, UNKNOWN_VALUE } from "../../../provider/src/protocol.js";
import {
  fillDefaults,
  fillRotationDefaults,
  findInputProblems,
  toDesiredSecret,
  toInputValues,
  toRotationInputValues,
} from "../../../provider/src/records/inputs.js";
import { Unknown } from "../../../provider/src/rotation/secret.js";
import { CLIENT_ID, DESIRED, DESIRED_ROTATION, IDS, PROJECT_ID, SECRET_VALUE } from "../fixtures/values.js";

const REQUIRED = { projectId: PROJECT_ID, clientId: CLIENT_ID, secretExpiresAfterHours: 720 };

const KIND = { level: "project", isRotating: false } as const;
const ROTATING_KIND = { level: "project", isRotating: true } as const;

function problemsOf(changes: Record<string, unknown>): string[] {
  return findInputProblems(KIND, { ...DESIRED, ...changes }).map(({ property }) => property);
}

describe("fillDefaults", () => {
  it("completes the required inputs", () => {
    expect(fillDefaults(REQUIRED)).toEqual({
      ...REQUIRED,
      rotateBeforeExpiryHours: 240,
      triggers: {},
      verify: true,
      reclaimExpired: true,
      mayRemove: [],
      exclusive: false,
    });
  });

  it("leaves what is given as it is, also when it is false, zero or empty", () => {
    const given = { ...DESIRED, rotateBeforeExpiryHours: 0, verify: false, reclaimExpired: false, exclusive: true };
    expect(fillDefaults(given)).toEqual(given);
  });

  it.each([
    { name: "null", value: null },
    { name: "undefined", value: undefined },
  ])("takes $name as not given", ({ value }) => {
    expect(fillDefaults({ ...REQUIRED, verify: value, rotateBeforeExpiryHours: value })).toEqual(
      fillDefaults(REQUIRED),
    );
  });

  it("keeps a property that it does not know, so that the check can name it", () => {
    expect(fillDefaults({ ...REQUIRED, secretExpireAfterHours: 8 })).toHaveProperty("secretExpireAfterHours", 8);
  });

  it.each([
    { name: "an unknown lifetime", hours: UNKNOWN_VALUE, window: UNKNOWN_VALUE },
    { name: "a lifetime that is no number", hours: "720", window: undefined },
    { name: "a lifetime that is no whole number", hours: 8.5, window: undefined },
    { name: "a lifetime that is not a number at all", hours: Number.NaN, window: undefined },
  ])("makes the window of $name", ({ hours, window }) => {
    expect(fillDefaults({ ...REQUIRED, secretExpiresAfterHours: hours }).rotateBeforeExpiryHours).toBe(window);
  });

  it("leaves out a default that cannot be made, and makes those of an overlap from lifetime and window", () => {
    const odd = fillDefaults({ ...REQUIRED, secretExpiresAfterHours: 8.5 });
    expect(odd).not.toHaveProperty("rotateBeforeExpiryHours");
    const filled = fillRotationDefaults({ ...REQUIRED, secretExpiresAfterHours: 8.5 });
    for (const name of ["overlapHours", "quietHours"]) expect(filled).not.toHaveProperty(name);
    expect(fillRotationDefaults({ ...REQUIRED, rotateBeforeExpiryHours: UNKNOWN_VALUE })).toMatchObject({
      overlapHours: UNKNOWN_VALUE,
      quietHours: UNKNOWN_VALUE,
    });
    expect(fillRotationDefaults(REQUIRED)).toMatchObject({ overlapHours: 24, quietHours: 24 });
  });

  it("gives the same when its result is completed again", () => {
    fc.assert(
      fc.property(fc.object(), (given) => expect(fillDefaults(fillDefaults(given))).toEqual(fillDefaults(given))),
    );
  });
});

describe("findInputProblems", () => {
  it("finds none in valid inputs", () => {
    expect(problemsOf({ [PROVIDER_KEY]: "exports.handler = () => undefined;" })).toEqual([]);
  });

  it.each([
    { name: "23 digits", value: PROJECT_ID.slice(1) },
    { name: "25 digits", value: `${PROJECT_ID}0` },
    { name: "capitals", value: PROJECT_ID.toUpperCase() },
    { name: "a letter beyond f", value: `g${PROJECT_ID.slice(1)}` },
    { name: "a line break at its end", value: `${PROJECT_ID}\n` },
    { name: "no text", value: "" },
    { name: "a number", value: 1 },
    { name: "a client id", value: CLIENT_ID },
  ])("refuses a projectId of $name", ({ value }) => {
    expect(problemsOf({ projectId: value })).toEqual(["projectId"]);
  });

  it.each([
    { name: "a capital in its digits", value: "mdb_sa_id_0123456789ABCDEF01234567", ok: true },
    { name: "23 digits", value: CLIENT_ID.slice(0, -1), ok: false },
    { name: "25 digits", value: `${CLIENT_ID}0`, ok: false },
    { name: "no prefix", value: PROJECT_ID, ok: false },
    { name: "a capital prefix", value: CLIENT_ID.replace("mdb", "MDB"), ok: false },
    { name: "a path in it", value: `${CLIENT_ID}/../x`, ok: false },
    { name: "a secret in its place", value: SECRET_VALUE, ok: false },
  ])("judges a clientId of $name: valid is $ok", ({ value, ok }) => {
    expect(problemsOf({ clientId: value })).toEqual(ok ? [] : ["clientId"]);
  });

  it.each([
    { name: "7", value: 7, window: 0, ok: false },
    { name: "8", value: 8, window: 0, ok: true },
    { name: "8760", value: 8760, window: 0, ok: true },
    { name: "8761", value: 8761, window: 0, ok: false },
    { name: "0", value: 0, window: 0, ok: false },
    { name: "-8", value: -8, window: 0, ok: false },
    { name: "8.5", value: 8.5, window: 0, ok: false },
    { name: "a text", value: "8", window: 0, ok: false },
    { name: "NaN", value: Number.NaN, window: 0, ok: false },
    { name: "infinity", value: Number.POSITIVE_INFINITY, window: 0, ok: false },
    { name: "a list", value: [8], window: 0, ok: false },
  ])("judges a lifetime of $name: valid is $ok", ({ value, window, ok }) => {
    const problems = problemsOf({ secretExpiresAfterHours: value, rotateBeforeExpiryHours: window });
    expect(problems).toEqual(ok ? [] : ["secretExpiresAfterHours"]);
  });

  it.each([
    { name: "-1", value: -1, ok: false },
    { name: "0", value: 0, ok: true },
    { name: "one hour less than the lifetime", value: 719, ok: true },
    { name: "the lifetime", value: 720, ok: false },
    { name: "a part of an hour", value: 0.5, ok: false },
    { name: "a text", value: "240", ok: false },
  ])("judges a window of $name: valid is $ok", ({ value, ok }) => {
    expect(problemsOf({ rotateBeforeExpiryHours: value })).toEqual(ok ? [] : ["rotateBeforeExpiryHours"]);
  });

  it.each([
    { name: "-1", value: -1, ok: false },
    { name: "0", value: 0, ok: true },
    { name: "168", value: 168, ok: true },
    { name: "169", value: 169, ok: false },
    { name: "a part of an hour", value: 0.5, ok: false },
    { name: "true", value: true, ok: false },
  ])("judges quietHours of $name: valid is $ok", ({ value, ok }) => {
    const problems = findInputProblems(ROTATING_KIND, { ...DESIRED_ROTATION, quietHours: value });
    expect(problems.map(({ property }) => property)).toEqual(ok ? [] : ["quietHours"]);
  });

  it.each([
    { name: "projectId", value: undefined },
    { name: "projectId", value: null },
    { name: "clientId", value: undefined },
    { name: "clientId", value: null },
    { name: "secretExpiresAfterHours", value: undefined },
    { name: "secretExpiresAfterHours", value: null },
  ])("says that $name is required when it is $value", ({ name, value }) => {
    const { [name as "projectId"]: _taken, ...rest } = REQUIRED;
    const failures = findInputProblems(KIND, { ...rest, [name]: value });
    expect(failures).toEqual([{ property: name, reason: expect.stringMatching(/^is required and must be /) }]);
  });

  it.each([
    { name: "triggers", value: ["a"] },
    { name: "triggers", value: "a" },
    { name: "verify", value: "true" },
    { name: "reclaimExpired", value: 1 },
    { name: "exclusive", value: "false" },
    { name: "mayRemove", value: IDS[0] },
    { name: "mayRemove", value: [1] },
    { name: "mayRemove", value: [IDS[0], "not an id"] },
  ])("refuses $name of $value", ({ name, value }) => {
    expect(problemsOf({ [name]: value })).toEqual([name]);
  });

  it.each([
    { name: "no id", value: [] },
    { name: "two ids", value: [IDS[0], IDS[1]] },
    { name: "an id that a preview does not know", value: [UNKNOWN_VALUE, IDS[1]] },
  ])("accepts mayRemove with $name", ({ value }) => {
    expect(problemsOf({ mayRemove: value })).toEqual([]);
  });

  it.each([
    { name: "a lifetime", given: { secretExpiresAfterHours: 7 }, says: ["is 7", "from 8 to 8760"] },
    {
      name: "a lifetime in words",
      given: { secretExpiresAfterHours: "720" },
      says: ["is a text of 3 characters", "from 8"],
    },
    { name: "a window", given: { rotateBeforeExpiryHours: 720 }, says: ["is 720", "from 0 to 719", "(720)"] },
    { name: "an id that is too short", given: { projectId: "abc" }, says: ["is a text of 3 characters", "24 digits"] },
    { name: "an empty id", given: { clientId: "" }, says: ["is empty", "mdb_sa_id_"] },
    { name: "an id that is a number", given: { clientId: 12 }, says: ["is a number,"] },
    { name: "a list for a map", given: { triggers: [1] }, says: ["is a list"] },
    { name: "a map for a list", given: { mayRemove: {} }, says: ["is a map"] },
    { name: "a switch for hours", given: { rotateBeforeExpiryHours: false }, says: ["is a boolean", "from 0 to 8759"] },
  ])("says what was given for $name, and the bound in numbers", ({ given, says }) => {
    const [problem] = findInputProblems(KIND, { ...REQUIRED, ...given });
    for (const text of says) expect(problem?.reason).toContain(text);
  });

  it.each([
    {
      name: "at most 168",
      hours: 720,
      window: 24,
      overlap: 169,
      says: "is 169, and must be a whole number of hours from 0 to 168",
    },
    {
      name: "at most what the given window leaves",
      hours: 24,
      window: 20,
      overlap: 5,
      says: "is 5, and must be a whole number of hours from 0 to 4: at most secretExpiresAfterHours (24) less rotateBeforeExpiryHours (20)",
    },
    {
      name: "at most what the default window leaves, which it does not call given,",
      hours: 24,
      window: undefined,
      overlap: 17,
      says:
        "is 17, and must be a whole number of hours from 0 to 16: at most secretExpiresAfterHours (24) less the rotation window " +
        "(8, a third of the lifetime, rounded down)",
    },
  ])("allows an overlap $name", ({ hours, window, overlap, says }) => {
    const given = { ...REQUIRED, secretExpiresAfterHours: hours, rotateBeforeExpiryHours: window };
    const problems = findInputProblems(ROTATING_KIND, { ...given, overlapHours: overlap });
    expect(problems).toEqual([{ property: "overlapHours", reason: says }]);
    expect(findInputProblems(ROTATING_KIND, { ...given, overlapHours: overlap - 1 })).toEqual([]);
  });

  it.each([
    {
      name: "secretExpireAfterHours",
      says: "is not a property of this resource; did you mean secretExpiresAfterHours?",
    },
    { name: "rotateBeforeExpiry", says: "did you mean rotateBeforeExpiryHours?" },
    { name: "clientID", says: "did you mean clientId?" },
    { name: "color", says: "which takes projectId, clientId, secretExpiresAfterHours, rotateBeforeExpiryHours" },
  ])("names the unknown property $name, and what can be meant", ({ name, says }) => {
    const [problem] = findInputProblems(KIND, { ...DESIRED, [name]: 8 });
    expect(problem?.property).toBe(name);
    expect(problem?.reason).toContain(says);
  });

  it.each(Object.keys(DESIRED).map((name) => ({ name })))(
    "does not judge $name when a preview does not know it",
    ({ name }) => {
      expect(problemsOf({ [name]: UNKNOWN_VALUE })).toEqual([]);
    },
  );

  it("does not judge an overlap by a window that is no number", () => {
    const given = { ...DESIRED_ROTATION, rotateBeforeExpiryHours: "x", overlapHours: 24 };
    const names = findInputProblems(ROTATING_KIND, given).map(({ property }) => property);
    expect(names).toEqual(["rotateBeforeExpiryHours"]);
  });

  it("names all problems at once", () => {
    const wrong = { projectId: "x", clientId: "x", secretExpiresAfterHours: 7, verify: "yes", misspelt: 1 };
    expect(problemsOf(wrong)).toEqual(["projectId", "clientId", "secretExpiresAfterHours", "verify", "misspelt"]);
  });

  it("names a window that is too long along with another problem", () => {
    expect(problemsOf({ projectId: "x", rotateBeforeExpiryHours: 720 })).toEqual([
      "projectId",
      "rotateBeforeExpiryHours",
    ]);
  });

  it("never repeats a value in its reasons", () => {
    const names = [...Object.keys(DESIRED), "misspelt"];
    for (const name of names) {
      for (const value of [SECRET_VALUE, [SECRET_VALUE], { [SECRET_VALUE]: SECRET_VALUE }]) {
        const reasons = findInputProblems(KIND, { ...DESIRED, [name]: value }).map(({ reason }) => reason);
        expect(reasons.join()).not.toContain(SECRET_VALUE);
      }
    }
  });

  it("judges whatever it is given, and never throws", () => {
    fc.assert(fc.property(fc.object(), (inputs) => expect(Array.isArray(findInputProblems(KIND, inputs))).toBe(true)));
  });
});

describe("toInputValues", () => {
  it("gives what the check accepts, with the defaults", () => {
    expect(toInputValues({ ...DESIRED, [PROVIDER_KEY]: "x", misspelt: 1 })).toEqual(DESIRED);
    expect(toInputValues(REQUIRED)).toEqual(fillDefaults(REQUIRED));
    expect(toRotationInputValues(DESIRED_ROTATION)).toEqual(DESIRED_ROTATION);
  });

  it.each([
    { name: "an unknown one", value: UNKNOWN_VALUE },
    { name: "a value in the wrong place", value: { secret: SECRET_VALUE } },
  ])("names an input that cannot be used, and shows no value: $name", ({ value }) => {
    const read = () => toInputValues({ ...DESIRED, verify: value });
    const message = "The engine gave inputs that cannot be used: verify. Nothing was sent.";
    expect(read).toThrow(expect.objectContaining({ code: "inputs", message }));
    expect(read).not.toThrow(SECRET_VALUE);
  });
});

describe("toDesiredSecret", () => {
  it("takes inputs as they are", () => {
    expect(toDesiredSecret(DESIRED)).toEqual(DESIRED);
  });

  it.each(Object.keys(DESIRED).map((name) => ({ name })))("turns an unknown $name into Unknown", ({ name }) => {
    expect(toDesiredSecret({ ...DESIRED, [name]: UNKNOWN_VALUE })).toHaveProperty(name, Unknown);
  });

  it.each(Object.keys(DESIRED).map((name) => ({ name })))(
    "takes a $name that cannot be read as not known",
    ({ name }) => {
      for (const value of [Symbol.iterator, () => 1, [[]]]) {
        expect(toDesiredSecret({ ...DESIRED, [name]: value })).toHaveProperty(name, Unknown);
      }
    },
  );
});
