/**
 * What the SDKs of other languages are made of: the classes with their type tokens, properties and docstrings, as the built provider
 * describes them. Nothing of it is written here again.
 */
import { readFileSync } from "node:fs";
import { AUTONAMING_KEY } from "../../provider/dist/autonaming.js";
import { CLIENT_ID } from "../../provider/dist/ids.js";
import {
  CREATES_ONCE,
  MOST_TRIES,
  PACKAGE_NAME,
  PROVIDER_KEY,
  PROVIDER_PACKAGE,
  toProviderText,
} from "../../provider/dist/protocol.js";
import {
  INPUTS,
  listInputs,
  listOutputs,
  listSecretOutputs,
  OUTPUTS,
} from "../../provider/dist/records/description.js";
import { SECRET_CLASSES } from "../../provider/dist/rotation/secret-types.js";
import { BASE_URL, CONFIG_NAMESPACE, EXPLICIT_KEY, GOVERNMENT_BASE_URL } from "../../provider/dist/settings.js";

/** Names and numbers that the Node.js package has too. */
export const CONSTANTS = {
  PACKAGE_NAME,
  PROVIDER_PACKAGE,
  PROVIDER_KEY,
  CONFIG_NAMESPACE,
  EXPLICIT_KEY,
  BASE_URL,
  GOVERNMENT_BASE_URL,
  CLIENT_ID_PATTERN: CLIENT_ID.source,
  AUTONAMING_KEY,
  CREATES_ONCE,
  MOST_TRIES,
};

/**
 * @typedef {object} Property
 * @property {string} name as the engine knows it
 * @property {string} type of `records/description.ts`
 * @property {string} doc
 * @property {boolean} isOptional
 */

/**
 * @typedef {object} AccountType what one account of a set takes
 * @property {string} name
 * @property {string} doc
 * @property {Property[]} inputs
 */

/**
 * @typedef {object} ClassDescription
 * @property {string} name
 * @property {string} type the type token
 * @property {string} provider the text that names its handler
 * @property {string} doc
 * @property {boolean} isRotating
 * @property {AccountType} [account]
 * @property {Property[]} inputs
 * @property {Property[]} outputs
 * @property {string[]} secretOutputs
 */

const DOCS = readDocs();

/** @type {ClassDescription[]} */
export const CLASSES = SECRET_CLASSES.map((secretClass) => ({
  name: secretClass.className,
  type: secretClass.type,
  provider: toProviderText(secretClass.handler),
  doc: DOCS[secretClass.className],
  isRotating: secretClass.isRotating,
  ...(secretClass.isSet && { account: toAccountType(secretClass) }),
  inputs: listInputs(secretClass).map(toInput),
  outputs: listOutputs(secretClass).map(toOutput),
  secretOutputs: listSecretOutputs(secretClass),
}));

function toInput(name) {
  const input = INPUTS[name];
  const text = input.default && `Default: ${input.default.text}.`;
  return {
    name,
    type: input.type,
    doc: [input.doc, text].filter(Boolean).join(" "),
    isOptional: input.default !== undefined,
  };
}

function toOutput(name) {
  const { type, doc, isOptional = false } = OUTPUTS[name] ?? INPUTS[name];
  return { name, type, doc, isOptional };
}

/** An account names itself, and can have any other input of its own. */
function toAccountType({ level, className }) {
  const inputs = listInputs({ level, isRotating: true }).map((name) => ({
    ...toInput(name),
    ...(!INPUTS[name].isOfAccount && { doc: INPUTS[name].doc, isOptional: true }),
  }));
  return {
    name: level === "project" ? "ProjectSetAccount" : "OrganizationSetAccount",
    doc: `One account of a \`${className}\`: whose it is, and what differs for it from the set.`,
    inputs,
  };
}

/** The first part of each class's docstring: examples are in each language's own page. */
function readDocs() {
  const files = ["plain-secrets", "rotating-secrets", "secret-sets"];
  const texts = files.map((file) =>
    readFileSync(new URL(`../../provider/src/resources/${file}.ts`, import.meta.url), "utf8"),
  );
  const found = texts.flatMap((text) => [...text.matchAll(/\/\*\*\n((?: \*.*\n)+?) \*\/\nexport class (\w+)/g)]);
  return Object.fromEntries(found.map(([, comment, name]) => [name, toText(comment)]));
}

function toText(comment) {
  const [text] = comment.replace(/^ \* ?/gm, "").split(/^@/m);
  return text.replace(/\s+/g, " ").trim();
}
