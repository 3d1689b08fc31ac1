/**
 * The program of the engine's policy tests: declares what `PROGRAM` (JSON) says. `secrets` are resources of our classes;
 * `doubles` are resources of any type, whose provider repeats its inputs and asks nobody; in their arguments `{ "of": name }`
 * stands for the value of a secret, and with `"plaintext": true` for its value as no Pulumi secret. `{ "laterOf": name }`, in the
 * arguments of secrets too, stands for the argument `later` of a double, which a preview does not know before it is created.
 * `outputs` are stack outputs.
 */
const pulumi = require("@pulumi/pulumi");
const atlas = require("pulumi-atlas-secrets");

const { secrets = {}, doubles = {}, outputs = {} } = JSON.parse(process.env.PROGRAM);
const REPEATS = `const repeat = (inputs) => (inputs.later === undefined ? inputs : { ...inputs, known: inputs.later });
exports.handler = () => ({
  create: async (inputs) => ({ id: "double", outs: repeat(inputs) }),
  update: async (_id, _olds, inputs) => ({ outs: repeat(inputs) }),
});`;

class Double extends pulumi.CustomResource {
  constructor(name, { type, args, options }) {
    super(type, name, { ...args, known: undefined, __provider: REPEATS }, options);
  }
}

const made = {};
const isSource = ([, { args }]) => args?.later !== undefined;
const declare = ([name, double]) => {
  made[name] = new Double(name, { ...double, args: resolve(double.args ?? {}) });
};
Object.entries(doubles).filter(isSource).forEach(declare);
for (const [name, { kind = "ProjectServiceAccountSecret", args, options }] of Object.entries(secrets)) {
  const triggers = args.triggers && pulumi.secret(args.triggers);
  made[name] = new atlas[kind](name, { ...resolve(args), ...(triggers && { triggers }) }, options);
}
Object.entries(doubles)
  .filter((entry) => !isSource(entry))
  .forEach(declare);
for (const [name, value] of Object.entries(outputs)) exports[name] = resolve(value);

function resolve(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value.laterOf === "string") return made[value.laterOf].known;
  if (typeof value.of !== "string") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  }
  const { secret } = made[value.of];
  return value.plaintext === true ? pulumi.unsecret(secret) : secret;
}
