/** What stands in the description stands nowhere else otherwise: classes, arguments, schema and reference say the same. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  INPUTS,
  type InputDescription,
  listAudited,
  listInputs,
  listOutputs,
  listSecretOutputs,
  OUTPUTS,
  type OutputDescription,
} from "../../../provider/src/records/description.js";

const ROOT = join(__dirname, "../../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

const INPUT_ENTRIES = Object.entries<InputDescription>(INPUTS);
const OUTPUT_ENTRIES = Object.entries<OutputDescription>(OUTPUTS).filter(([, { isInternal }]) => !isInternal);
const ALL = [...INPUT_ENTRIES, ...OUTPUT_ENTRIES].map(([name, { doc }]) => ({ name, doc }));

describe("a description", () => {
  it("gives each class its own inputs", () => {
    const [plain, rotating] = [false, true].map((isRotating) => listInputs({ level: "project", isRotating }));
    expect(rotating).toEqual([...(plain ?? []), "overlapHours", "quietHours"]);
    const organization = listInputs({ level: "organization", isRotating: false });
    expect(organization).toEqual(["orgId", ...(plain ?? []).slice(1)]);
  });

  it("has as outputs the inputs that a person reads, and none that only says what a run may do", () => {
    const [plain, rotating] = [false, true].map((isRotating) => {
      const kind = { level: "organization", isRotating } as const;
      const inputs: readonly string[] = listInputs(kind);
      return listOutputs(kind).filter((name) => inputs.includes(name));
    });
    expect(plain).toEqual(["orgId", "clientId", "secretExpiresAfterHours", "rotateBeforeExpiryHours"]);
    expect(rotating).toEqual([...(plain ?? []), "overlapHours", "quietHours"]);
  });

  it("gives a set the inputs of its accounts, but for their ids, and its own", () => {
    const rotating = listInputs({ level: "project", isRotating: true });
    const ofSet = listInputs({ level: "project", isRotating: true, isSet: true });
    const isOfAccount = (name: string) => name === "projectId" || name === "clientId";
    expect([...ofSet].sort()).toEqual(
      [...rotating.filter((name) => !isOfAccount(name)), "accounts", "concurrency"].sort(),
    );
  });

  it("gives a set its maps, and nothing of one secret", () => {
    const ofSet = Object.entries<OutputDescription>(OUTPUTS)
      .filter(([, { only, isInternal }]) => only === "set" && !isInternal)
      .map(([name]) => name);
    const own = (isSet: boolean) =>
      listOutputs({ level: "project", isRotating: true, isSet }).filter((name) => name in OUTPUTS);
    expect(own(true)).toEqual(ofSet);
    expect(ofSet).toContain("secrets");
    expect(own(false).filter((name) => ofSet.includes(name))).toEqual([]);
    expect(
      listInputs({ level: "project", isRotating: true }).filter(
        (name) => name === "accounts" || name === "concurrency",
      ),
    ).toEqual([]);
  });

  it("has the engine encrypt every output that holds a value", () => {
    expect(listSecretOutputs({ level: "project", isRotating: false })).toEqual(["secret"]);
    expect(listSecretOutputs({ level: "project", isRotating: true })).toEqual(["secret", "pendingSecret"]);
  });

  it("marks as secret whatever holds a value or the user's triggers, also in the state alone", () => {
    const marked = Object.entries<OutputDescription>(OUTPUTS).filter(([, { isSecret }]) => isSecret);
    const all = Object.keys(OUTPUTS).filter((name) => /secrets?$|Triggers$|^confidential$/i.test(name));
    expect(marked.map(([name]) => name)).toEqual(all);
  });

  it("lets nothing secret into the audit record", () => {
    const secrets: readonly string[] = [...listSecretOutputs({ level: "project", isRotating: true }), "triggers"];
    expect(listAudited().filter((name) => secrets.includes(name))).toEqual([]);
  });
});

describe("the schema of the audit record", () => {
  const schema = JSON.parse(read("provider/schema/audit-record.schema.json")) as {
    required: string[];
    properties: Record<string, { $ref?: string }>;
  };

  it("has the properties that are audited, in their order", () => {
    expect(Object.keys(schema.properties)).toEqual(["name", ...listAudited()]);
  });

  it("has times where the description has them", () => {
    const times = Object.entries<OutputDescription>(OUTPUTS).filter(
      ([, { type, isAudited }]) => type === "time" && isAudited,
    );
    const inSchema = Object.entries(schema.properties).filter(([, { $ref }]) => $ref === "#/$defs/time");
    expect(inSchema.map(([name]) => name)).toEqual(times.map(([name]) => name));
  });
});

describe("the reference", () => {
  it.each([
    { name: "inputs", heading: "## Every resource", only: [undefined, "project"] },
    { name: "inputs of a rotating resource", heading: "## Rotating resources", only: ["rotating"] },
  ])("has the $name", ({ heading, only }) => {
    const expected = INPUT_ENTRIES.filter(([, input]) => only.includes(input.only)).map(([name, input]) => {
      return [`\`${name}\``, input.type, input.default?.text ?? "required", input.doc];
    });
    expect(readTableOf(read("docs/reference/inputs.md"), heading)).toEqual(expected);
  });

  it.each([
    { name: "outputs", heading: "## Every resource", only: undefined },
    { name: "outputs of a rotating resource", heading: "## Rotating resources", only: "rotating" },
  ])("has the $name", ({ heading, only }) => {
    const entries = OUTPUT_ENTRIES.filter(([, output]) => output.only === only);
    const expected = entries.map(([name, { type, doc }]) => [`\`${name}\``, type, doc]);
    expect(readTableOf(read("docs/reference/outputs.md"), heading)).toEqual(expected);
  });

  it.each(["docs/reference/outputs.md", "provider/README.md"])("names in %s what an audit record holds", (file) => {
    const [, section = ""] = read(file).split("## Audit records\n");
    const names = listAudited().filter((name) => !/Id$/.test(name) || /^(previous|pending)/.test(name));
    expect(names.filter((name) => !section.slice(0, 800).includes(`\`${name}\``))).toEqual([]);
  });
});

describe("the guide to sets", () => {
  const text = read("docs/guides/fleets.md");

  it("has the inputs and outputs that only a set has", () => {
    const inputs = INPUT_ENTRIES.filter(([, { only }]) => only === "set");
    expect(readTableOf(text, "## Inputs")).toEqual(
      inputs.map(([name, { type, default: fallback, doc }]) => [
        `\`${name}\``,
        type,
        fallback?.text ?? "required",
        doc,
      ]),
    );
    const outputs = OUTPUT_ENTRIES.filter(([, { only }]) => only === "set");
    expect(readTableOf(text, "## Outputs")).toEqual(outputs.map(([name, { type, doc }]) => [`\`${name}\``, type, doc]));
  });
});

/** The cells of the first table after a heading. */
function readTableOf(text: string, heading: string): string[][] {
  const [, after = ""] = text.split(`${heading}\n`);
  const [table = ""] = after.slice(after.indexOf("\n| ") + 1).split("\n\n", 1);
  const rows = table.split("\n").map((row) => row.split("|").map((cell) => cell.trim()));
  return rows.slice(2).map((cells) => cells.slice(1, -1));
}

