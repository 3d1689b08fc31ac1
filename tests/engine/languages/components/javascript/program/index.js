const pulumi = require("@pulumi/pulumi");

class Backend extends pulumi.ComponentResource {
  constructor(name, args) {
    super("shop:index:Backend", name, { ...args, secret: undefined }, {}, true);
  }
}

exports.secret = new Backend("backend", JSON.parse(process.env.PROGRAM)).secret;
