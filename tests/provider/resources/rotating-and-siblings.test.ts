/** The other resource classes: what each registers, and that it gives every output. */
import * as pulumi from "@pulumi/pulumi";
import * as handlers from "../../../provider/src/handlers/index.js";
import {
  RotatingProjectServiceAccountSecret,
  RotatingServiceAccountSecret,
  ServiceAccountSecret,
} from "../../../provider/src/index.js";
import { toProviderText } from "../../../provider/src/protocol.js";
import {
  CLIENT_ID,
  OTHER_SECRET_VALUE,
  OUTPUTS,
  PROJECT_ID,
  ROTATING_OUTPUTS,
  SECRET_VALUE,
} from "../fixtures/values.js";

const COMMON = { clientId: CLIENT_ID, secretExpiresAfterHours: 720 };
const CLASSES = [
  {
    name: "RotatingProjectServiceAccountSecret",
    handler: "rotatingProjectSecret",
    outputs: ROTATING_OUTPUTS,
    secrets: ["secret", "pendingSecret"],
    create: (options?: pulumi.CustomResourceOptions) =>
      new RotatingProjectServiceAccountSecret("sample", { ...COMMON, projectId: PROJECT_ID }, options),
  },
  {
    name: "RotatingServiceAccountSecret",
    handler: "rotatingOrganizationSecret",
    outputs: ROTATING_OUTPUTS,
    secrets: ["secret", "pendingSecret"],
    create: (options?: pulumi.CustomResourceOptions) =>
      new RotatingServiceAccountSecret("sample", { ...COMMON, orgId: PROJECT_ID }, options),
  },
  {
    name: "ServiceAccountSecret",
    handler: "organizationSecret",
    outputs: OUTPUTS,
    secrets: ["secret"],
    create: (options?: pulumi.CustomResourceOptions) =>
      new ServiceAccountSecret("sample", { ...COMMON, orgId: PROJECT_ID }, options),
  },
];

const toType = (className: string) => `pulumi-nodejs:dynamic/atlas:${className}`;

let registered: pulumi.runtime.MockResourceArgs[];

beforeEach(async () => {
  registered = [];
  pulumi.runtime.setAllConfig({});
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: (resource) => {
      registered.push(resource);
      const values = { secret: pulumi.secret(SECRET_VALUE), pendingSecret: pulumi.secret(OTHER_SECRET_VALUE) };
      const { outputs } = CLASSES.find(({ name }) => toType(name) === resource.type) ?? {};
      return { id: "fake/id", state: { ...outputs, ...resource.inputs, ...values } };
    },
  });
});

afterAll(() => pulumi.runtime.setAllConfig({}));

function fetchValue<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}

describe.each(CLASSES)("$name", ({ name, handler, outputs, secrets, create }) => {
  it("registers with its type and the text that names its handler, which exists and is short", async () => {
    await fetchValue(create().urn);
    expect(registered[0]).toMatchObject({ type: toType(name), inputs: { __provider: toProviderText(handler) } });
    expect(handlers).toHaveProperty(handler);
    expect(Buffer.byteLength(toProviderText(handler))).toBeLessThanOrEqual(100);
  });

  it("passes only what the program gives", async () => {
    await fetchValue(create().urn);
    const { __provider, projectId, orgId, ...inputs } = registered[0]?.inputs ?? {};
    expect(inputs).toEqual(COMMON);
    expect([projectId, orgId].filter((id) => id !== undefined)).toEqual([PROJECT_ID]);
  });

  it("gives every output of its record", async () => {
    const resource = create() as unknown as Record<string, pulumi.Output<unknown>>;
    const { projectId: _, issuedForTriggers: _t, ...expected } = outputs as Readonly<Record<string, unknown>>;
    for (const [key, value] of Object.entries(expected)) {
      const output = resource[key];
      expect([key, pulumi.Output.isInstance(output)]).toEqual([key, true]);
      if (output) expect([key, await fetchValue(output)]).toEqual([key, value]);
    }
  });

  it("has the engine encrypt its values and the triggers", async () => {
    let seen: readonly string[] | undefined;
    const capture: pulumi.ResourceTransformation = ({ props, opts }) => {
      seen = (opts as pulumi.CustomResourceOptions).additionalSecretOutputs;
      return { props, opts };
    };
    await fetchValue(create({ transformations: [capture] }).urn);
    expect(seen).toEqual(secrets);
  });

  it("refuses a stack that would show a credential, or that would delete before it creates", () => {
    pulumi.runtime.setAllConfig({ "mongodbatlas:clientSecret": "not-real-and-in-clear" });
    expect(() => create()).toThrow("pulumi config set --secret mongodbatlas:clientSecret");
    pulumi.runtime.setAllConfig({ "pulumi:autonaming": JSON.stringify({ mode: "verbatim" }) });
    expect(() => create()).toThrow(toType(name));
  });
});
