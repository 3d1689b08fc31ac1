import { findAutonamingProblem } from "../../provider/src/autonaming.js";
import { toSecretClass } from "../../provider/src/rotation/secret-types.js";

const TYPE = toSecretClass("project", "plain").type;
const find = (setting: unknown) => findAutonamingProblem(setting, TYPE);
const ofProvider = (naming: object) => ({ providers: { "pulumi-nodejs": naming } });
const ofResource = (naming: object) => ofProvider({ resources: { [TYPE]: naming } });
const verbatim = { mode: "verbatim" };
const standard = { mode: "default" };

describe("findAutonamingProblem", () => {
  it.each<{ name: string; setting: unknown }>([
    { name: "verbatim", setting: verbatim },
    { name: "disabled", setting: { mode: "disabled" } },
    { name: "a pattern without a random part", setting: { pattern: `\${project}-\${name}` } },
    { name: "a pattern with something that only looks random", setting: { pattern: `\${name}-hex(8)` } },
    { name: "a pattern with a random part of no length", setting: { pattern: `\${name}-\${hex}` } },
    { name: "verbatim for the provider", setting: ofProvider(verbatim) },
    { name: "verbatim for the provider over default", setting: { ...standard, ...ofProvider(verbatim) } },
    { name: "verbatim for the resource", setting: ofResource(verbatim) },
    {
      name: "verbatim for the resource over the provider's default",
      setting: ofProvider({ ...standard, resources: { [TYPE]: verbatim } }),
    },
    { name: "a fixed pattern for the resource", setting: ofResource({ pattern: `\${name}` }) },
    {
      name: "verbatim beside an override for another provider",
      setting: { ...verbatim, providers: { aws: standard } },
    },
    {
      name: "verbatim beside an override for another type",
      setting: { ...verbatim, ...ofProvider({ resources: { "aws:s3:Bucket": standard } }) },
    },
  ])("refuses $name, as an object and as JSON text", ({ setting }) => {
    expect(find(setting)).toContain("would delete a secret before its replacement exists");
    expect(find(JSON.stringify(setting))).toBe(find(setting));
  });

  it.each<{ name: string; setting: unknown }>([
    { name: "no setting", setting: undefined },
    { name: "default", setting: standard },
    { name: "a pattern with hex digits", setting: { pattern: `\${name}-\${hex(8)}` } },
    { name: "a pattern with letters and digits", setting: { pattern: `\${name}-\${alphanum(4)}` } },
    { name: "a pattern with letters", setting: { pattern: `\${name}-\${string(6)}` } },
    { name: "a pattern with digits", setting: { pattern: `\${name}-\${num(6)}` } },
    { name: "a pattern with a UUID", setting: { pattern: `\${name}-\${uuid}` } },
    { name: "default for the provider over verbatim", setting: { ...verbatim, ...ofProvider(standard) } },
    {
      name: "default for the resource over the provider's verbatim",
      setting: ofProvider({ ...verbatim, resources: { [TYPE]: standard } }),
    },
    {
      name: "a random pattern for the resource over verbatim",
      setting: { ...verbatim, ...ofResource({ pattern: `\${name}-\${hex(8)}` }) },
    },
    { name: "verbatim for another provider", setting: { providers: { aws: verbatim } } },
    { name: "verbatim for another type", setting: ofProvider({ resources: { "aws:s3:Bucket": verbatim } }) },
    { name: "text that is not JSON", setting: "{mode: verbatim" },
    { name: "an empty text", setting: "" },
    { name: "null", setting: null },
    { name: "a number", setting: 1 },
    { name: "a list", setting: ["verbatim"] },
    { name: "providers that are no map", setting: { providers: "pulumi-nodejs" } },
  ])("accepts $name", ({ setting }) => {
    expect(find(setting)).toBeUndefined();
  });

  it.each([
    { name: "the mode", setting: verbatim, cause: "mode verbatim" },
    { name: "the pattern", setting: { pattern: `\${name}` }, cause: "a pattern without a random part" },
  ])("says that $name is the cause, and how to override it", ({ setting, cause }) => {
    expect(find(setting)).toContain(cause);
    expect(find(setting)).toContain(
      `pulumi config set --path 'pulumi:autonaming.providers["pulumi-nodejs"].resources["pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret"].mode' default`,
    );
  });

  it.each([
    { name: "the stack's mode", setting: verbatim as object, resource: undefined },
    { name: "the stack's pattern", setting: { pattern: `\${name}` }, resource: undefined },
    { name: "the provider's mode", setting: verbatim, resource: undefined },
  ])("gives a command that cures $name", ({ setting }) => {
    expect(find({ ...setting, ...ofProvider(standard) })).toBeUndefined();
  });

  it("gives another command for a setting of the resource, which the provider's does not override", () => {
    expect(find(ofResource(verbatim))).toContain(TYPE);
  });

  it("does not tell to add a mode to a provider that has a pattern, since the pattern would still count", () => {
    expect(find(ofProvider({ pattern: `\${name}` }))).not.toMatch(/\["pulumi-nodejs"\]\.mode' default$/);
  });
});
