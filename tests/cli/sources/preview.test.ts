/** Which accounts a preview tells of: one happy step, broken one thing at a time. */
import { parsePreview } from "../../../cli/src/sources/preview.js";
import { CLIENT_ID, PROJECT_ID } from "../../provider/fixtures/values.js";
import { encrypted, type Fields, MANUAL, ORG_MANUAL, PLAIN, ROTATING } from "./states.js";

const ACCOUNT = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID };
const INPUTS: Fields = { projectId: PROJECT_ID, clientId: CLIENT_ID, secretExpiresAfterHours: 720 };
/** What a preview prints for a value that only the run will know. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const toStep = (type = PLAIN, inputs: Fields = INPUTS, name = "backend", op = "create"): Fields => {
  const urn = `urn:pulumi:prod::shop::${type}::${name}`;
  return { op, urn, newState: { urn, type, inputs } };
};
const read = (...steps: Fields[]) => parsePreview(JSON.stringify({ steps, diagnostics: [] }), "the preview");

describe("parsePreview", () => {
  it.each([PLAIN, ROTATING, MANUAL])("takes the account of a %s", (type) => {
    expect(read(toStep(type))).toEqual({ accounts: [ACCOUNT], undetermined: [] });
  });

  it("takes that of an organization too", () => {
    const inputs = { orgId: PROJECT_ID, clientId: CLIENT_ID };
    expect(read(toStep(ORG_MANUAL, inputs)).accounts).toEqual([{ ...ACCOUNT, level: "organization" }]);
  });

  it("counts a resource once that is replaced in several steps, and two of them twice", () => {
    const { accounts } = read(toStep(), toStep(PLAIN, INPUTS, "backend", "replace"), toStep(PLAIN, INPUTS, "other"));
    expect(accounts).toEqual([ACCOUNT, ACCOUNT]);
  });

  it("leaves out what leaves the stack, and resources of other types", () => {
    const replaced = { op: "delete", urn: "urn:pulumi:prod::shop::x::gone", oldState: toStep().newState };
    expect(read(replaced, toStep("aws:s3/bucket:Bucket"))).toEqual({ accounts: [], undetermined: [] });
  });

  it.each([
    ["not known yet", { ...INPUTS, clientId: UNKNOWN }],
    ["withheld", { ...INPUTS, clientId: "[secret]" }],
    ["marked as a secret", { ...INPUTS, clientId: encrypted }],
    ["missing", { projectId: PROJECT_ID }],
  ])("names a secret whose account is %s", (_, inputs) => {
    expect(read(toStep(PLAIN, inputs))).toEqual({ accounts: [], undetermined: ["backend"] });
  });

  it("takes a preview without a step", () => {
    expect(parsePreview("{}", "the preview")).toEqual({ accounts: [], undetermined: [] });
  });

  it.each([
    ["half of one", '{"steps": [{"op": "create"'],
    ["something else", '{"steps": 3}'],
    ["a text", '"no preview"'],
  ])("refuses %s without quoting it", (_, text) => {
    expect(() => parsePreview(text, "the preview")).toThrow(/^Could not read the preview: /);
  });
});
