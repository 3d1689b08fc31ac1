/** The generated sources of the Go SDK: what the types have, no behavior. */
import { listAudited } from "../../provider/dist/records/description.js";
import { CONFIDENTIAL_SETTINGS } from "../../provider/dist/settings.js";
import { CLASSES, CONSTANTS } from "./description.mjs";
import { HEADER, inLanguage, wrap } from "./text.mjs";

const WIDTH = 110;

/** Of a required and of an optional input. */
const INPUT_TYPES = {
  string: ["pulumi.StringInput", "pulumi.StringPtrInput"],
  integer: ["pulumi.IntInput", "pulumi.IntPtrInput"],
  boolean: ["pulumi.BoolInput", "pulumi.BoolPtrInput"],
  map: ["pulumi.MapInput", "pulumi.MapInput"],
  "list of ids": ["pulumi.StringArrayInput", "pulumi.StringArrayInput"],
};

/** Of an output that is always there, and of an optional one. */
const OUTPUT_TYPES = {
  string: ["pulumi.StringOutput", "pulumi.StringPtrOutput"],
  time: ["pulumi.StringOutput", "pulumi.StringPtrOutput"],
  status: ["pulumi.StringOutput", "pulumi.StringPtrOutput"],
  integer: ["pulumi.IntOutput", "pulumi.IntPtrOutput"],
  number: ["pulumi.IntOutput", "pulumi.IntPtrOutput"],
  "map of numbers": ["pulumi.IntMapOutput", "pulumi.IntMapOutput"],
  "map of strings": ["pulumi.StringMapOutput", "pulumi.StringMapOutput"],
  "map of records": ["pulumi.MapMapOutput", "pulumi.MapMapOutput"],
};

const toField = (name) => name[0].toUpperCase() + name.slice(1);

/** The files by their paths. */
export const GO_FILES = {
  "sdk/go/constants.go": renderConstants(),
  "sdk/go/resources.go": renderResources(),
};

/** `BASE_URL` as Go writes it: `baseURL`. */
function toConstant(name) {
  const [first, ...words] = name.split("_");
  return [
    first.toLowerCase(),
    ...words.map((word) => (/^(ID|URL)$/.test(word) ? word : toField(word.toLowerCase()))),
  ].join("");
}

function renderConstants() {
  const constants = Object.entries(CONSTANTS).map(([name, value]) => [toConstant(name), value]);
  const width = Math.max(...constants.map(([name]) => name.length));
  return [
    `// ${HEADER}`,
    "",
    "package atlassecrets",
    "",
    "// Names that the Node.js package has too.",
    "const (",
    ...constants.map(
      ([name, value]) => `\t${name.padEnd(width)} = ${typeof value === "number" ? value : `\`${value}\``}`,
    ),
    ")",
    "",
    "// Settings that must be encrypted wherever they are kept.",
    `var confidentialSettings = []string{${CONFIDENTIAL_SETTINGS.map((name) => `"${name}"`).join(", ")}}`,
    "",
    "// What an audit record holds, besides the name of the resource.",
    "var audited = []string{",
    ...listAudited().map((name) => `\t"${name}",`),
    "}",
    "",
  ].join("\n");
}

function renderResources() {
  const accounts = CLASSES.flatMap(({ account }) => account ?? []);
  return [
    `// ${HEADER}`,
    "",
    "package atlassecrets",
    "",
    'import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"',
    ...accounts.flatMap(renderAccount),
    ...CLASSES.flatMap(renderClass),
    "",
  ].join("\n");
}

function renderAccount({ name, doc, inputs }) {
  return [
    "",
    ...renderDoc(`${name}Args: ${doc[0].toLowerCase()}${doc.slice(1)}`, ""),
    `type ${name}Args struct {`,
    ...renderFields(inputs.map((input) => ({ ...input, goType: INPUT_TYPES[input.type][Number(input.isOptional)] }))),
    "}",
    ...renderProperties(`${name}Args`, inputs),
  ];
}

