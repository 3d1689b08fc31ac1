/** The generated sources of the Python SDK: what the classes have, no behavior. */
import { listAudited } from "../../provider/dist/records/description.js";
import { CONFIDENTIAL_SETTINGS } from "../../provider/dist/settings.js";
import { CLASSES, CONSTANTS } from "./description.mjs";
import { HEADER, inLanguage, wrap } from "./text.mjs";

const FOLDER = "sdk/python/pulumi_atlas_secrets";
const WIDTH = 100;

const INPUT_TYPES = {
  string: "str",
  integer: "int",
  boolean: "bool",
  map: "Mapping[str, pulumi.Input[Any]]",
  "list of ids": "Sequence[pulumi.Input[str]]",
};

const OUTPUT_TYPES = {
  string: "str",
  time: "str",
  status: "str",
  integer: "int",
  number: "int",
  "map of numbers": "Mapping[str, int]",
  "map of strings": "Mapping[str, str]",
  "map of records": "Mapping[str, Mapping[str, Any]]",
};

const toSnake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The files by their paths. */
export const PYTHON_FILES = {
  [`${FOLDER}/_constants.py`]: renderConstants(),
  [`${FOLDER}/_resources.py`]: renderResources(),
};

function renderConstants() {
  const lines = Object.entries({ ...CONSTANTS, CONFIDENTIAL_SETTINGS }).map(
    ([name, value]) => `${name} = ${toLiteral(value)}`,
  );
  const audited = listAudited().map((name) => `    ("${toSnake(name)}", "${name}"),`);
  return [
    `"""Names that the Node.js package has too. ${HEADER}"""`,
    "",
    ...lines,
    "",
    "# What an audit record holds: the attribute, and its name in the record.",
    "AUDITED = (",
    ...audited,
    ")",
    "",
  ].join("\n");
}

function toLiteral(value) {
  return !Array.isArray(value) ? JSON.stringify(value) : `(${value.map((item) => JSON.stringify(item)).join(", ")},)`;
}

function renderResources() {
  const accounts = CLASSES.flatMap(({ account }) => account ?? []);
  return [
    `"""The resources. ${HEADER}"""`,
    "",
    "from typing import Any, Mapping, Optional, Sequence, overload",
    "",
    "import pulumi",
    "",
    "from ._registration import SecretClass, prepare, split_arguments",
    "",
    ...accounts.flatMap(({ name, doc, inputs }) => renderArgs(`${name}Args`, doc, inputs)),
    ...CLASSES.flatMap(renderClass),
  ].join("\n");
}

function renderClass(described) {
  const { name, doc, type, provider, isRotating, inputs, outputs, secretOutputs } = described;
  const names = outputs.map((output) => `"${toSnake(output.name)}"`);
  return [
    ...renderArgs(`${name}Args`, `Inputs of \`${name}\`.`, inputs, described),
    "",
    `class ${name}(pulumi.CustomResource):`,
    ...renderDoc(doc, 4),
    "",
    "    _secret_class = SecretClass(",
    `        "${name}",`,
    `        "${type}",`,
    `        '${provider}',`,
    `        ${isRotating ? "True" : "False"},`,
    `        (${secretOutputs.map((secret) => `"${secret}"`).join(", ")},),`,
    "        (",
    ...names.map((output) => `            ${output},`),
    "        ),",
    "    )",
    "",
    "    @overload",
    "    def __init__(",
    "        self,",
    "        resource_name: str,",
    `        args: ${name}Args,`,
    "        opts: Optional[pulumi.ResourceOptions] = None,",
    "    ) -> None: ...",
    "    @overload",
    "    def __init__(",
    "        self,",
    "        resource_name: str,",
    "        opts: Optional[pulumi.ResourceOptions] = None,",
    "        *,",
    ...renderParameters(inputs, described),
    "    ) -> None: ...",
    "    def __init__(self, resource_name: str, *args: Any, **kwargs: Any) -> None:",
    `        given, opts = split_arguments(${name}Args, args, kwargs)`,
    "        super().__init__(*prepare(self._secret_class, resource_name, given, opts))",
    "",
    ...outputs.flatMap(renderOutput),
  ];
}

function renderArgs(name, doc, inputs, described) {
  return [
    "",
    "@pulumi.input_type",
    `class ${name}:`,
    ...renderDoc(doc, 4),
    "",
    "    def __init__(",
    "        self,",
    "        *,",
    ...renderParameters(inputs, described),
    "    ) -> None:",
    ...inputs.map(({ name: input }) => `        pulumi.set(self, "${toSnake(input)}", ${toSnake(input)})`),
    "",
    ...inputs.flatMap((input) => {
      const snake = toSnake(input.name);
      const type = toInputType(input, described);
      return [
        "    @property",
        `    @pulumi.getter(name="${input.name}")`,
        `    def ${snake}(self) -> ${type}:`,
        ...renderDoc(input.doc, 8),
        `        return pulumi.get(self, "${snake}")  # type: ignore[no-any-return]`,
        "",
        `    @${snake}.setter`,
        `    def ${snake}(self, value: ${type}) -> None:`,
        `        pulumi.set(self, "${snake}", value)`,
        "",
      ];
    }),
  ];
}

function renderParameters(inputs, described) {
  const required = inputs.filter(({ isOptional }) => !isOptional);
  const optional = inputs.filter(({ isOptional }) => isOptional);
  return [...required, ...optional].map((input) => {
    const rest = input.isOptional ? " = None" : "";
    return `        ${toSnake(input.name)}: ${toInputType(input, described)}${rest},`;
  });
}

function toInputType({ type, isOptional }, described) {
  const account = described?.account && `Mapping[str, pulumi.Input[${described.account.name}Args]]`;
  const input = `pulumi.Input[${type === "map of accounts" ? account : INPUT_TYPES[type]}]`;
  return isOptional ? `Optional[${input}]` : input;
}

function renderOutput({ name, type, doc, isOptional }) {
  const snake = toSnake(name);
  const known = OUTPUT_TYPES[type];
  return [
    "    @property",
    `    @pulumi.getter(name="${name}")`,
    `    def ${snake}(self) -> pulumi.Output[${isOptional ? `Optional[${known}]` : known}]:`,
    ...renderDoc(doc, 8),
    `        return pulumi.get(self, "${snake}")  # type: ignore[no-any-return]`,
    "",
  ];
}

function renderDoc(doc, indent) {
  const margin = " ".repeat(indent);
  const [first, ...rest] = wrap(`"""${inLanguage(doc, toSnake)}`, WIDTH - indent);
  if (rest.length === 0) return [`${margin}${first}"""`];
  return [...[first, ...rest].map((line) => `${margin}${line}`), `${margin}"""`];
}
