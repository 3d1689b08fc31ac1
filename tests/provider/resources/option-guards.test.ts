/** What a resource class refuses before it registers: options that cannot work, and a program that the engine cannot load from. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  AtlasProvider,
  ProjectServiceAccountSecret,
  RotatingServiceAccountSecret,
} from "../../../provider/src/index.js";
import { CLIENT_ID, PROJECT_ID } from "../fixtures/values.js";

const ARGS = { projectId: PROJECT_ID, orgId: PROJECT_ID, clientId: CLIENT_ID, secretExpiresAfterHours: 720 };

let registered: string[];

beforeEach(async () => {
  registered = [];
  pulumi.runtime.setAllConfig({});
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, inputs }) => {
      registered.push(type);
      return { id: "fake-id", state: inputs };
    },
  });
});

class OtherProvider extends pulumi.ProviderResource {}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(pulumi.RunError);
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}

describe.each([
  { name: "a plain class", Class: ProjectServiceAccountSecret },
  { name: "a rotating class", Class: RotatingServiceAccountSecret },
])("$name", ({ Class }) => {
  it.each([
    { name: "import", options: { import: `${PROJECT_ID}/${CLIENT_ID}` } },
    { name: "id", options: { id: "x" } },
    { name: "id", options: { id: pulumi.output("x") } },
  ])("refuses the option $name in one line, with the command that takes a secret over", ({ name, options }) => {
    const message = messageOf(() => new Class("ci", ARGS, options));
    expect(message).toContain(`${Class.name} ci: the option ${name} `);
    expect(message).toContain("atlas-secrets adopt");
    expect(message).not.toContain("\n");
    expect(registered).toEqual([]);
  });

  it.each([{ name: "provider" }, { name: "providers" }])(
    "refuses a provider of another package as $name",
    ({ name }) => {
      const other = new OtherProvider("other", "other");
      const options = { [name]: name === "provider" ? other : { other } };
      const message = messageOf(() => new Class("ci", ARGS, options));
      expect(message).toContain(`${Class.name} ci: its provider is one of package other,`);
      expect(message).not.toContain("\n");
    },
  );

  it("takes an AtlasProvider", async () => {
    const provider = new AtlasProvider("mine", { accessToken: "not-a-real-token" });
    const { urn } = new Class("ci", ARGS, { provider });
    await new Promise((done) => void urn.apply(done));
    expect(registered).toContain(`pulumi-nodejs:dynamic/atlas:${Class.name}`);
  });
});

describe("a program", () => {
  const CLI = { PULUMI_NODEJS_MONITOR: "127.0.0.1:1" };
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "atlas-secrets-program-")));
  const inner = join(folder, "packages/inner");

  beforeAll(() => mkdirSync(inner, { recursive: true }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is refused when it has the package through another one only, with the command that adds it", () => {
    link(join(folder, "node_modules/library/node_modules"));
    expect(declare(folder, CLI)).toBe(
      `pulumi-atlas-secrets cannot be loaded from ${folder}, where the engine looks for it: add pulumi-atlas-secrets to the ` +
        "program's own dependencies: npm install pulumi-atlas-secrets\n",
    );
  });

  it("is not judged without the CLI: a unit test with mocks, an inline program", () => {
    expect(declare(folder, {})).toBe("declared\n");
  });

  it("may be in a folder of a workspace that has the package", () => {
    link(join(folder, "node_modules"));
    expect(declare(folder, CLI)).toBe("declared\n");
    expect(declare(inner, CLI)).toBe("declared\n");
  });

  function link(modules: string): void {
    mkdirSync(modules, { recursive: true });
    symlinkSync(resolve(__dirname, "../../../provider"), join(modules, "pulumi-atlas-secrets"), "dir");
  }

  function declare(cwd: string, env: Readonly<Record<string, string>>): string {
    return execFileSync(process.execPath, [join(__dirname, "declare-secret.cjs")], { cwd, env, encoding: "utf8" });
  }
});
