/** What `atlas-secrets adopt` refuses: one sentence on stderr, exit code 2, nothing written, no value shown. */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { findCanaries } from "../../helpers/canaries.js";
import { createWorkplace, type RunOptions, type Workplace } from "../helpers/captured-run.js";
import {
  CANARIES,
  changeExport,
  isNamed,
  RECORDED_MS,
  type RecordedResource,
  STACK_EXPORT,
  STACK_SECRETS,
  TERRAFORM_STATE,
} from "../helpers/recorded.js";

const MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const [FIRST] = STACK_SECRETS;

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => {
  expect(findCanaries(place.printed.join("\n"), CANARIES)).toEqual([]);
  place.remove();
});

/** Runs it, and checks that it failed as every failure must. */
async function refuse(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const before = place.files();
  const { code, stdout, stderr } = await place.run(["adopt", ...args], { nowMs: RECORDED_MS, ...options });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(place.files()).toEqual(before);
  return stderr;
}

function withOutputs(name: string, outputs: Readonly<Record<string, unknown>>) {
  return (resource: RecordedResource): RecordedResource =>
    isNamed(resource, name) ? { ...resource, outputs: { ...resource.outputs, ...outputs } } : resource;
}

describe("adopt refuses a set", () => {
  it("of accounts that belong to projects and to organizations", async () => {
    const stdin = changeExport((resource) => {
      if (!isNamed(resource, "s0")) return resource;
      const { projectId: orgId, ...outputs } = resource.outputs as Record<string, unknown>;
      const type = "mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret";
      return {
        ...resource,
        type,
        inputs: { ...resource.inputs, orgId, projectId: undefined },
        outputs: { ...outputs, orgId },
      };
    });
    expect(await refuse(["-", "--set", "fleet"], { stdin })).toMatch(
      /of projects or of organizations, not of both.*--only/,
    );
  });

  it("with a name that an account of a set cannot have", async () => {
    const stdin = changeExport((resource) =>
      isNamed(resource, "s0") ? { ...resource, urn: resource.urn.replace(/s0$/, "-s0") } : resource,
    );
    expect(await refuse(["-", "--set", "fleet"], { stdin })).toMatch(
      /They cannot become one ProjectServiceAccountSecretSet/,
    );
  });
});

describe("adopt refuses a state", () => {
  const whole = readFileSync(STACK_EXPORT, "utf8");
  const own: RecordedResource = {
    urn: "urn:pulumi:dev::b::pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret::s0",
    type: "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret",
    outputs: { projectId: FIRST.groupId, clientId: FIRST.clientId, secretId: FIRST.id },
  };
  it.each([
    { name: "that ends half-way", stdin: whole.slice(0, whole.length / 2), says: /it ends in the middle/ },
    { name: "that is empty", stdin: "", says: /it is empty/ },
    { name: "that is something else", stdin: '{"resources": []}', says: /not what 'pulumi stack export' writes/ },
    {
      name: "without a secret",
      stdin: changeExport((resource) => ({ ...resource, type: "random:index/randomPet:RandomPet" })),
      says: /nothing to adopt/,
    },
    {
      name: "with an encrypted client id",
      stdin: changeExport(withOutputs("s0", { clientId: { ...MARK, ciphertext: "v1:abc:def" } })),
      says: /::s0 in standard input cannot be adopted: it names no service account .* --show-secrets/,
    },
    {
      name: "without the id of a secret",
      stdin: changeExport(withOutputs("s0", { secretId: undefined })),
      says: /::s0 in standard input cannot be adopted: it names no secret that can be read/,
    },
    {
      name: "without a value",
      stdin: changeExport(withOutputs("s0", { secret: undefined })),
      says: /value of \S+::s0 in standard input is not there/,
    },
    {
      name: "with a value in place of an id, which is not repeated",
      stdin: changeExport(withOutputs("s0", { clientId: FIRST.secret })),
      says: /it names no service account that can be read/,
    },
    {
      name: "that records the secret as ours already",
      stdin: changeExport((resource) => resource, [own]),
      says: /is recorded as \S+dynamic\/atlas:ProjectServiceAccountSecret::s0 already/,
    },
  ])("$name", async ({ stdin, says }) => {
    // The others are no reason to refuse.
    const only = stdin.includes("::s0") ? ["--only", "s0"] : [];
    expect(await refuse(["-", ...only], { stdin })).toMatch(says);
  });

  it.each([
    {
      name: "that is none",
      file: join(__dirname, "../../../package.json"),
      says: /not what 'pulumi stack export' writes/,
    },
    { name: "that is not there", file: "no-such-file", says: /there is no such file/ },
  ])("$name", async ({ file, says }) => {
    expect(await refuse([file])).toMatch(says);
  });

  it.each([
    { name: "of another version", change: { version: 3 }, says: /its version is not 4/ },
    {
      name: "with resources of another form",
      change: { resources: [{ mode: 1 }] },
      says: /resources are not as expected/,
    },
  ])("of Terraform $name", async ({ change, says }) => {
    const state = JSON.parse(readFileSync(TERRAFORM_STATE, "utf8")) as object;
    const stdin = JSON.stringify({ ...state, ...change });
    expect(await refuse(["-"], { stdin })).toMatch(says);
  });
});

