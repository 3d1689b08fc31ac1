/** What an installation of each of our packages brings along: how many packages, under which licenses, and that none runs a script. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

interface Entry {
  readonly link?: true;
  readonly resolved?: string;
  readonly license?: string;
  readonly hasInstallScript?: true;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync(resolve(__dirname, "../../package-lock.json"), "utf8")) as {
  packages: Readonly<Record<string, Entry>>;
};
/** Permissive ones, which ask for no more than to be named. */
const LICENSES = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"];
const MOST = { provider: 35, cli: 45, policy: 35, simulator: 0 };

/** Where Node.js finds a package from a folder of the workspace. */
function locate(name: string, from: string): string {
  const parts = from === "" ? [] : from.split("/");
  for (let count = parts.length; count >= 0; count--) {
    const path = join(...parts.slice(0, count), "node_modules", name);
    if (packages[path]) return path;
  }
  throw new Error(`The lock file has no ${name} for ${from}`);
}

/** Those that an installation brings, without Pulumi's SDKs, which each program has, and what they bring. Ours do not count. */
function findInstalled(folder: string, found = new Set<string>()): Set<string> {
  const { dependencies = {}, optionalDependencies = {} } = packages[folder] ?? {};
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    if (name.startsWith("@pulumi/")) continue;
    const path = locate(name, folder);
    if (found.has(path)) continue;
    const { link, resolved = "" } = packages[path] ?? {};
    if (!link) found.add(path);
    findInstalled(link ? resolved : path, found);
  }
  return found;
}

describe.each(Object.entries(MOST))("an installation of %s", (folder, most) => {
  const installed = [...findInstalled(folder)];

  it(`brings at most ${most} packages`, () => {
    expect(installed.length).toBeLessThanOrEqual(most);
    expect(installed.length > 0).toBe(most > 0);
  });

  it("brings only permissive licenses", () => {
    const others = installed.filter((path) => !LICENSES.includes(packages[path]?.license ?? ""));
    expect(others.map((path) => `${path}: ${packages[path]?.license}`)).toEqual([]);
  });

  it("runs no script", () => {
    expect(installed.filter((path) => packages[path]?.hasInstallScript)).toEqual([]);
  });
});
