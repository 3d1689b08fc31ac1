const pulumi = require("@pulumi/pulumi");

class Backend extends pulumi.ComponentResource {
  constructor(name, args) {
    super("shop:index:Backend", name, { ...args, secret: undefined }, {}, true);
  }
}

for (const [name, args] of Object.entries(JSON.parse(process.env.PROGRAM))) {
  exports[name] = new Backend(name, args).secret;
}
