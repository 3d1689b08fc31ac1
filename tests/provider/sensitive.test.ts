import { format, inspect } from "node:util";
import { isSameValue, Sensitive } from "../../provider/src/sensitive.js";
import { OTHER_SECRET_VALUE, SECRET_VALUE } from "./fixtures/values.js";

const sensitive = new Sensitive(SECRET_VALUE);

/** What a careless caller could do with it; `concatenate` is typed as plain text, as an unchecked value would be. */
const text = sensitive as unknown as string;

describe("Sensitive", () => {
  it.each<{ name: string; show: () => string }>([
    { name: "String()", show: () => String(sensitive) },
    { name: "a template", show: () => `${text}` },
    { name: "concatenation", show: () => "".concat(text) },
    { name: "the + operator", show: () => ["x", text].reduce((left, right) => left + right) },
    { name: "join", show: () => [text].join() },
    { name: "JSON", show: () => JSON.stringify({ deep: [{ sensitive }] }) },
    { name: "inspect", show: () => inspect(sensitive) },
    {
      name: "a deep inspect",
      show: () => inspect({ a: { b: [sensitive] } }, { depth: 10, showHidden: true, getters: true }),
    },
    { name: "format", show: () => format("%s %j %o %O", sensitive, sensitive, sensitive, sensitive) },
    { name: "an error's message", show: () => String(new Error(text)) },
    {
      name: "an inspected error with a cause",
      show: () => inspect(new Error("x", { cause: sensitive }), { depth: 10 }),
    },
    { name: "toLocaleString", show: () => sensitive.toLocaleString() },
    { name: "Symbol.toPrimitive", show: () => sensitive[Symbol.toPrimitive]() },
  ])("shows as redacted in $name", ({ show }) => {
    const shown = show();
    expect(shown).toContain("[redacted]");
    expect(shown).not.toContain(SECRET_VALUE);
  });

  it.each<{ name: string; show: () => string }>([
    {
      name: "inspect without custom inspection",
      show: () => inspect(sensitive, { customInspect: false, showHidden: true, depth: 10 }),
    },
    { name: "a number", show: () => String(Number(text)) },
    { name: "its keys", show: () => Object.keys(sensitive).join() },
    { name: "all its own names", show: () => Reflect.ownKeys(sensitive).join() },
    { name: "its entries", show: () => inspect(Object.entries(sensitive)) },
    { name: "a spread copy", show: () => inspect({ ...sensitive }) },
    {
      name: "a structured clone",
      show: () => inspect(structuredClone({ sensitive }), { depth: 10, showHidden: true }),
    },
  ])("has nothing to show in $name", ({ show }) => {
    expect(show()).not.toContain(SECRET_VALUE);
  });

  it("gives the text to reveal alone", () => {
    expect(Sensitive.reveal(sensitive)).toBe(SECRET_VALUE);
  });

  it("has no reveal on the value itself, so that a property access cannot show it", () => {
    expect("reveal" in sensitive).toBe(false);
  });
});

describe("isSameValue", () => {
  it.each([
    { name: "the same text", other: SECRET_VALUE, expected: true },
    { name: "another text", other: OTHER_SECRET_VALUE, expected: false },
    { name: "a longer text", other: `${SECRET_VALUE}x`, expected: false },
    { name: "another case", other: SECRET_VALUE.toUpperCase(), expected: false },
    { name: "no text", other: "", expected: false },
  ])("is $expected for $name", ({ other, expected }) => {
    expect(isSameValue(sensitive, new Sensitive(other))).toBe(expected);
  });
});
