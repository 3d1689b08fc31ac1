/**
 * The program of the engine tests: declares what `PROGRAM` (JSON) says. `secrets` maps names to arguments, options and class
 * (default `ProjectServiceAccountSecret`); each has a consumer that signs in with the value unless `consumers`, or its `consumer`,
 * is false, that hands it to the workload at `workloadUrl` if there is one, and that fails when `failing` names its secret. A trigger whose
 * name begins with `secret` is given as a Pulumi secret. `providers` maps names to the arguments of an `AtlasProvider`, or with `of` to the
 * secret that feeds it; a secret uses it by its `provider`, or is with its consumer below the component of that name, which is given
 * it by `providers`, by its `component`. A secret with `retries` has an `onError` hook that asks for as many, and one with `failingHook` a hook
 * of that name that fails; by its `deletedWith` it goes with the secret of that name. Of a set, which has `accounts`, each account has
 * such a consumer. `planted` is put wherever a value could show.
 */
const pulumi = require("@pulumi/pulumi");
const classes = require("pulumi-atlas-secrets");
const { plant } = require("./plant");
const { SignIn } = require("./sign-in");

const program = JSON.parse(process.env.PROGRAM);
const baseUrl = process.env.MONGODB_ATLAS_BASE_URL;

const made = {};
const providers = {};
const components = {};
class Component extends pulumi.ComponentResource {
  constructor(name, options) {
    super("test:Component", name, {}, options);
  }
}

function toProvider(name) {
  const { of, ...args } = program.providers[name];
  const fed = of && { clientId: made[of].clientId, clientSecret: made[of].secret };
  providers[name] ??= new classes.AtlasProvider(name, fed ?? args);
  return providers[name];
}

function toPlace({ provider, component }) {
  if (component === undefined) return provider && { provider: toProvider(provider) };
  components[component] ??= new Component(component, { providers: [toProvider(component)] });
  return { parent: components[component] };
}

if (program.planted) exports.planted = plant(program.planted);

for (const [name, declared] of Object.entries(program.secrets)) {
  const { args, deletedWith, class: className = "ProjectServiceAccountSecret" } = declared;
  const hooks = toHooks(name, declared);
  const place = toPlace(declared);
  const taken = deletedWith && { deletedWith: made[deletedWith] };
  const options = { ...declared.options, ...place, ...taken, ...(hooks && { hooks }) };
  const triggers = Object.entries(args.triggers ?? {}).map(([key, value]) => [
    key,
    key.startsWith("secret") ? pulumi.secret(value) : value,
  ]);
  const given = args.triggers ? { ...args, triggers: Object.fromEntries(triggers) } : args;
  const resource = new classes[className](name, given, options);
  made[name] = resource;
  if (program.consumers !== false && declared.consumer !== false) {
    for (const { of, clientId, secret } of listConsumed(name, args, resource)) {
      const isFailing = (program.failing ?? []).includes(of);
      const { workloadUrl } = program;
      const consumed = { baseUrl, clientId, secret, isFailing, workloadUrl };
      new SignIn(`${of}-consumer`, consumed, declared.component ? place : {});
    }
  }
  if (args.accounts) {
    exports[`${name}-audit`] = classes.auditRecords([resource]);
    exports[`${name}-statusCounts`] = resource.statusCounts;
    exports[`${name}-secrets`] = resource.secrets;
    continue;
  }
  exports[`${name}-audit`] = classes.auditRecord(resource);
  for (const key of ["secret", "secretId", "createdAt", "expiresAt", "rotateAfter", "maskedSecretValue", "status"]) {
    exports[`${name}-${key}`] = resource[key];
  }
}
// Those that no secret uses, too.
Object.keys(program.providers ?? {}).forEach(toProvider);

function listConsumed(name, { clientId, accounts }, { secret, secrets }) {
  if (!accounts) return [{ of: name, clientId, secret }];
  return Object.entries(accounts).map(([key, account]) => ({
    of: `${name}-${key}`,
    clientId: account.clientId,
    secret: secrets.apply((all) => all[key]),
  }));
}

function toHooks(name, { retries = 0, failingHook }) {
  if (retries === 0) return undefined;
  const onError = [new pulumi.ErrorHook(`${name}-retry`, ({ errors }) => errors.length <= retries)];
  const fail = () => {
    throw new Error("the hook fails as it was told");
  };
  return { onError, ...(failingHook && { [failingHook]: [fail] }) };
}
