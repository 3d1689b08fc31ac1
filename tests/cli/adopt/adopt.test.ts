/** `atlas-secrets adopt` over the recorded states: the file that it writes, the steps that it prints, and what it never shows. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toProviderText } from "../../../provider/src/protocol.js";
import { findCanaries } from "../../helpers/canaries.js";
import { type CapturedRun, createWorkplace, type RunOptions, type Workplace } from "../helpers/captured-run.js";
import {
  CANARIES,
  changeExport,
  isNamed,
  RECORDED_MS,
  type RecordedResource,
  STACK_EXPORT,
  STACK_SECRETS,
  TERRAFORM_SECRETS,
  TERRAFORM_STATE,
} from "../helpers/recorded.js";

interface Imported {
  readonly nameTable?: Readonly<Record<string, string>>;
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly id: string;
    readonly parent?: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly outputs: Readonly<Record<string, unknown>> & { readonly secret: Readonly<Record<string, string>> };
  }[];
}

const FROM_STACK = ["adopt", STACK_EXPORT];
const FROM_TERRAFORM = ["adopt", TERRAFORM_STATE];
const OUT = "adopted-secrets.json";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => {
  expect(findCanaries(place.printed.join("\n"), CANARIES)).toEqual([]);
  place.remove();
});

function adopt(args: readonly string[], options: RunOptions = {}): Promise<CapturedRun> {
  return place.run(args, { nowMs: RECORDED_MS, ...options });
}

function readImported(name = OUT): Imported {
  return JSON.parse(readFileSync(join(place.folder, name), "utf8")) as Imported;
}

/** Writes a changed copy of the recorded export, and gives the arguments that adopt from it. */
function changed(...changes: Parameters<typeof changeExport>): string[] {
  writeFileSync(join(place.folder, "state.json"), changeExport(...changes));
  return ["adopt", "state.json"];
}

describe("adopt, from the state of a stack", () => {
  it("carries each ciphertext as it is, and holds no value in plaintext", async () => {
    expect((await adopt(FROM_STACK)).code).toBe(0);
    const state = readFileSync(STACK_EXPORT, "utf8");
    const { resources } = readImported();
    expect(resources.map(({ name }) => name)).toEqual(["s0", "s1", "s2"]);
    for (const { outputs } of resources) {
      expect(Object.keys(outputs.secret)).toEqual(["4dabf18193072939515e22adb298388d", "ciphertext"]);
      expect(state).toContain(JSON.stringify(outputs.secret.ciphertext));
    }
    expect(findCanaries(readFileSync(join(place.folder, OUT), "utf8"), CANARIES)).toEqual([]);
  });

  it("records what the handlers would, with the text that names them in inputs and outputs", async () => {
    await adopt(FROM_STACK);
    const [first] = readImported().resources;
    const [{ groupId, clientId, id }] = STACK_SECRETS;
    expect(first).toMatchObject({
      type: "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret",
      id: `${groupId}/${clientId}/${id}`,
      inputs: {
        projectId: groupId,
        clientId,
        secretExpiresAfterHours: 720,
      },
      outputs: {
        rotateBeforeExpiryHours: 240,
        secretId: id,
        status: "active",
        createdAt: "2026-11-23T21:46:29Z",
        expiresAt: "2026-12-23T21:46:29Z",
        rotateAfter: "2026-12-13T21:46:29Z",
      },
    });
    expect(first?.inputs.__provider).toBe(toProviderText("projectSecret"));
    expect(first?.outputs.__provider).toBe(toProviderText("projectSecret"));
    expect(first?.outputs).not.toHaveProperty("verifiedAt");
  });

  it("writes a file for its owner alone", async () => {
    await adopt(FROM_STACK);
    expect(statSync(join(place.folder, OUT)).mode & 0o777).toBe(0o600);
  });

  it("becomes the rotating class when that is asked for", async () => {
    await adopt([...FROM_STACK, "--rotating", "--window", "48"]);
    const [first] = readImported().resources;
    expect(first).toMatchObject({
      type: "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret",
      inputs: { rotateBeforeExpiryHours: 48 },
      outputs: { generation: 1, promotedAt: "2026-11-23T21:46:29Z", rotateAfter: "2026-12-21T21:46:29Z" },
    });
    expect(first?.id.split("/")).toHaveLength(2);
  });

  it("takes values in plaintext from an export with --show-secrets on the standard input", async () => {
    const value = STACK_SECRETS[0].secret;
    const stdin = changeExport((resource) =>
      isNamed(resource, "s0")
        ? { ...resource, outputs: { ...resource.outputs, secret: toPlaintextMark(value) } }
        : resource,
    );
    const { code, stdout } = await adopt(["adopt", "-"], { stdin });
    expect(code).toBe(0);
    expect(stdout).toContain("with values in plaintext");
    expect(readImported().resources[0]?.outputs.secret.plaintext).toBe(JSON.stringify(value));
  });

  it("keeps the parent of a component's child by its urn", async () => {
    const parent = "urn:pulumi:dev::b::team:index:Backend::backend";
    const args = changed((resource) => (isNamed(resource, "s1") ? { ...resource, parent } : resource));
    const { stdout } = await adopt(args);
    const { nameTable, resources } = readImported();
    expect(nameTable).toEqual({ "parent-1": parent });
    expect(resources.map((resource) => resource.parent)).toEqual([undefined, "parent-1", undefined]);
    expect(stdout).toMatch(/new ProjectServiceAccountSecret\("s1", \{.*\}, \{ parent: \.\.\. \}\)/);
  });

  it("leaves out what only waits for its deletion", async () => {
    const args = changed((resource) => (isNamed(resource, "s1") ? { ...resource, delete: true } : resource));
    await adopt(args);
    expect(readImported().resources.map(({ name }) => name)).toEqual(["s0", "s2"]);
  });

  it.each([
    { name: "recorded by one of ours", isOwned: true, left: /::s1 in state\.json is recorded as urn:\S+::s1 already/ },
    { name: "without a value", isOwned: false, left: /The value of urn:\S+::s1 in state\.json is not there/ },
  ])("leaves one that is $name where it is, and takes the others", async ({ isOwned, left }) => {
    const [, { groupId, clientId, id }] = STACK_SECRETS;
    const type = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret";
    const own = {
      urn: `urn:pulumi:dev::b::${type}::s1`,
      type,
      outputs: { projectId: groupId, clientId, secretId: id },
    };
    const valueless = (resource: RecordedResource) =>
      isNamed(resource, "s1") ? { ...resource, outputs: { ...resource.outputs, secret: undefined } } : resource;
    const { code, stdout } = await adopt(isOwned ? changed((resource) => resource, [own]) : changed(valueless));
    expect(code).toBe(0);
    expect(readImported().resources.map(({ name }) => name)).toEqual(["s0", "s2"]);
    const [steps = "", leftOut = ""] = stdout.split("Not adopted.");
    expect(leftOut).toMatch(left);
    expect(steps).not.toContain('"s1"');
  });

  it("takes only those that are named, under another name if one is given", async () => {
    await adopt([...FROM_STACK, "--only", "s2", "--name", "backend"]);
    const { resources } = readImported();
    expect(resources.map(({ name, id }) => [name, id.split("/")[2]])).toEqual([["backend", STACK_SECRETS[2].id]]);
  });
});

