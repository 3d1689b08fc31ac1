/** As many single secrets as there are accounts, each verified. */
const { ProjectServiceAccountSecret } = require("pulumi-atlas-secrets");

exports.declare = (accounts, hours) => {
  for (const [n, { ownerId, clientId }] of accounts.entries())
    new ProjectServiceAccountSecret(`secret-${n}`, { projectId: ownerId, clientId, secretExpiresAfterHours: hours });
};
