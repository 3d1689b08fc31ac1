/** Rules between modules that no single test of a module can see. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

const SOURCE = join(__dirname, "../../provider/src");

const modules = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({
    path: relative(SOURCE, path).split(sep).join("/"),
    code: withoutComments(readFileSync(path, "utf8")),
  }))
  .sort((a, b) => (a.path < b.path ? -1 : 1));

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

function whoHas(pattern: RegExp): string[] {
  return modules.filter(({ code }) => pattern.test(code)).map(({ path }) => path);
}

/** What a module imports or requires by name. */
function importsOf(code: string): string[] {
  return [...code.matchAll(/(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*["']([^"']+)["']/g)].map(([, name]) =>
    String(name),
  );
}

function whoImports(isMeant: (name: string) => boolean): string[] {
  return modules.filter(({ code }) => importsOf(code).some(isMeant)).map(({ path }) => path);
}

/** The module of this package that an import names, from the root of the source; `undefined` for a package. */
function toModule(path: string, name: string): string | undefined {
  return name.startsWith(".") ? join(dirname(path), name.replace(/\.js$/, ".ts")).split(sep).join("/") : undefined;
}

/** The folder of a module; one at the top stands for itself. */
function toFolder(path: string): string {
  return path.includes("/") ? String(path.split("/")[0]) : path;
}

/** Modules that import others than those allowed, each with what it imports. */
function findStrays(folder: string, isAllowed: (module: string | undefined, name: string) => boolean): string[] {
  const inside = modules.filter(({ path }) => path.startsWith(`${folder}/`));
  expect(inside.length).toBeGreaterThan(0);
  return inside.flatMap(({ path, code }) =>
    importsOf(code)
      .filter((name) => !isAllowed(toModule(path, name), name))
      .map((name) => `${path}: ${name}`),
  );
}

describe("Sensitive.reveal", () => {
  it("is used only on the wire, for outputs, to compare and to redact", () => {
    expect(whoHas(/\breveal\b/)).toEqual([
      // The comparison of the own credential with Atlas's mask.
      "account/own-credential.ts",
      // The wire: the header of a request, and what is signed or minted with.
      "atlas/auth/access-token.ts",
      "atlas/auth/api-key.ts",
      "atlas/auth/mint.ts",
      "atlas/auth/service-account.ts",
      "atlas/transport.ts",
      // Whether a state holds a value, or what stands in place of one.
      "records/peer-record.ts",
      // The encrypted output, and the mask made of the value's end.
      "records/secret-record.ts",
      // What a message must not hold.
      "redact.ts",
      // Its definition, and the comparison of two values.
      "sensitive.ts",
    ]);
  });
});

describe("deletions and creations", () => {
  it.each([
    { call: /\.\s*deleteSecret\b/, callers: ["account/removal.ts"] },
    { call: /\.\s*createSecret\b/, callers: ["account/creation.ts"] },
    // By its name in brackets, or taken out of the client first.
    { call: /\[\s*["'`](?:delete|create)Secret|\{[^{}]*\b(?:deleteSecret|createSecret)\b[^{}]*\}\s*=/, callers: [] },
    // The request itself.
    { call: /method:\s*["']DELETE["']/, callers: ["atlas/client.ts"] },
  ])("are asked of the client in one module each: $call", ({ call, callers }) => {
    expect(whoHas(call)).toEqual(callers);
  });

  it("are allowed by the one that decides: only account/removal.ts acts on a verdict of decideRemoval", () => {
    expect(whoHas(/\bdecideRemoval\(/).filter((path) => !path.startsWith("rotation/"))).toEqual([
      // Asks beforehand, so that nothing is deleted when one of several may not be.
      "account/deletion.ts",
      "account/removal.ts",
    ]);
  });
});

/** What each folder may import beside itself; what stands at the top and imports nothing of the package, all may. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  atlas: ["settings.ts"],
  rotation: ["atlas/types.ts"],
  records: ["atlas/types.ts", "rotation"],
  account: ["atlas", "rotation", "settings.ts"],
  handlers: ["atlas", "rotation", "records", "account", "diagnostic-reports.ts"],
  resources: ["rotation", "records", "settings.ts", "diagnostic-reports.ts"],
};

const GROUND = [
  "autonaming.ts",
  "clock.ts",
  "errors.ts",
  "ids.ts",
  "loopback.ts",
  "node-version.ts",
  "protocol.ts",
  "proxy.ts",
  "redact.ts",
  "sensitive.ts",
];

describe("the arrows between folders", () => {
  it.each(Object.entries(ARROWS))("of %s/ lead down: to %s and the ground", (folder, allowed) => {
    const may = [folder, ...allowed, ...GROUND];
    const strays = findStrays(
      folder,
      (module) => module === undefined || may.includes(module) || may.includes(toFolder(module)),
    );
    expect(strays).toEqual([]);
  });

  it("cover every folder, and the ground imports nothing but itself", () => {
    const folders = new Set(modules.filter(({ path }) => path.includes("/")).map(({ path }) => toFolder(path)));
    expect([...folders].sort()).toEqual(Object.keys(ARROWS).sort());
    const grounded = modules.filter(({ path }) => GROUND.includes(path));
    expect(grounded.map(({ path }) => path)).toEqual(GROUND);
    const up = grounded.flatMap(({ path, code }) =>
      importsOf(code).filter((name) => !GROUND.includes(toModule(path, name) ?? "clock.ts")),
    );
    expect(up).toEqual([]);
  });
});

describe("rotation/ and records/", () => {
  it("are free of effects: of packages they import those that compute alone", () => {
    const packages = ["node:util", "valibot"];
    for (const folder of ["rotation", "records"]) {
      expect(findStrays(folder, (module, name) => module !== undefined || packages.includes(name))).toEqual([]);
    }
  });

  it("take types alone from atlas/types.ts, which holds nothing else", () => {
    const types = modules.find(({ path }) => path === "atlas/types.ts");
    expect(types?.code).not.toMatch(/\bimport\b|^export (?!interface\b|type\b)/m);
    expect(whoHas(/import (?!type\b)[^;]*"[./]*\/types\.js"/)).toEqual([]);
  });

  it("never use the machine", () => {
    const users = whoHas(/\bsystemClock\b|\bprocess\.|\bMath\.random\b|\brandomUUID\b/);
    expect(users.filter((path) => /^(rotation|records)\//.test(path))).toEqual([]);
  });
});

describe("recorded outputs", () => {
  /** Outputs by the names that handlers give them, and a field of one of them. */
  const field = /\b(?:outputs|outs|props|olds)\s*(?:\?\.|\.|\[)\s*["']?[a-zA-Z]/;

  it("are read in records/ alone", () => {
    // Those of a program's own resource are no state.
    const readers = whoHas(field).filter((path) => !/^(records|resources)\//.test(path));
    // The inputs of the last run, that the engine passes to a check.
    expect(readers).toEqual(["handlers/calls.ts"]);
    const calls = modules.find(({ path }) => path === "handlers/calls.ts");
    expect(calls?.code.match(new RegExp(field, "g"))).toHaveLength(2);
    expect(calls?.code).toContain("olds.clientId");
  });

  it("are taken apart nowhere else either", () => {
    const apart = /(?:const|let)\s*\{[^}]*\}\s*=\s*(?:outputs|outs|props|olds)\b|\(\s*\{[^}]*\}\s*:\s*Properties\b/;
    expect(whoHas(apart).filter((path) => !path.startsWith("records/"))).toEqual([]);
  });
});

describe("the modules of provider/", () => {
  it("know axios in the transport alone", () => {
    expect(whoImports((name) => name === "axios" || name.startsWith("axios/"))).toEqual(["atlas/transport.ts"]);
  });

  it("load axios on the first request and not when the transport is imported", () => {
    const transport = modules.find(({ path }) => path === "atlas/transport.ts");
    expect(transport?.code).not.toMatch(/^import (?!type\b).*"axios"/m);
  });

  it("know @pulumi/pulumi in resources/ alone", () => {
    const users = whoImports((name) => name.startsWith("@pulumi/"));
    expect(users.length).toBeGreaterThan(0);
    expect(users.filter((path) => !path.startsWith("resources/"))).toEqual([]);
  });

  /** What reads the machine's clock or starts a timer, with brackets or without, and under its names in `node:` modules. */
  const clocks =
    /\bDate\.now\b|\bnew Date\b(?!\s*\(\s*[^)\s])|(?<!new )\bDate\(|\bperformance\b|\bhrtime\b|\bset(?:Timeout|Interval|Immediate)\b|["'](?:node:)?timers\b/;

  it("read the machine's clock and start timers in clock.ts alone", () => {
    expect(whoHas(clocks)).toEqual(["clock.ts"]);
  });

  it.each(["new Date", "new Date()", "new Date( )", "Date()", "Date.now", "performance.now()", "process.hrtime()"])(
    "would not hide the clock %s",
    (code) => {
      expect(`const nowMs = ${code};`).toMatch(clocks);
    },
  );

  it.each(["new Date(ms)", "Date.parse(text)", "AboutDate(ms)"])("may reckon with times by %s", (code) => {
    expect(`const ms = ${code};`).not.toMatch(clocks);
  });

  it("never write to the console", () => {
    expect(whoHas(/\bconsole\./)).toEqual([]);
  });
});
