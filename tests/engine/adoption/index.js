/**
 * The program of the adoption tests, before, on the way and after. `PROGRAM` (JSON) says which secrets are still those of
 * `@pulumi/mongodbatlas` (`peers`, with whether they are retained), which service accounts are (`accounts`) and which secrets are
 * ours (`ours`, with the name of the class), by name, each with its arguments. `consumed` names those that have a consumer, which signs in
 * when its value changes; an account of a set as `set/account`.
 */
const peers = require("@pulumi/mongodbatlas");
const classes = require("pulumi-atlas-secrets");
const { SignIn } = require("./sign-in");

const { ours = {}, consumed = [], ...old } = JSON.parse(process.env.PROGRAM);
const baseUrl = process.env.MONGODB_ATLAS_BASE_URL;
const secrets = {};

for (const [name, args] of Object.entries(old.peers ?? {})) {
  secrets[name] = new peers.ProjectServiceAccountSecret(name, args, { retainOnDelete: old.isRetained === true });
}
for (const [name, args] of Object.entries(old.accounts ?? {})) new peers.ProjectServiceAccount(name, args);
for (const [name, { class: className, args }] of Object.entries(ours)) {
  secrets[name] = new classes[className](name, args);
}
for (const name of consumed) {
  const [owner, key] = name.split("/");
  const account = ours[owner]?.args.accounts?.[key];
  const { clientId, secret } = account
    ? { ...account, secret: secrets[owner].secrets.apply((all) => all[key]) }
    : secrets[owner];
  new SignIn(`${key ?? name}-consumer`, { baseUrl, clientId, secret });
  exports[key ?? name] = secret;
}