function toPlaintextMark(value: string): Record<string, string> {
  return {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
  };
}

describe("adopt, the initial secret of a service account of @pulumi/mongodbatlas", () => {
  const [, , { groupId, id }] = STACK_SECRETS;
  const clientId = "mdb_sa_id_000000000000000000000007";
  const listed = {
    secretId: id.replaceAll(/./g, "7"),
    createdAt: "2026-11-23T21:46:29Z",
    expiresAt: "2026-12-23T21:46:29Z",
  };
  const CIPHERTEXT = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:a:b" };
  const toAccount = (secrets: unknown): RecordedResource => {
    const type = "mongodbatlas:index/projectServiceAccount:ProjectServiceAccount";
    const outputs = { projectId: groupId, clientId, secretExpiresAfterHours: 720, secrets };
    return { urn: `urn:pulumi:dev::b::${type}::team`, type, inputs: {}, outputs };
  };
  const adoptFrom = (secrets: unknown, ...more: RecordedResource[]) =>
    adopt(changed((resource) => resource, [toAccount(secrets), ...more]));

  it("is carried as the ciphertext that the account lists, and the account's own resource stays", async () => {
    const { stdout } = await adoptFrom([{ ...listed, secret: CIPHERTEXT }]);
    const initial = readImported().resources.find(({ name }) => name === "team-initial");
    expect(initial).toMatchObject({
      id: `${groupId}/${clientId}/${listed.secretId}`,
      inputs: { clientId, secretExpiresAfterHours: 720 },
      outputs: { secret: CIPHERTEXT, rotateAfter: "2026-12-13T21:46:29Z" },
    });
    expect(stdout).toContain('new ProjectServiceAccountSecret("team-initial"');
    expect(stdout).toMatch(/urn:\S+::team in state\.json, secrets\[0\] is adopted, its account stays/);
    expect(stdout).not.toContain("new mongodbatlas.ProjectServiceAccount(");
  });

  it.each([
    { name: "its value is there no more", secrets: [listed], says: /::team in state\.json, secrets\[0\] is not there/ },
    {
      name: "the whole list is encrypted",
      secrets: CIPHERTEXT,
      says: /its list of secrets cannot be read .*--show-secrets/,
    },
  ])("is named when $name", async ({ secrets, says }) => {
    const { code, stdout } = await adoptFrom(secrets);
    expect(code).toBe(0);
    expect(readImported().resources.map(({ name }) => name)).toEqual(["s0", "s1", "s2"]);
    expect(stdout).toMatch(says);
  });

  it("needs no word where a resource of ours manages the account", async () => {
    const type = "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret";
    const own = { urn: `urn:pulumi:dev::b::${type}::own`, type, outputs: { projectId: groupId, clientId } };
    const { stdout } = await adoptFrom([listed], own);
    expect(stdout).not.toContain("Not adopted");
    expect(stdout).not.toContain("::team");
  });
});

