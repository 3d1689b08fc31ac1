/** The example beside `@pulumi/mongodbatlas`, with mocks in place of both providers; and that its programs move over as they are. */
import * as mongodbatlas from "@pulumi/mongodbatlas";
import * as pulumi from "@pulumi/pulumi";
import {
  ProjectServiceAccountSecret,
  type ProjectServiceAccountSecretArgs,
  ServiceAccountSecret,
  type ServiceAccountSecretArgs,
} from "pulumi-atlas-secrets";
import { CLIENT_ID, IDS, OTHER_CLIENT_ID, OTHER_PROJECT_ID, PROJECT_ID } from "../provider/fixtures/values.js";

const VALUE = "not-a-real-secret";

const registered: pulumi.runtime.MockResourceArgs[] = [];

beforeAll(async () => {
  pulumi.runtime.setAllConfig({ "atlas-secret-with-mongodbatlas:projectId": PROJECT_ID });
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        registered.push(resource);
        const isAccount = resource.type === "mongodbatlas:index/projectServiceAccount:ProjectServiceAccount";
        const outputs = isAccount ? { clientId: CLIENT_ID, secrets: [{ secretId: IDS[0] }] } : { secret: VALUE };
        return { id: `${resource.name}-id`, state: { ...resource.inputs, ...outputs } };
      },
      call: () => ({}),
    },
    "atlas-secret-with-mongodbatlas",
    "test",
  );
});

beforeEach(() => registered.splice(0));

function resolve<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((settle) => void output.apply(settle));
}

describe("examples/with-mongodbatlas", () => {
  it("makes the secret of the account that the peer makes, and lets no secret go that the account lists", async () => {
    const { secret, audit } = require("../../examples/with-mongodbatlas/index.ts") as Record<
      string,
      pulumi.Output<unknown>
    >;
    await resolve(pulumi.output(audit));
    const ours = registered.find(({ type }) => type.startsWith("pulumi-nodejs:dynamic/atlas:"));
    expect(ours?.type).toBe("pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret");
    expect(ours?.inputs).toMatchObject({ projectId: PROJECT_ID, clientId: CLIENT_ID });
    expect(ours?.inputs).not.toHaveProperty("mayRemove");
    expect(await resolve(pulumi.output(secret))).toBe(VALUE);
  });
});

describe("a program of @pulumi/mongodbatlas", () => {
  // Compiled: arguments of the peer's classes are arguments of ours under the same names, and so are the outputs.
  const project: mongodbatlas.ProjectServiceAccountSecretArgs & ProjectServiceAccountSecretArgs = {
    projectId: PROJECT_ID,
    clientId: OTHER_CLIENT_ID,
    secretExpiresAfterHours: 720,
  };
  const organization: mongodbatlas.ServiceAccountSecretArgs & ServiceAccountSecretArgs = {
    orgId: OTHER_PROJECT_ID,
    clientId: OTHER_CLIENT_ID,
    secretExpiresAfterHours: 720,
  };
  type Missing<Peer, Ours> = Exclude<keyof Peer, keyof Ours>;
  type IsComplete<Peer, Ours> = [Missing<Peer, Ours>] extends [never] ? true : Missing<Peer, Ours>;
  const isComplete: readonly [
    IsComplete<mongodbatlas.ProjectServiceAccountSecretArgs, ProjectServiceAccountSecretArgs>,
    IsComplete<mongodbatlas.ProjectServiceAccountSecret, ProjectServiceAccountSecret>,
    IsComplete<mongodbatlas.ServiceAccountSecretArgs, ServiceAccountSecretArgs>,
    IsComplete<mongodbatlas.ServiceAccountSecret, ServiceAccountSecret>,
  ] = [true, true, true, true];

  it("moves over by changing the class: every argument and output keeps its name", async () => {
    expect(isComplete).not.toContain(false);
    const theirs = new mongodbatlas.ProjectServiceAccountSecret("theirs", project);
    const ours = new ProjectServiceAccountSecret("ours", project);
    const oursOfOrg = new ServiceAccountSecret("ours-of-org", organization);
    await Promise.all([theirs, ours, oursOfOrg].map(({ id }) => resolve(id)));
    const [first, second, third] = ["theirs", "ours", "ours-of-org"].map(
      (name) => registered.find((resource) => resource.name === name)?.inputs,
    );
    expect(second).toMatchObject({ ...first });
    expect(third).toMatchObject({ ...organization });
  });
});
