/** All accounts in one set. */
const { ProjectServiceAccountSecretSet } = require("pulumi-atlas-secrets");

exports.declare = (accounts, hours) => {
  const entries = accounts.map(({ ownerId, clientId }, n) => [`secret-${n}`, { projectId: ownerId, clientId }]);
  new ProjectServiceAccountSecretSet("set", {
    accounts: Object.fromEntries(entries),
    secretExpiresAfterHours: hours,
    rotateBeforeExpiryHours: 240,
    ...(process.env.AT_ONCE && { concurrency: Number(process.env.AT_ONCE) }),
  });
};
