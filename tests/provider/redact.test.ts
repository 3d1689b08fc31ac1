import fc from "fast-check";
import { redact } from "../../provider/src/redact.js";
import { Sensitive } from "../../provider/src/sensitive.js";
import { arbitraryText, CLIENT_ID, PROJECT_ID, SECRET_VALUE } from "./fixtures/values.js";

const VALUE = "not/a+real=value&of?tests";
const known = [new Sensitive(VALUE)];
const base64 = (text: string) => Buffer.from(text).toString("base64");
const base64url = (text: string) => Buffer.from(text).toString("base64url");

/** Whether a decoder would find `value` somewhere in `text`, at any start and in either alphabet. */
function holdsInBase64(text: string, value: string): boolean {
  for (const run of text.match(/[A-Za-z0-9+/_-]{4,}/g) ?? []) {
    for (let start = 0; start < 4; start++) {
      if (Buffer.from(run.slice(start), "base64").toString("latin1").includes(value)) return true;
    }
  }
  return false;
}

describe("redact", () => {
  it("leaves a text without credentials as it is", () => {
    const text = `Cannot find resource ${CLIENT_ID} in group ${PROJECT_ID}.`;
    expect(redact(text, known)).toBe(text);
  });

  it.each([
    { name: "as it is", echo: VALUE },
    { name: "twice", echo: `${VALUE} ${VALUE}` },
    { name: "URL-encoded", echo: encodeURIComponent(VALUE) },
    {
      name: "URL-encoded in small letters",
      echo: encodeURIComponent(VALUE).replace(/%../g, (code) => code.toLowerCase()),
    },
    { name: "in hex", echo: Buffer.from(VALUE).toString("hex") },
    { name: "in hex of capital letters", echo: Buffer.from(VALUE).toString("hex").toUpperCase() },
    { name: "in hex behind more", echo: Buffer.from(`client:${VALUE}`).toString("hex") },
    { name: "in base64", echo: base64(VALUE) },
    { name: "in base64url", echo: base64url(VALUE) },
    { name: "in base64 behind one character", echo: base64(`x${VALUE}`) },
    { name: "in base64 behind two characters", echo: base64(`xy${VALUE}`) },
    { name: "in base64 behind three characters", echo: base64(`xyz${VALUE}`) },
    { name: "in base64 as the end of a pair", echo: base64(`${CLIENT_ID}:${VALUE}`) },
    { name: "in base64url as the end of a pair", echo: base64url(`${CLIENT_ID}:${VALUE}`) },
    { name: "in base64 before more text", echo: base64(`x:${VALUE}:and more`) },
  ])("replaces a known value $name", ({ echo }) => {
    const clean = redact(`before ${echo} after`, known);
    expect(clean).toMatch(/^before .*\[redacted\].* after$/);
    expect(clean).not.toContain(VALUE);
    expect(holdsInBase64(clean, VALUE)).toBe(false);
  });

  it("replaces a known value as JSON text holds it", () => {
    const value = 'with "quotes" and \\signs\\';
    const clean = redact(`seen: ${JSON.stringify({ value })}`, [new Sensitive(value)]);
    expect(clean).toBe('seen: {"value":"[redacted]"}');
  });

  it.each([
    { name: "as it is", encode: (text: string) => text, length: 12 },
    { name: "in base64", encode: base64, length: 12 },
    { name: "in hex", encode: (text: string) => Buffer.from(text).toString("hex"), length: 12 },
  ])("replaces any $length characters of a known value $name, and leaves one fewer", ({ encode, length }) => {
    const form = encode("Qm7zTf2KxWc9LdR4vHyBnZp3uGa8Js");
    const hidden = [new Sensitive("Qm7zTf2KxWc9LdR4vHyBnZp3uGa8Js")];
    for (let start = 0; start + length <= form.length; start++) {
      expect(redact(`<${form.slice(start, start + length)}>`, hidden)).toBe("<[redacted]>");
      expect(redact(`<${form.slice(start, start + length - 1)}>`, hidden)).toContain(form.slice(start, start + 11));
    }
  });

  it("replaces a secret that it does not know also when it begins like one that it knows", () => {
    const [one, other] = ["mdb_sa_sk_FAKE-begins-alike-1111", "mdb_sa_sk_FAKE-begins-alike-and-ends-otherwise"];
    expect(redact(`${other} ${one}`, [new Sensitive(one)])).toBe("[redacted] [redacted]");
  });

  it.each([
    { name: "of four characters", value: "wxyz", expected: "a [redacted] b" },
    { name: "of three characters, which plain words would hold", value: "xyz", expected: "a xyz b" },
    { name: "that is empty", value: "", expected: "a  b" },
  ])("treats a known value $name", ({ value, expected }) => {
    expect(redact(`a ${value} b`, [new Sensitive(value)])).toBe(expected);
  });

  it.each([
    { name: "a service account secret", echo: SECRET_VALUE, shown: false },
    { name: "its prefix with eight characters", echo: "mdb_sa_sk_12345678", shown: false },
    { name: "its prefix with seven characters, as in a mask", echo: "mdb_sa_sk_1234567", shown: true },
    { name: "a mask", echo: "mdb_sa_sk_...wxyz", shown: true },
    { name: "a client id", echo: CLIENT_ID, shown: true },
    { name: "a JSON web token", echo: "eyJhbGciOiJub25lIn0.eyJmYWtlIjp0cnVlfQ.bm90LWEtc2ln", shown: false },
    { name: "a JSON web token without signature", echo: "eyJhbGciOiJub25lIn0.eyJmYWtlIjp0cnVlfQ.", shown: false },
    { name: "a bearer header", echo: "Bearer notARealToken", shown: false },
    { name: "a basic header in lower case", echo: "basic bm90QVJlYWxQYWly", shown: false },
    { name: "a short word after bearer", echo: "Bearer token", shown: true },
  ])("decides by shape, without knowing the value: $name", ({ echo, shown }) => {
    expect(redact(`<${echo}>`).includes(echo)).toBe(shown);
  });

  it.each([
    { name: "line breaks", text: "a\r\nb" },
    { name: "an escape", text: "a\u001bb" },
    { name: "a zero-width space", text: "a\u200bb" },
    { name: "a change of writing direction", text: "a\u202eb" },
    { name: "several of them", text: "a\u0000\u0007\nb" },
  ])("replaces $name by one space", ({ text }) => {
    expect(redact(text)).toBe("a b");
  });

  it.each([
    { name: "600 characters", length: 600, expected: "x".repeat(600) },
    { name: "601 characters", length: 601, expected: `${"x".repeat(600)}...` },
  ])("bounds a text of $name", ({ length, expected }) => {
    expect(redact("x".repeat(length))).toBe(expected);
  });

  it("does not look at what is behind ten thousand characters, and does not show it", () => {
    const clean = redact(`${VALUE.repeat(400)}behind`, known);
    expect(clean).toMatch(/^(\[redacted\])+/);
    expect(clean).not.toContain("behind");
    expect(clean).not.toMatch(/not\/a|real=|value&/);
  });

  it("cuts after it has redacted, so that no half of a value remains at the end", () => {
    expect(redact(`${"x".repeat(590)}${VALUE}`, known)).toBe(`${"x".repeat(590)}[redacted]`);
  });
});

