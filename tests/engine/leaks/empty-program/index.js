const pulumi = require("@pulumi/pulumi");
const PROVIDER = `
const secret = (value) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });
exports.handler = () => ({
  check: (_olds, news) => ({ inputs: news, failures: [] }),
  diff: (_id, olds, news) => ({ changes: olds.round !== news.round, replaces: [] }),
  create: async (inputs) => ({ id: "id", outs: { round: inputs.round, secret: secret(process.env.EMPTY_VALUE) } }),
  update: async (_id, _olds, news) => ({ outs: { round: news.round, secret: secret(process.env.EMPTY_VALUE) } }),
  read: async (id, props) => ({ id, props: { ...props, secret: secret(props.secret) } }),
  delete: async () => {},
});`;
class Empty extends pulumi.CustomResource {
  constructor(name, args) {
    super(
      "pulumi-nodejs:dynamic/test:Empty",
      name,
      { ...args, secret: undefined, __provider: PROVIDER },
      { additionalSecretOutputs: ["secret"] },
    );
  }
}
const r = new Empty("main", JSON.parse(process.env.PROGRAM));
exports.secret = r.secret;
