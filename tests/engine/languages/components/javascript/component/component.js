/** A component that holds one of our resources, for programs in any language: what `pulumi package add` would start. */
const pulumi = require("@pulumi/pulumi");
const { RotatingProjectServiceAccountSecret } = require("pulumi-atlas-secrets");

class Backend extends pulumi.ComponentResource {
  constructor(name, args, options) {
    super("shop:index:Backend", name, {}, options);
    this.secret = new RotatingProjectServiceAccountSecret(`${name}-secret`, args, { parent: this }).secret;
    this.registerOutputs({ secret: this.secret });
  }
}

const provider = {
  version: "0.0.1",
  construct: async (name, _type, args, options) => {
    const { urn, secret } = new Backend(name, args, options);
    return { urn, state: { secret } };
  },
};

void pulumi.provider.main(provider, process.argv.slice(2));
