import * as pulumi from "@pulumi/pulumi";
import { ProjectServiceAccountSecret, type ProjectServiceAccountSecretArgs } from "../../../provider/src/index.js";
import { toProviderText } from "../../../provider/src/protocol.js";
import { CLIENT_ID, DESIRED, OUTPUTS, PROJECT_ID, SECRET_VALUE } from "../fixtures/values.js";

const ARGS = { projectId: PROJECT_ID, clientId: CLIENT_ID, secretExpiresAfterHours: 720 };
const TYPE = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret";

let registered: pulumi.runtime.MockResourceArgs[];

beforeEach(async () => {
  registered = [];
  pulumi.runtime.setAllConfig({});
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: (resource) => {
      registered.push(resource);
      const state = { ...OUTPUTS, ...resource.inputs, secret: pulumi.secret(SECRET_VALUE) };
      return { id: "fake/id", state };
    },
  });
});

afterAll(() => pulumi.runtime.setAllConfig({}));

function create(args: ProjectServiceAccountSecretArgs = ARGS, options?: pulumi.CustomResourceOptions) {
  return new ProjectServiceAccountSecret("sample", args, options);
}

function fetchValue<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => void output.apply(resolve));
}

/** Waits until the resource is registered. */
async function register(args?: ProjectServiceAccountSecretArgs): Promise<pulumi.runtime.MockResourceArgs | undefined> {
  await fetchValue(create(args).urn);
  return registered[0];
}

describe("ProjectServiceAccountSecret", () => {
  it("registers with its type, its name and the text that names its handler", async () => {
    const resource = await register();
    expect(resource).toMatchObject({ type: TYPE, name: "sample" });
    expect(resource?.inputs.__provider).toBe(toProviderText("projectSecret"));
  });

  it("passes only what the program gives, so that defaults are made in one place", async () => {
    const { __provider, ...inputs } = (await register())?.inputs ?? {};
    expect(inputs).toEqual(ARGS);
  });

  it("passes every input", async () => {
    const { __provider, ...inputs } =
      (await register(DESIRED as unknown as ProjectServiceAccountSecretArgs))?.inputs ?? {};
    expect(inputs).toEqual(DESIRED);
  });

  it("passes a misspelt input too, so that the check can name it", async () => {
    const misspelt = { ...ARGS, secretExpireAfterHours: 8 };
    expect((await register(misspelt))?.inputs).toHaveProperty("secretExpireAfterHours", 8);
  });

  it("does not let the program name another handler", async () => {
    const args = { ...ARGS, __provider: "exports.handler = () => 1;" };
    expect((await register(args))?.inputs.__provider).toBe(toProviderText("projectSecret"));
  });

  const { issuedForTriggers: _, ...readable } = OUTPUTS;
  it.each(Object.entries(readable).map(([name, value]) => ({ name, value })))(
    "gives the output $name also when the program sets only what is required",
    async ({ name, value }) => {
      const output = (create() as unknown as Record<string, pulumi.Output<unknown>>)[name];
      expect(pulumi.Output.isInstance(output)).toBe(true);
      if (output) expect(await fetchValue(output)).toEqual(value);
    },
  );

  it("takes no stack traces while it registers, and leaves their limit as it was, also when it is refused", async () => {
    const limit = Error.stackTraceLimit;
    let during: number | undefined;
    const capture: pulumi.ResourceTransformation = () => {
      during = Error.stackTraceLimit;
      return undefined;
    };
    await fetchValue(create(ARGS, { transformations: [capture] }).urn);
    expect([during, Error.stackTraceLimit]).toEqual([0, limit]);
    const refuse = () => {
      throw new Error("refused");
    };
    expect(() => create(ARGS, { transformations: [refuse] })).toThrow("refused");
    expect(Error.stackTraceLimit).toBe(limit);
  });

  it("gives the value as a Pulumi secret", async () => {
    const resource = create();
    await fetchValue(resource.urn);
    expect(await pulumi.isSecret(resource.secret)).toBe(true);
    expect(await pulumi.isSecret(resource.secretId)).toBe(false);
    expect(await fetchValue(resource.secret)).toBe(SECRET_VALUE);
  });

  it("shows no value in a program that turns the output into text", async () => {
    const resource = create();
    await fetchValue(resource.urn);
    expect(`${resource.secret}`).not.toContain(SECRET_VALUE);
    expect(String(pulumi.interpolate`${resource.secret}`)).not.toContain(SECRET_VALUE);
  });

  it("has the engine encrypt the value, besides what the program asks for", async () => {
    let seen: readonly string[] | undefined;
    const capture: pulumi.ResourceTransformation = ({ props, opts }) => {
      seen = (opts as pulumi.CustomResourceOptions).additionalSecretOutputs;
      return { props, opts };
    };
    await fetchValue(create(ARGS, { additionalSecretOutputs: ["status"], transformations: [capture] }).urn);
    expect(seen).toEqual(["status", "secret"]);
  });
});

describe("ProjectServiceAccountSecret, in a stack that would show a credential", () => {
  it.each([{ name: "accessToken" }, { name: "clientSecret" }, { name: "privateKey" }])(
    "refuses $name in clear, with the command that encrypts it",
    ({ name }) => {
      pulumi.runtime.setAllConfig({ [`mongodbatlas:${name}`]: "not-real-and-in-clear" });
      expect(() => create()).toThrow(pulumi.RunError);
      expect(() => create()).toThrow(`pulumi config set --secret mongodbatlas:${name}`);
      expect(() => create()).not.toThrow("not-real-and-in-clear");
      expect(registered).toEqual([]);
    },
  );

  it.each([{ name: "accessToken" }, { name: "clientSecret" }, { name: "privateKey" }])(
    "accepts an encrypted $name",
    async ({ name }) => {
      pulumi.runtime.setAllConfig({ [`mongodbatlas:${name}`]: "not-real" }, [`mongodbatlas:${name}`]);
      await expect(register()).resolves.toMatchObject({ type: TYPE });
    },
  );

  it("accepts what is not confidential in clear", async () => {
    pulumi.runtime.setAllConfig({ "mongodbatlas:clientId": CLIENT_ID, "mongodbatlas:publicKey": "notreal1" });
    await expect(register()).resolves.toMatchObject({ type: TYPE });
  });

  it("accepts the same name in another namespace", async () => {
    pulumi.runtime.setAllConfig({ "other:clientSecret": "not-real" });
    await expect(register()).resolves.toMatchObject({ type: TYPE });
  });
});

describe("ProjectServiceAccountSecret, in a stack with autonaming", () => {
  it.each([{ mode: "verbatim" }, { mode: "disabled" }])(
    "refuses mode $mode before anything is registered",
    ({ mode }) => {
      pulumi.runtime.setAllConfig({ "pulumi:autonaming": JSON.stringify({ mode }) });
      expect(() => create()).toThrow(pulumi.RunError);
      expect(() => create()).toThrow(`mode ${mode}`);
      expect(registered).toEqual([]);
    },
  );

  it("accepts the mode when it is overridden for the provider", async () => {
    const setting = { mode: "verbatim", providers: { "pulumi-nodejs": { mode: "default" } } };
    pulumi.runtime.setAllConfig({ "pulumi:autonaming": JSON.stringify(setting) });
    await expect(register()).resolves.toMatchObject({ type: TYPE });
  });
});
