/** Versions: the pinned ones agree wherever they are written, and published packages leave their users a choice. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { isAtLeast } from "../../cli/src/doctor/versions.js";
import { RELEASE, readPinned } from "./checkout";

const ROOT = resolve(__dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

interface LockedPackage {
  readonly integrity?: string;
  readonly link?: true;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string) => JSON.parse(read(join(folder, "package.json"))) as Manifest;

describe("the pinned version", () => {
  const modules = read("tools/setup/go/pulumi/go.mod");

  test("of Pulumi is that of the module that is built", () => {
    expect(modules).toContain(`require github.com/pulumi/pulumi/pkg/v3 v${readPinned("PULUMI_VERSION")}\n`);
  });

  test("of the download is one that the provider takes, with a SHA-256 for each platform of developers", () => {
    expect(isAtLeast(RELEASE.version, readPinned("PULUMI_MINIMUM"))).toBe(true);
    expect(Object.keys(RELEASE.sha256)).toEqual(["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"]);
    for (const sum of Object.values(RELEASE.sha256)) expect(sum).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(Object.values(RELEASE.sha256)).size).toBe(4);
  });

  test("of Go is the one that the module needs", () => {
    expect(modules).toContain(`\ngo ${readPinned("GO_MINIMUM")}\n`);
  });

  test("of Node.js and Pulumi are those of mise.toml, and the dev container's Node.js is of the same line", () => {
    const { devDependencies: { node = "" } = {} } = readManifest(".");
    expect(read("mise.toml")).toContain(`node = "${node}"\npulumi = "${readPinned("PULUMI_VERSION")}"\n`);
    const { image } = JSON.parse(read(".devcontainer/devcontainer.json")) as { image: string };
    expect(image).toContain(`typescript-node:${node.split(".")[0]}-`);
  });

  test("of the oldest SDK that is tested is where the peer range begins", () => {
    const { peerDependencies } = readManifest("provider");
    const { devDependencies } = readManifest(".");
    const oldest = readPinned("PULUMI_MINIMUM");
    expect(peerDependencies?.["@pulumi/pulumi"]).toBe(`^${oldest}`);
    expect(devDependencies?.["pulumi-oldest"]).toBe(`npm:@pulumi/pulumi@${oldest}`);
  });
});

describe("the lock file", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as {
    packages: Readonly<Record<string, LockedPackage>>;
  };
  const installed = Object.entries(packages).filter(([path, { link }]) => path.includes("node_modules/") && !link);

  test("has a checksum of every package, those of other platforms too", () => {
    const without = installed.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ""));
    expect(installed.length).toBeGreaterThan(300);
    expect(without.map(([path]) => path)).toEqual([]);
  });

  test("has every optional package, those of other platforms too: npm ci refuses it otherwise", () => {
    const locked = new Set(installed.map(([path]) => path.split("node_modules/").at(-1)));
    const optional = installed.flatMap(([, { optionalDependencies = {} }]) => Object.keys(optionalDependencies));
    expect(optional.length).toBeGreaterThan(50);
    expect(optional.filter((name) => !locked.has(name))).toEqual([]);
  });

  test("names no host, so that packages come from whatever registry npm is set to", () => {
    expect(read("package-lock.json")).not.toContain('"resolved": "http');
  });
});

describe("dependencies", () => {
  const OURS = "pulumi-atlas-secrets";

  test.each(["provider", "policy", "cli", "simulator"])(
    "of %s are caret ranges, but for our own packages",
    (folder) => {
      const dependencies = Object.entries(readManifest(folder).dependencies ?? {});
      const [ours, others] = [true, false].map((isOurs) => dependencies.filter(([name]) => (name === OURS) === isOurs));
      expect(others?.filter(([, range]) => !/^\^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
      expect(ours?.filter(([, range]) => !/^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
    },
  );

  test("of the workspace are exact", () => {
    const { devDependencies = {} } = readManifest(".");
    expect(Object.values(devDependencies).filter((range) => !/^(npm:\S+@)?\d+\.\d+\.\d+$/.test(range))).toEqual([]);
  });
});
