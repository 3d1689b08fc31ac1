import fc from "fast-check";
import { parseChallenges, toQuoted } from "../../../../provider/src/atlas/auth/challenges.js";

interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

function parse(header: string): Challenge[] | undefined {
  return parseChallenges(header)?.map(({ scheme, parameters }) => ({
    scheme,
    parameters: Object.fromEntries(parameters),
  }));
}

describe("parseChallenges", () => {
  it.each([
    { name: "an empty header", header: "", challenges: [] },
    { name: "commas alone", header: " , ,", challenges: [] },
    { name: "a scheme alone", header: "Negotiate", challenges: [{ scheme: "negotiate", parameters: {} }] },
    { name: "a scheme with a token", header: "NTLM abc==", challenges: [{ scheme: "ntlm", parameters: {} }] },
    {
      name: "the example of RFC 9110",
      header: String.raw`Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\""`,
      challenges: [
        { scheme: "basic", parameters: { realm: "simple" } },
        { scheme: "newauth", parameters: { realm: "apps", type: "1", title: `Login to "apps"` } },
      ],
    },
    {
      name: "a challenge written in a text",
      header: String.raw`Digest realm="Digest nonce=\"x\", Basic realm=y"`,
      challenges: [{ scheme: "digest", parameters: { realm: `Digest nonce="x", Basic realm=y` } }],
    },
    {
      name: "an empty text, and space around the sign",
      header: `Digest a = "" ,b= c`,
      challenges: [{ scheme: "digest", parameters: { a: "", b: "c" } }],
    },
  ])("reads $name", ({ header, challenges }) => {
    expect(parse(header)).toEqual(challenges);
  });

  it.each([
    { name: "a parameter without a scheme", header: "a=b" },
    { name: "the same parameter twice", header: "Digest a=b, A=c" },
    { name: "a text without an end", header: `Digest a="b` },
    { name: "something behind a text", header: `Digest a="b"c` },
    { name: "a sign that is no token", header: "Digest a=b, @" },
  ])("refuses $name", ({ header }) => {
    expect(parse(header)).toBeUndefined();
  });

  it("reads every header of the form of RFC 9110, however it is spaced, quoted and escaped", () => {
    const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
    const token = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 8 });
    const space = fc.constantFrom("", " ", "\t", "  ");
    const value = fc.oneof(
      token.map((text) => ({ text, written: text })),
      fc.tuple(fc.string({ maxLength: 12 }), fc.boolean()).map(([text, escapesAll]) => ({
        text,
        written: escapesAll ? `"${[...text].map((sign) => `\\${sign}`).join("")}"` : toQuoted(text),
      })),
    );
    const parameter = fc.record({ name: token, value, before: space, after: space });
    const parameters = fc.uniqueArray(parameter, { maxLength: 4, selector: ({ name }) => name.toLowerCase() });
    const challenge = fc.record({ scheme: token, parameters, gap: fc.constantFrom(" ", "   ") });
    const comma = fc.constantFrom(",", ", ", " ,\t", ", ,");
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 3 }), comma, (challenges, separator) => {
        const written = challenges.map(({ scheme, parameters: list, gap }) => {
          const texts = list.map(
            ({ name, value: { written }, before, after }) => `${name}${before}=${after}${written}`,
          );
          return list.length === 0 ? scheme : `${scheme}${gap}${texts.join(separator)}`;
        });
        expect(parse(written.join(separator))).toEqual(
          challenges.map(({ scheme, parameters: list }) => ({
            scheme: scheme.toLowerCase(),
            parameters: Object.fromEntries(list.map(({ name, value: { text } }) => [name.toLowerCase(), text])),
          })),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("ends for any text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (header) => {
        expect(() => parseChallenges(header)).not.toThrow();
      }),
      { numRuns: 2_000 },
    );
  });
});
