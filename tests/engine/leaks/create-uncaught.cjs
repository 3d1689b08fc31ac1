/** Creates a secret with the built package, as the host of dynamic providers does, and catches nothing. */
const { projectSecret } = require("pulumi-atlas-secrets/handlers");

const given = JSON.parse(process.argv[2]);
projectSecret.configure({ config: { get: () => undefined } });
void projectSecret.check({}, given).then(({ inputs }) => projectSecret.create(inputs));
