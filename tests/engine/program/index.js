/**
 * The program of the engine tests: declares what `PROGRAM` (JSON) says. `secrets` maps names to arguments and options of
 * `ProjectServiceAccountSecret`; each has a consumer that signs in with the value unless `consumers` is false.
 */
const pulumi = require("@pulumi/pulumi");
const { ProjectServiceAccountSecret } = require("pulumi-atlas-secrets");

const program = JSON.parse(process.env.PROGRAM);

/** Signs in with the secret whenever it changes, so that the order on the wire can be seen. Keeps no value. */
const signIn = {
  create: async (inputs) => ({ id: inputs.clientId, outs: await mint(inputs) }),
  update: async (_id, _olds, news) => ({ outs: await mint(news) }),
};

async function mint({ baseUrl, clientId, secret }) {
  const answer = await fetch(`${baseUrl}/api/oauth/token`, {
    method: "POST",
    headers: {
      Accept: "application/json",
      Authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`,
      "Content-Type": "application/x-www-form-urlencoded",
      "User-Agent": "consumer",
    },
    body: "grant_type=client_credentials",
  });
  if (!answer.ok) throw new Error(`the consumer could not sign in: ${answer.status}`);
  return { signedIn: true };
}

class SignIn extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super(signIn, name, args);
  }
}

for (const [name, { args, options }] of Object.entries(program.secrets)) {
  const secret = new ProjectServiceAccountSecret(name, args, options);
  if (program.consumers !== false) {
    new SignIn(`${name}-consumer`, { baseUrl: process.env.MONGODB_ATLAS_BASE_URL, clientId: args.clientId, secret: secret.secret });
  }
  for (const key of ["secret", "secretId", "createdAt", "expiresAt", "rotateAfter", "maskedSecretValue", "status"]) {
    exports[`${name}-${key}`] = secret[key];
  }
}
