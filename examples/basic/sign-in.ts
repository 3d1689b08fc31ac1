import * as pulumi from "@pulumi/pulumi";

/** Inputs of `SignIn`. */
export interface SignInArgs {
  readonly clientId: pulumi.Input<string>;
  readonly secret: pulumi.Input<string>;
}

/**
 * A consumer of a service account secret: signs in to Atlas with it whenever the value changes. A real program has a
 * Kubernetes secret, a CI variable or a deployment in this place.
 */
export class SignIn extends pulumi.dynamic.Resource {
  declare readonly signedInAt: pulumi.Output<string>;

  constructor(name: string, args: SignInArgs, options?: pulumi.CustomResourceOptions) {
    const baseUrl = new pulumi.Config("mongodbatlas").get("baseUrl") ?? process.env.MONGODB_ATLAS_BASE_URL;
    super(provider, name, { baseUrl: baseUrl ?? "https://cloud.mongodb.com", signedInAt: undefined, ...args }, options);
  }
}

interface Inputs {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly secret: string;
}

const provider: pulumi.dynamic.ResourceProvider = {
  async create(inputs: Inputs) {
    const outs = await signIn(inputs);
    return { id: inputs.clientId, outs };
  },
  async update(_id: string, _olds: unknown, news: Inputs) {
    return { outs: await signIn(news) };
  },
};

async function signIn({ baseUrl, clientId, secret }: Inputs): Promise<{ signedInAt: string }> {
  const answer = await fetch(`${baseUrl}/api/oauth/token`, {
    method: "POST",
    headers: {
      Accept: "application/json",
      Authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`,
      "Content-Type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials",
  });
  if (!answer.ok) throw new Error(`${clientId} could not sign in: Atlas answered ${answer.status}.`);
  return { signedInAt: new Date().toISOString() };
}
