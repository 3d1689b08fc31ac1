import { countCanary, findCanaries } from "./canaries.js";

const SECRET = "mdb_sa_sk_FAKE0123456789abcdefghijklmnopqrstuvwxyz";
const SIGNS = 'FAKE+with/signs="&%<\\>and more';

const base64 = (text: string) => Buffer.from(text).toString("base64");

const FORMS: readonly { name: string; encode: (value: string) => string }[] = [
  { name: "as it is", encode: (value) => value },
  { name: "in base64", encode: (value) => base64(value) },
  { name: "in base64 behind one byte", encode: (value) => base64(`:${value}`) },
  { name: "in base64 behind two bytes", encode: (value) => base64(`x:${value}`) },
  { name: "in base64 before more", encode: (value) => base64(`client:${value}, and more`) },
  { name: "in base64 for URLs", encode: (value) => Buffer.from(`client:${value}`).toString("base64url") },
  { name: "in hex", encode: (value) => Buffer.from(value).toString("hex") },
  { name: "in hex of capital letters", encode: (value) => Buffer.from(value).toString("hex").toUpperCase() },
  { name: "in a URL", encode: encodeURIComponent },
  {
    name: "in a URL with small letters",
    encode: (value) => encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
  },
  { name: "in JSON", encode: (value) => JSON.stringify({ value }) },
  { name: "in JSON in JSON", encode: (value) => JSON.stringify(JSON.stringify({ value })) },
  {
    name: "in JSON written by Go",
    encode: (value) =>
      JSON.stringify({ value }).replaceAll("&", "\\u0026").replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"),
  },
];

describe("findCanaries", () => {
  const canaries = { secret: SECRET, signs: SIGNS };

  it.each(FORMS)("finds a value $name", ({ encode }) => {
    expect(findCanaries(`before ${encode(SECRET)} after`, canaries)).toEqual(["secret"]);
    expect(findCanaries(`before ${encode(SIGNS)} after`, canaries)).toEqual(["signs"]);
  });

  it("finds any 12 characters of a value, and no 11", () => {
    const confidential = SECRET.slice("mdb_sa_sk_".length);
    for (let start = 0; start + 12 <= confidential.length; start++) {
      expect(findCanaries(`<${confidential.slice(start, start + 12)}>`, canaries)).toEqual(["secret"]);
      expect(findCanaries(`<${confidential.slice(start, start + 11)}>`, canaries)).toEqual([]);
    }
  });

  it.each([
    { name: "nothing", text: "before and after" },
    { name: "the mask of a secret", text: `mdb_sa_sk_...${SECRET.slice(-4)}` },
    { name: "the prefix and the two characters that make it twelve", text: SECRET.slice(0, 12) },
    { name: "the value in another order", text: [...SECRET].reverse().join("") },
  ])("finds nothing in $name", ({ text }) => {
    expect(findCanaries(text, canaries)).toEqual([]);
  });

  it("finds a value that is shorter than a slice", () => {
    expect(findCanaries("a short one", { short: "short" })).toEqual(["short"]);
  });
});

describe("countCanary", () => {
  it.each(FORMS)("counts a value $name once each time", ({ encode }) => {
    expect(countCanary(`${encode(SECRET)} and ${encode(SECRET)}`, SECRET)).toBe(2);
  });

  it("counts no part of a value", () => {
    expect(countCanary(SECRET.slice(0, -1), SECRET)).toBe(0);
  });
});