describe("the docstrings", () => {
  const docstrings = ["account-secret", "plain-secrets", "rotating-secrets", "secret-arguments", "secret-sets"].flatMap(
    (file) => [...readDocstrings(read(`provider/src/resources/${file}.ts`))],
  );

  it.each(ALL)("of $name say what the description says", ({ name, doc }) => {
    const own = docstrings.filter((found) => found.name === name).map((found) => found.text);
    expect(own.length).toBeGreaterThan(0);
    for (const text of own) expect(text.slice(0, doc.length)).toBe(doc);
  });

  it.each(INPUT_ENTRIES.filter(([, input]) => input.default).map(([name, input]) => ({ name, input })))(
    "of the argument $name tell its default",
    ({ name, input: { doc, default: fallback } }) => {
      const texts = docstrings.filter((found) => found.name === name).map(({ text }) => text);
      expect(texts).toContain(`${doc} Default: ${fallback?.text}.`);
    },
  );

  function* readDocstrings(code: string): Generator<{ readonly name: string; readonly text: string }> {
    for (const [, comment = "", name = ""] of code.matchAll(
      /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+(?:declare )?readonly (\w+)/g,
    )) {
      yield { name, text: comment.replace(/\s*\n\s*\* /g, " ").trim() };
    }
  }
});
