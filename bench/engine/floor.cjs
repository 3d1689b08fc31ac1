/**
 * The least that a dynamic resource costs: a constant `__provider`, eleven outputs of which one is secret, and a handler that
 * does nothing. What ours cost is told as a ratio to it.
 */
const { randomBytes } = require("node:crypto");
const pulumi = require("@pulumi/pulumi");

const HANDLER = `exports.handler = () => require(${JSON.stringify(__filename)}).handler;`;
const OUTPUTS = ["secretId", "secret", "mask", "status", "createdAt", "expiresAt", "rotateAfter", "verifiedAt"];

const toOutputs = (inputs) => ({
  ...inputs,
  ...Object.fromEntries(OUTPUTS.map((name) => [name, randomBytes(12).toString("hex")])),
});

exports.handler = {
  check: async (_olds, inputs) => ({ inputs, failures: [] }),
  diff: async (_id, olds, news) => {
    const replaces = olds.hours === news.hours ? [] : ["hours"];
    return { changes: replaces.length > 0, replaces, deleteBeforeReplace: false };
  },
  create: async (inputs) => ({ id: randomBytes(12).toString("hex"), outs: toOutputs(inputs) }),
  read: async (id, props) => ({ id, props }),
  update: async (_id, _olds, news) => ({ outs: toOutputs(news) }),
  delete: async () => undefined,
};

class Floor extends pulumi.CustomResource {
  constructor(name, args) {
    const outputs = Object.fromEntries(OUTPUTS.map((output) => [output, undefined]));
    super(
      "pulumi-nodejs:dynamic/bench:Floor",
      name,
      { ...outputs, ...args, __provider: HANDLER },
      {
        additionalSecretOutputs: ["secret"],
      },
    );
  }
}

exports.declare = (accounts, hours) => {
  for (const [n, { ownerId, clientId }] of accounts.entries()) new Floor(`secret-${n}`, { ownerId, clientId, hours });
};