function renderClass({ name, doc, type, provider, isRotating, account, inputs, outputs, secretOutputs }) {
  const variable = `${name[0].toLowerCase()}${name.slice(1)}Class`;
  const toInputType = ({ type: kind, isOptional }) =>
    kind === "map of accounts" ? `map[string]${account.name}Args` : INPUT_TYPES[kind][Number(isOptional)];
  const toOutputType = ({ type: kind, isOptional }) => OUTPUT_TYPES[kind][Number(isOptional)];
  return [
    "",
    ...renderDoc(`${name}Args are the inputs of ${name}.`, ""),
    `type ${name}Args struct {`,
    ...renderFields(inputs.map((input) => ({ ...input, goType: toInputType(input) }))),
    "}",
    ...renderProperties(`${name}Args`, inputs),
    "",
    ...renderDoc(`${name}: ${doc}`, ""),
    `type ${name} struct {`,
    "\tpulumi.CustomResourceState",
    "",
    ...renderFields(outputs.map((output) => ({ ...output, goType: toOutputType(output), isTagged: true }))),
    "}",
    "",
    `var ${variable} = secretClass{`,
    `\t"${name}",`,
    `\t"${type}",`,
    `\t${"`"}${provider}${"`"},`,
    `\t${isRotating},`,
    `\t[]string{${secretOutputs.map((secret) => `"${secret}"`).join(", ")}},`,
    "}",
    "",
    `// New${name} registers the resource. It fails when a secret or a credential would be lost or`,
    "// shown: by the options, or by the stack's settings.",
    `func New${name}(`,
    `\tctx *pulumi.Context, name string, args *${name}Args, opts ...pulumi.ResourceOption,`,
    `) (*${name}, error) {`,
    `\tif args == nil {`,
    `\t\targs = &${name}Args{}`,
    "\t}",
    `\tresource := &${name}{}`,
    `\treturn resource, register(ctx, ${variable}, name, args, resource, opts)`,
    "}",
    ...renderAudit(name, outputs, account),
  ];
}

/** What the audit record is made of. */
function renderAudit(name, outputs, account) {
  if (account) {
    return [
      "",
      `func (resource *${name}) records() (current, removed pulumi.MapMapOutput) {`,
      "\treturn resource.Records, resource.RemovedRecords",
      "}",
    ];
  }
  const names = new Set(listAudited());
  return [
    "",
    `func (resource *${name}) audited() pulumi.Map {`,
    "\toutputs := pulumi.Map{}",
    ...outputs
      .filter((output) => names.has(output.name))
      .map((output) => `\toutputs["${output.name}"] = resource.${toField(output.name)}`),
    "\treturn outputs",
    "}",
  ];
}

function renderProperties(type, inputs) {
  const simple = inputs.filter((input) => input.type !== "map of accounts");
  const hasAccounts = simple.length < inputs.length;
  return [
    "",
    `func (args ${type}) properties() pulumi.Map {`,
    "\tproperties := pulumi.Map{}",
    ...simple.flatMap(({ name }) => [
      `\tif args.${toField(name)} != nil {`,
      `\t\tproperties["${name}"] = args.${toField(name)}`,
      "\t}",
    ]),
    ...(hasAccounts
      ? ["\tif args.Accounts != nil {", '\t\tproperties["accounts"] = accountProperties(args.Accounts)', "\t}"]
      : []),
    "\treturn properties",
    "}",
  ];
}

function renderFields(fields) {
  return fields.flatMap(({ name, doc, goType, isTagged }) => [
    ...renderDoc(doc, "\t"),
    `\t${toField(name)} ${goType}${isTagged ? ` ${"`"}pulumi:"${name}"${"`"}` : ""}`,
  ]);
}

function renderDoc(doc, margin) {
  return wrap(inLanguage(doc, toField), WIDTH).map((line) => `${margin}// ${line}`);
}
