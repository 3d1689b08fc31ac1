/**
 * A consumer that signs in with a secret whenever the value changes, so that the order on the wire can be seen. It keeps no
 * value; with a `workloadUrl` it hands each new one to the workload that listens there. Its provider is a constant text,
 * because serialising a closure takes a second of every run.
 */
const pulumi = require("@pulumi/pulumi");

const PROVIDER = `
async function signIn({ baseUrl, clientId, secret, isFailing, workloadUrl }) {
  if (isFailing) throw new Error("the consumer fails as it was told");
  const answer = await fetch(baseUrl + "/api/oauth/token", {
    method: "POST",
    headers: {
      Accept: "application/json",
      Authorization: "Basic " + Buffer.from(clientId + ":" + secret).toString("base64"),
      "Content-Type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  if (!answer.ok) throw new Error("the consumer could not sign in: " + answer.status);
  if (workloadUrl) {
    const taken = await fetch(workloadUrl, { method: "POST", body: secret });
    if (!taken.ok) throw new Error("the workload did not take the value: " + taken.status);
  }
  return { isSignedIn: true };
}
exports.handler = () => ({
  create: async (inputs) => ({ id: inputs.clientId, outs: await signIn(inputs) }),
  update: async (_id, _olds, news) => ({ outs: await signIn(news) }),
});`;

exports.SignIn = class SignIn extends pulumi.CustomResource {
  constructor(name, args, options) {
    super("pulumi-nodejs:dynamic/test:SignIn", name, { ...args, __provider: PROVIDER }, options);
  }
};

/** What a program in another language registers the consumer with. */
exports.PROVIDER = PROVIDER;
