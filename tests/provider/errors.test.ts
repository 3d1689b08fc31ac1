import { inspect } from "node:util";
import {
  AccountFullError,
  AtlasSecretsError,
  AuthenticationError,
  ConfiguredCredentialError,
  ConnectionError,
  hasCode,
  PartialFailure,
  RateLimitError,
  RejectionError,
  SettingsError,
} from "../../provider/src/errors.js";
import { IDS, SECRET_VALUE } from "./fixtures/values.js";

const partial = new PartialFailure("fake/id", { secret: SECRET_VALUE }, ["The first reason.", "The second one."]);

describe("AtlasSecretsError", () => {
  it.each([
    { error: new SettingsError(["x."]), code: "settings", name: "SettingsError" },
    { error: new AuthenticationError("x", {}), code: "authentication", name: "AuthenticationError" },
    { error: new RejectionError("x", {}), code: "rejected", name: "RejectionError" },
    { error: new RateLimitError("x", {}), code: "rate-limit", name: "RateLimitError" },
    { error: new ConnectionError("x", {}, true), code: "connection", name: "ConnectionError" },
    { error: new AccountFullError("x", [...IDS]), code: "account-full", name: "AccountFullError" },
    { error: new ConfiguredCredentialError("x"), code: "configured-credential", name: "ConfiguredCredentialError" },
    { error: partial, code: "partial", name: "PartialFailure" },
  ])("is the base of $name, with the code $code", ({ error, code, name }) => {
    expect(error).toBeInstanceOf(AtlasSecretsError);
    expect(error).toMatchObject({ code, name });
    expect(hasCode(error, code)).toBe(true);
    expect(hasCode(error, "another")).toBe(false);
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
