import { inspect } from "node:util";
import { isNativeError } from "node:util/types";
import {
  AccountFullError,
  type AtlasFault,
  AtlasSecretsError,
  AuthenticationError,
  ConfiguredCredentialError,
  ConnectionError,
  explain,
  hasCode,
  PartialFailure,
  RateLimitError,
  RejectionError,
  SettingsError,
} from "../../provider/src/errors.js";
import { IDS, SECRET_VALUE } from "./fixtures/values.js";

const FAULT = { status: 400, errorCode: "CODE", detail: "Why.", retryAfterSeconds: 7 };
const partial = new PartialFailure("fake/id", { secret: SECRET_VALUE }, ["The first reason.", "The second one."]);

/** One of each class, with all its fields. */
const ERRORS = [
  { error: new SettingsError(["x."]), code: "settings", name: "SettingsError" },
  { error: new AuthenticationError("x", FAULT), code: "authentication", name: "AuthenticationError" },
  { error: new RejectionError("x", FAULT), code: "rejected", name: "RejectionError" },
  { error: new RateLimitError("x", FAULT), code: "rate-limit", name: "RateLimitError" },
  { error: new ConnectionError("x", { noAnswer: "ECONNRESET" }, true), code: "connection", name: "ConnectionError" },
  { error: new AccountFullError("x", [...IDS]), code: "account-full", name: "AccountFullError" },
  { error: new ConfiguredCredentialError("x"), code: "configured-credential", name: "ConfiguredCredentialError" },
  { error: partial, code: "partial", name: "PartialFailure" },
] as const;

describe("AtlasSecretsError", () => {
  it.each(ERRORS)("is the base of $name, with the code $code", ({ error, code, name }) => {
    expect(error).toBeInstanceOf(AtlasSecretsError);
    expect(error).toMatchObject({ code, name });
    expect(hasCode(error, code)).toBe(true);
    expect(hasCode(error, "state")).toBe(false);
  });
});

describe("AtlasError", () => {
  const all = { ...FAULT, noAnswer: "ECONNRESET" };

  it("keeps what Atlas said, and nothing else of what it is given", () => {
    const fields = Object.keys(all);
    const keep = (fault: object) => {
      const error: object = new RejectionError("x", { ...fault, body: SECRET_VALUE } as AtlasFault);
      return Object.fromEntries(Object.entries(error).filter(([name]) => fields.includes(name) || name === "body"));
    };
    expect(keep(all)).toEqual(all);
    for (const name of fields) expect(keep({ [name]: 1 })).toEqual({ [name]: 1 });
  });
});

describe("PartialFailure", () => {
  it("holds what the engine's host reads: id, properties and reasons", () => {
    const { id, properties, reasons } = partial;
    expect({ id, properties, reasons }).toEqual({
      id: "fake/id",
      properties: { secret: SECRET_VALUE },
      reasons: ["The first reason.", "The second one."],
    });
  });

  it.each([
    { name: "inspected", show: () => inspect(partial, { depth: 10 }) },
    { name: "written as JSON", show: () => JSON.stringify(partial) },
    { name: "turned into text", show: () => `${partial} ${partial.stack}` },
    { name: "copied", show: () => inspect({ ...partial }) },
  ])("shows no output when it is $name", ({ show }) => {
    expect(show()).not.toContain(SECRET_VALUE);
  });
});

describe("explain", () => {
  it.each(ERRORS)("copies a $name with all its fields, and leaves the error itself as it is", ({ error }) => {
    const before = { ...error, said: error.message };
    const copy = explain(error, "And more.");
    expect(copy).toBeInstanceOf(error.constructor);
    expect(isNativeError(copy)).toBe(true);
    expect(copy).toMatchObject({ ...(error instanceof PartialFailure ? {} : { ...error }), name: error.name });
    expect(copy).toMatchObject({ message: `${error.message} And more.`, cause: error, code: error.code });
    expect({ ...error, said: error.message }).toEqual(before);
  });

  it("gives each of several operations that share a failure the context of its own", () => {
    const shared = new AuthenticationError("Not accepted.", FAULT);
    const messages = ["A", "B"].map((name) => (explain(shared, `Nothing was created for ${name}.`) as Error).message);
    expect(messages).toEqual(["Not accepted. Nothing was created for A.", "Not accepted. Nothing was created for B."]);
  });

  it("keeps the outputs of a partial failure, hidden, and adds a reason for the user", () => {
    const copy = explain(partial, "And more.");
    expect(copy).toMatchObject({
      id: "fake/id",
      properties: { secret: SECRET_VALUE },
      reasons: ["The first reason.", "The second one.", "And more."],
    });
    expect(inspect(copy, { depth: 10, showHidden: true })).not.toContain(SECRET_VALUE);
    expect(JSON.stringify(copy)).not.toContain(SECRET_VALUE);
  });

  it.each([new TypeError("x"), "x", undefined])("gives what is no error of this package as it is: %p", (other) => {
    expect(explain(other, "And more.")).toBe(other);
  });
});

describe("hasCode", () => {
  it.each([
    {
      name: "an error of another copy of the package",
      error: Object.assign(new Error("x"), { code: "settings" }),
      expected: true,
    },
    { name: "an error without a code", error: new Error("x"), expected: false },
    { name: "something that is no error", error: { code: "settings" }, expected: false },
    { name: "nothing", error: undefined, expected: false },
  ])("is $expected for $name", ({ error, expected }) => {
    expect(hasCode(error, "settings")).toBe(expected);
  });
});