describe("redact, for all texts", () => {
  const value = fc.oneof(
    arbitraryText(8, 48),
    fc.string({ unit: fc.constantFrom(..."abcXYZ019+/=&%?#~-_"), minLength: 8, maxLength: 48 }),
  );
  const surroundings = fc.tuple(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }));

  it("leaves no known value of eight characters or more, raw or URL-encoded", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), surroundings, (values, [before, after]) => {
        const sensitives = values.map((item) => new Sensitive(item));
        const echo = values.flatMap((item) => [item, encodeURIComponent(item)]).join(after);
        const clean = redact(`${before}${echo}${after}`, sensitives);
        for (const item of values) {
          expect(clean).not.toContain(item);
          expect(clean).not.toContain(encodeURIComponent(item));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("leaves no known value of eight characters or more that a base64 decoder would find", () => {
    const encoding = fc.constantFrom("base64" as const, "base64url" as const);
    fc.assert(
      fc.property(value, surroundings, encoding, (item, [before, after], alphabet) => {
        const echo = Buffer.from(`${before}${item}${after}`).toString(alphabet);
        const clean = redact(`seen: ${echo}`, [new Sensitive(item)]);
        expect(holdsInBase64(clean, item)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    { name: "no character", before: "" },
    { name: "one character", before: "x" },
    { name: "two characters", before: "xy" },
  ])("leaves no value of just eight characters in base64 behind $name", ({ before }) => {
    const clean = redact(base64(`${before}pa55word`), [new Sensitive("pa55word")]);
    expect(holdsInBase64(clean, "pa55word")).toBe(false);
  });

  it("never throws, whatever the text and the known value", () => {
    const anyText = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(anyText, anyText, (text, item) => expect(typeof redact(text, [new Sensitive(item)])).toBe("string")),
    );
    expect(redact("text", [new Sensitive("lone \ud800 surrogate")])).toBe("text");
  });
});