describe("adopt refuses what the first run would not leave alone", () => {
  const late = { nowMs: RECORDED_MS + 480 * HOUR_MS };

  it("with the reason and the ways out", async () => {
    const text = await refuse([STACK_EXPORT], late);
    expect(text).toContain("has been inside its rotation window since 2026-12-13T21:46:29Z");
    expect(text).toContain("--window HOURS");
  });

  it.each([
    { name: "a smaller window", more: ["--window", "24"] },
    { name: "--due", more: ["--due"] },
  ])("and adopts it with $name", async ({ more }) => {
    const { code, stdout } = await place.run(["adopt", STACK_EXPORT, ...more], late);
    expect(code).toBe(0);
    expect(stdout.includes("and change nothing else")).toBe(true);
    expect(stdout.includes("replace s0, replace s1, replace s2, and change nothing else")).toBe(more.includes("--due"));
    expect(stdout.includes("without another new secret")).toBe(more.includes("--due"));
  });
});

describe("adopt refuses to write", () => {
  it("over a file that is there, which stays as it was", async () => {
    writeFileSync(join(place.folder, "adopted-secrets.json"), "somebody's");
    expect(await refuse([STACK_EXPORT])).toMatch(/there already, and is not overwritten/);
    expect(readFileSync(join(place.folder, "adopted-secrets.json"), "utf8")).toBe("somebody's");
  });

  it("into a folder that is not there", async () => {
    expect(await refuse([STACK_EXPORT, "--output", "no/such/file.json"])).toMatch(/no such folder/);
  });

  it("to the standard input's place: a file for itself is needed when two sources want it", async () => {
    expect(await refuse(["-", "-"])).toMatch(/can be one source/);
  });
});

describe("adopt refuses options that make no sense", () => {
  it.each([
    { name: "no source", args: [], says: /Name what to adopt: files, --stack or --piped/ },
    { name: "two states", args: [STACK_EXPORT, STACK_EXPORT], says: /Adopt from one stack at a time/ },
    {
      name: "a name that no source has",
      args: [STACK_EXPORT, "--only", "s9"],
      says: /they have s0, s1, s2/,
    },
    {
      name: "one name for three",
      args: [STACK_EXPORT, "--name", "x"],
      says: /one resource, and 3 are to be adopted/,
    },
    {
      name: "a window as long as the lifetime",
      args: [STACK_EXPORT, "--window", "720"],
      says: /less than secretExpiresAfterHours/,
    },
    {
      name: "a look at Atlas without a credential",
      args: [STACK_EXPORT, "--live"],
      says: /No credential for Atlas/,
    },
    {
      name: "a proof of what is encrypted",
      args: [STACK_EXPORT, "--verify"],
      says: /value of s0 is encrypted for its stack/,
    },
  ])("$name", async ({ args, says }) => {
    expect(await refuse(args)).toMatch(says);
  });

  it("the same secret from two sources", async () => {
    writeFileSync(join(place.folder, "state.json"), changeExport(withOutputs("s1", { secretId: FIRST.id })));
    expect(await refuse(["state.json"])).toMatch(/is found twice/);
  });

  it("a piped secret without a name, from a terminal, or that is no value", async () => {
    const address = `${FIRST.groupId}/${FIRST.clientId}/${FIRST.id}`;
    expect(await refuse(["--piped", address])).toMatch(/--name/);
    expect(await refuse(["--piped", "x/y/z", "--name", "a"])).toMatch(/named as PROJECT\/CLIENT\/SECRET/);
    expect(await refuse(["--piped", address, "--name", "a"], { isTerminal: true })).toMatch(/Pipe the value/);
    expect(await refuse(["--piped", address, "--name", "a"], { stdin: "two words\n" })).toMatch(/one value/);
    expect(await refuse(["--piped", FIRST.secret, "--name", "a"])).toMatch(/is named as/);
  });

  it("an unknown flag, with the nearest one", async () => {
    const { code, stderr } = await place.run(["adopt", "--windw", "3"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean --window?");
  });
});

it("adopt says why a file cannot be read", async () => {
  const path = join(place.folder, "state.json");
  writeFileSync(path, "{}");
  chmodSync(path, 0o000);
  const text = await refuse([process.getuid?.() === 0 ? place.folder : path]);
  expect(text).toMatch(/it is a folder|this user may not read it/);
});
