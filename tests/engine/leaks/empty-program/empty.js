/**
 * Resources that do nothing but give out a secret output of their own: what of it the engine shows in its debug outputs, it shows of any
 * resource. `ROUND` is an input that changes; `EMPTY_SALT` is a part of the value and no input. The program of the engine tests is run
 * along where it lies beside this.
 */
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const pulumi = require("@pulumi/pulumi");

const PROVIDER = `
const toOuts = ({ name, round }) => ({
  name,
  round,
  secret: {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value: "FAKE-empty-" + name + "-" + process.env.EMPTY_SALT,
  },
});
exports.handler = () => ({
  check: (_olds, news) => ({ inputs: news, failures: [] }),
  diff: (_id, olds, news) => ({
    changes: olds.round !== news.round,
    replaces: olds.round !== news.round && news.name === "replaced" ? ["round"] : [],
  }),
  create: async (inputs) => ({ id: inputs.round, outs: toOuts(inputs) }),
  update: async (_id, _olds, news) => ({ outs: toOuts(news) }),
  delete: async () => {},
});`;

class Empty extends pulumi.CustomResource {
  constructor(name) {
    const args = { name, round: process.env.ROUND, secret: undefined, __provider: PROVIDER };
    super("pulumi-nodejs:dynamic/test:Empty", name, args, { additionalSecretOutputs: ["secret"] });
  }
}

const beside = join(__dirname, "index.js");
if (existsSync(beside)) Object.assign(exports, require(beside));
for (const name of ["replaced", "updated"]) exports[name] = new Empty(name).secret;