describe("adopt, from a state of Terraform", () => {
  it("names each resource for its address, and marks its value for the engine to encrypt", async () => {
    expect((await adopt(FROM_TERRAFORM)).code).toBe(0);
    const { resources } = readImported();
    expect(resources.map(({ name }) => name)).toEqual(["s-0", "s-1", "s-2"]);
    expect(resources.map(({ outputs }) => outputs.secret.plaintext)).toEqual(
      TERRAFORM_SECRETS.map(({ secret }) => JSON.stringify(secret)),
    );
    expect(resources[0]?.outputs).toMatchObject({
      maskedSecretValue: `mdb_sa_sk_...${TERRAFORM_SECRETS[0].secret.slice(-4)}`,
      rotateAfter: "2026-12-13T21:46:31Z",
    });
  });

  it.each([
    { name: "a module and a key", module: "module.team.module.a", key: "eu west", resource: "team-a-s-eu-west" },
    { name: "neither module nor index", module: undefined, key: undefined, resource: "s" },
  ])("names a resource for $name", async ({ module, key, resource }) => {
    const state = JSON.parse(readFileSync(TERRAFORM_STATE, "utf8")) as {
      resources: { module?: string; instances: { index_key?: unknown }[] }[];
    };
    const [only] = state.resources;
    const instance = only?.instances[0] ?? {};
    const { index_key: _, ...unindexed } = instance;
    const instances = [key === undefined ? unindexed : { ...instance, index_key: key }];
    const resources = [{ ...only, ...(module !== undefined && { module }), instances }];
    const stdin = JSON.stringify({ ...state, resources });
    const { stdout } = await adopt(["adopt", "-"], { stdin });
    expect(readImported().resources.map(({ name }) => name)).toEqual([resource]);
    const prefix = module === undefined ? "" : `${module}.`;
    expect(stdout).toContain(`from = ${prefix}mongodbatlas_project_service_account_secret.s\n`);
  });
});

describe("adopt, the steps", () => {
  it("name every old resource, the import, every new resource and the check, in this order", async () => {
    const { stdout } = await adopt(FROM_STACK);
    const locations = [
      'new mongodbatlas.ProjectServiceAccountSecret("s0", { ... }, { ..., retainOnDelete: true });',
      'new mongodbatlas.ProjectServiceAccountSecret("s2", { ... }, { ..., retainOnDelete: true });',
      "$ pulumi up --stack dev",
      "$ pulumi import --file adopted-secrets.json --generate-code=false --yes --stack dev",
      'import { ProjectServiceAccountSecret } from "pulumi-atlas-secrets";',
      `new ProjectServiceAccountSecret("s0", { projectId: "${STACK_SECRETS[0].groupId}", clientId: "${STACK_SECRETS[0].clientId}", secretExpiresAfterHours: 720 });`,
      "each marked [retain]",
      "$ pulumi refresh --stack dev",
      "$ pulumi preview --expect-no-changes --stack dev",
      "$ rm adopted-secrets.json",
    ].map((text) => [text, stdout.indexOf(text)] as const);
    expect(locations.filter(([, at]) => at < 0)).toEqual([]);
    expect(locations.map(([, at]) => at)).toEqual(locations.map(([, at]) => at).toSorted((a, b) => a - b));
    expect(stdout).not.toContain("terraform");
  });

  it("begin with the import when the stack retains the old ones already", async () => {
    const { stdout } = await adopt(
      changed((resource) =>
        resource.type.startsWith("mongodbatlas:") ? { ...resource, retainOnDelete: true } : resource,
      ),
    );
    expect(stdout).not.toContain("retainOnDelete: true");
    expect(stdout).toContain("1. Import.");
  });

  it("import with the protection that keeps a run of the old program from deleting", async () => {
    expect((await adopt(FROM_STACK)).stdout).not.toContain("--protect=false");
  });

  it("let Terraform forget, first of all", async () => {
    const { stdout } = await adopt(FROM_TERRAFORM);
    expect(stdout).toContain("from = mongodbatlas_project_service_account_secret.s\n");
    expect(stdout).not.toContain("retainOnDelete");
  });

  it("tell of an explicit provider of the peer, which the new resource cannot use", async () => {
    const provider = "urn:pulumi:dev::b::pulumi:providers:mongodbatlas::east::0b2c";
    const args = changed((resource) => (isNamed(resource, "s1") ? { ...resource, provider } : resource));
    expect((await adopt(args)).stdout).toContain("east is one of @pulumi/mongodbatlas");
  });

  it("go to stderr when the file goes to stdout, and nothing is written", async () => {
    // The values are asked for: they do not count as shown.
    const apart = createWorkplace();
    const { stdout, stderr } = await apart.run([...FROM_TERRAFORM, "--output", "-"], { nowMs: RECORDED_MS });
    expect((JSON.parse(stdout) as Imported).resources).toHaveLength(3);
    expect(stderr).toContain("pulumi import --file FILE");
    expect(findCanaries(stderr, CANARIES)).toEqual([]);
    expect(apart.files()).toEqual([]);
    apart.remove();
  });
});
