/** Where the set-up takes the Pulumi CLI from, and what it says when it has none. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Checkout, RELEASE, readPinned, removeCheckouts } from "./checkout";
import { type Mirror, startMirror } from "./mirror";

/** What is built, and what is downloaded. */
const BUILT = readPinned("PULUMI_VERSION");
const VERSION = RELEASE.version;
const ARCHIVE = `pulumi-v${VERSION}-${process.platform}-${process.arch}.tar.gz`;

let checkout: Checkout;
let mirror: Mirror;

beforeEach(async () => {
  checkout = new Checkout();
  mirror = await startMirror(join(checkout.folder, "mirror"));
  checkout.env.ATLAS_SECRETS_PULUMI_DOWNLOAD_URL = mirror.url;
});

afterEach(async () => {
  await mirror.close();
  removeCheckouts();
});

const cached = (version = VERSION) => join(checkout.cache, `pulumi-${version}-${process.platform}-${process.arch}`);
const goCalls = () => checkout.calls.filter((call) => call.startsWith("go "));

describe("a pulumi on PATH", () => {
  test.each(["3.249.0", "3.275.1", "4.0.0"])("of version %s is used, and nothing is fetched", async (version) => {
    const path = checkout.pulumiOnPath(version);
    const { code, text } = await checkout.setUp();
    expect(text).toContain(`Pulumi ${version}, ${path}`);
    expect({ code, requests: mirror.requests, go: goCalls() }).toEqual({ code: 0, requests: [], go: [] });
  });

  test("gets the plugin for dynamic providers beside it when it has none", async () => {
    checkout.pulumiOnPath("3.250.0");
    await checkout.setUp();
    expect(readdirSync(join(checkout.cache, `resource-plugin-${BUILT}`))).toEqual(["pulumi-resource-pulumi-nodejs"]);
  });

  test("with all its plugins needs no cache", async () => {
    checkout.pulumiOnPath("3.250.0");
    checkout.program("pulumi-resource-pulumi-nodejs", "");
    checkout.write("node_modules/.package-lock.json", readFileSync(join(checkout.root, "package-lock.json"), "utf8"));
    writeFileSync(checkout.cache, "not a folder");
    expect(await checkout.setUp()).toMatchObject({ code: 0 });
  });

  test("of version 3.248.9 is passed over with its reason", async () => {
    checkout.pulumiOnPath("3.248.9");
    const { text } = await checkout.setUp();
    expect(text).toContain("is 3.248.9, older than 3.249.0");
  });

  test("without a language host is passed over with its reason", async () => {
    checkout.pulumiOnPath(VERSION, { languageHost: false });
    const { text } = await checkout.setUp();
    expect(text).toContain("pulumi-language-nodejs is neither beside it nor on PATH");
  });

  test("that fails is passed over with its reason", async () => {
    checkout.program("pulumi", "process.exit(3)");
    const { text } = await checkout.setUp();
    expect(text).toContain("pulumi version ended with code 3");
  });
});

describe("the download", () => {
  beforeEach(() => checkout.release("mirror"));

  test("is verified, unpacked with the plugin for dynamic providers, and used", async () => {
    checkout.goOnPath();
    const { code, text } = await checkout.setUp();
    expect(text).toContain(`Pulumi ${VERSION}, ${join(cached(), "pulumi")}`);
    expect({ code, requests: mirror.requests, go: goCalls() }).toEqual({ code: 0, requests: [ARCHIVE], go: [] });
    const programs = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];
    expect(readdirSync(cached()).sort()).toEqual(expect.arrayContaining(programs));
  });

  test("is preferred to a pulumi on PATH that is too old", async () => {
    checkout.pulumiOnPath("3.100.0");
    const { code, text } = await checkout.setUp();
    expect(code).toBe(0);
    expect(text).toContain(join(cached(), "pulumi"));
  });

  test("is not repeated by a second run, which prints one line", async () => {
    await checkout.setUp();
    const before = { requests: [...mirror.requests], calls: [...checkout.calls] };
    const { code, text } = await checkout.setUp();
    expect({ code, lines: text.trim().split("\n").length }).toEqual({ code: 0, lines: 1 });
    expect({ requests: mirror.requests, calls: checkout.calls }).toEqual(before);
  });

  test("is repeated when the cached folder has lost a program", async () => {
    await checkout.setUp();
    writeFileSync(join(cached(), "pulumi-language-nodejs"), "");
    expect(await checkout.setUp()).toMatchObject({ code: 0 });
    expect(mirror.requests).toEqual([ARCHIVE, ARCHIVE]);
  });

  test("with another checksum is refused and not unpacked", async () => {
    appendFileSync(join(checkout.folder, "mirror", ARCHIVE), "tampered");
    const { code, text } = await checkout.setUp();
    expect(code).toBe(1);
    expect(text).toMatch(/\.tar\.gz is refused: its SHA-256 checksum is [0-9a-f]{64}, and must be [0-9a-f]{64}/);
    expect(readdirSync(checkout.cache)).toEqual(["locks"]);
  });

  test("for a platform without a checksum is not fetched", async () => {
    checkout.pinRelease({});
    const { code, text } = await checkout.setUp();
    expect(code).toBe(1);
    expect(text).toContain(
      `no checksum for ${process.platform}-${process.arch} stands in tools/setup/pulumi-release.json`,
    );
    expect(mirror.requests).toEqual([]);
  });

  test("may be done by two set-ups at once: both end well, and leave one whole folder", async () => {
    await checkout.setUp({ ATLAS_SECRETS_CACHE: join(checkout.folder, "another-cache") });
    const results = await Promise.all([checkout.setUp(), checkout.setUp()]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    for (const { text } of results) expect(text).toContain(`Pulumi ${VERSION}, ${join(cached(), "pulumi")}`);
    expect(readdirSync(checkout.cache)).toEqual([basename(cached())]);
    mirror.requests.length = 0;
    expect(await checkout.setUp()).toMatchObject({ code: 0 });
    expect(mirror.requests).toEqual([]);
  });

  /** A mirror by https for these names, and the file that makes its certificate one that the machine trusts. */
  async function startSecure(...names: readonly string[]) {
    const { generate } = await import("selfsigned");
    const altNames = [{ type: 7 as const, ip: "127.0.0.1" }, ...names.map((value) => ({ type: 2 as const, value }))];
    const { private: key, cert } = await generate([{ name: "commonName", value: "mirror" }], {
      extensions: [
        { name: "basicConstraints", cA: true },
        { name: "subjectAltName", altNames },
      ],
    });
    const trusted = join(checkout.folder, "authorities.pem");
    writeFileSync(trusted, cert);
    return { trusted, secure: await startMirror(join(checkout.folder, "mirror"), { tls: { key, cert } }) };
  }

  test("goes through the proxy that the environment names", async () => {
    // Nothing has this name: only the proxy can answer for it.
    const { trusted, secure } = await startSecure("releases.invalid");
    const proxy = await startMirror(join(checkout.folder, "none"), { leadsTo: secure });
    const { code, text } = await checkout.setUp({
      ATLAS_SECRETS_PULUMI_DOWNLOAD_URL: "https://releases.invalid/sdk",
      HTTPS_PROXY: new URL(proxy.url).origin,
      SSL_CERT_FILE: trusted,
    });
    await Promise.all([proxy.close(), secure.close()]);
    expect(text).toContain(`Pulumi ${VERSION}, ${join(cached(), "pulumi")}`);
    expect({ code, requests: secure.requests }).toEqual({ code: 0, requests: [ARCHIVE] });
    expect(new Set(proxy.requests)).toEqual(new Set(["CONNECT releases.invalid:443"]));
  });

  test("is refused from another machine without TLS, before anything is sent", async () => {
    const { code, text } = await checkout.setUp({
      ATLAS_SECRETS_PULUMI_DOWNLOAD_URL: "http://releases.invalid/sdk",
      HTTP_PROXY: new URL(mirror.url).origin,
    });
    expect({ code, text }).toEqual({
      code: 1,
      text: expect.stringContaining("is neither https nor a server on this machine"),
    });
    expect(mirror.requests).toEqual([]);
  });

  test("trusts the authorities of the machine", async () => {
    const { trusted, secure } = await startSecure();
    const env = { ATLAS_SECRETS_PULUMI_DOWNLOAD_URL: secure.url };
    const unknown = await checkout.setUp(env);
    const known = await checkout.setUp({ ...env, SSL_CERT_FILE: trusted });
    await secure.close();
    expect(unknown).toMatchObject({ code: 1, text: expect.stringContaining("SELF_SIGNED_CERT") });
    expect(known).toMatchObject({ code: 0, text: expect.stringContaining(join(cached(), "pulumi")) });
  });

  test("ends when the server falls silent", async () => {
    const silent = await startMirror(join(checkout.folder, "mirror"), { fallsSilent: true });
    // The half minute of patience passes at once.
    const fast = join(checkout.folder, "fast.cjs");
    writeFileSync(
      fast,
      "const wait = setTimeout; globalThis.setTimeout = (f, ms) => wait(f, ms === 30_000 ? 300 : ms);",
    );
    const { code, text } = await checkout.setUp({
      ATLAS_SECRETS_PULUMI_DOWNLOAD_URL: silent.url,
      NODE_OPTIONS: `--require=${JSON.stringify(fast)}`,
    });
    await silent.close();
    expect({ code, text }).toEqual({ code: 1, text: expect.stringContaining("no byte for 30 s") });
  }, 60_000);

  test("removes what a killed set-up left a day ago, and nothing that may still be filled", async () => {
    const [old, young] = [join(checkout.cache, ".tmp-old"), join(checkout.cache, ".tmp-young")];
    for (const folder of [old, young]) mkdirSync(folder, { recursive: true });
    const then = new Date(Date.now() - 25 * 3_600_000);
    utimesSync(old, then, then);
    expect(await checkout.setUp()).toMatchObject({ code: 0 });
    expect(readdirSync(checkout.cache)).toEqual(expect.arrayContaining([".tmp-young", basename(cached())]));
    expect(readdirSync(checkout.cache)).not.toContain(".tmp-old");
  });

  test("keeps the user and password of a mirror's URL out of messages", async () => {
    const { text } = await checkout.setUp({
      ATLAS_SECRETS_PULUMI_DOWNLOAD_URL: "http://someone:hunter2@127.0.0.1:9/sdk",
    });
    expect(text).toContain("http://127.0.0.1:9/sdk/");
    expect(text).not.toContain("hunter2");
  });
});

describe("the build from Go modules", () => {
  test("follows a download that is not to be had", async () => {
    checkout.goOnPath();
    const { code, text } = await checkout.setUp();
    expect({ code, requests: mirror.requests }).toEqual({ code: 0, requests: [ARCHIVE] });
    expect(text).toContain("the server answered 404");
    expect(text).toContain(`Pulumi ${BUILT}, ${join(cached(BUILT), "pulumi")}`);
    expect(goCalls()[0]).toBe("go version");
    expect(goCalls().filter((call) => call !== "go version")).toEqual([
      expect.stringMatching(/^go build -mod=readonly .* github\.com\/pulumi\/pulumi\/pkg\/v3\/cmd\/pulumi$/),
      expect.stringMatching(/^go build -mod=readonly .*\/pulumi-language-nodejs$/),
    ]);
  });

  test("is not repeated by a second run, which asks for no download either", async () => {
    checkout.goOnPath();
    await checkout.setUp();
    const before = { requests: [...mirror.requests], go: goCalls() };
    expect(await checkout.setUp()).toMatchObject({ code: 0 });
    expect({ requests: mirror.requests, go: goCalls() }).toEqual(before);
  });

  test.each([
    ["is used", "1.26.6", 0],
    ["is too old", "1.26.5", 1],
  ])("%s with Go %s", async (_title, version, expected) => {
    checkout.goOnPath({ version });
    const { code, text } = await checkout.setUp();
    expect(code).toBe(expected);
    expect(text.includes("is 1.26.5, older than 1.26.6")).toBe(expected === 1);
  });

  test("keeps the user's module proxy and never takes another toolchain", async () => {
    checkout.goOnPath();
    const file = join(checkout.folder, "go-env");
    const names = ["GOPROXY", "GOFLAGS", "GOTOOLCHAIN", "GOOS"];
    appendFileSync(
      join(checkout.folder, "bin/go.cjs"),
      `fs.writeFileSync(${JSON.stringify(file)}, JSON.stringify(${JSON.stringify(names)}.map((name) => process.env[name] ?? null)));`,
    );
    await checkout.setUp({
      GOPROXY: "http://127.0.0.1:9",
      GOFLAGS: "-buildvcs=false",
      GOTOOLCHAIN: "auto",
      GOOS: "plan9",
    });
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(["http://127.0.0.1:9", "-buildvcs=false", "local", null]);
  });
});

describe("no Pulumi CLI from anywhere", () => {
  test("ends with a message that names every source, why it failed, and the ways out", async () => {
    checkout.pulumiOnPath("3.10.0");
    checkout.goOnPath({ code: 2 });
    const { code, text } = await checkout.setUp();
    expect(code).toBe(1);
    const message = text.slice(text.indexOf("There is no Pulumi CLI"));
    expect(message).toContain("- PATH: ");
    expect(message).toContain("- Pulumi's download: http://127.0.0.1:");
    expect(message).toContain("- a build from Go modules: go build of pulumi ended with code 2:\nno such module");
    for (const way of [
      "https://www.pulumi.com/docs/iac/download-install/",
      "ATLAS_SECRETS_PULUMI_DOWNLOAD_URL",
      "https://go.dev/doc/install",
    ]) {
      expect(message).toContain(way);
    }
    expect(message).not.toContain("    at ");
  });

  test("leaves no half-filled folder in the cache", async () => {
    checkout.goOnPath({ code: 2 });
    await checkout.setUp();
    expect(readdirSync(checkout.cache)).toEqual(["locks"]);
    expect(readdirSync(join(checkout.cache, "locks"))).toEqual([]);
  });

  test("says which folder to choose when the cache cannot be written", async () => {
    writeFileSync(checkout.cache, "not a folder");
    const { code, text } = await checkout.setUp();
    expect(code).toBe(1);
    expect(text).toContain("Set ATLAS_SECRETS_CACHE to one that can");
    expect(text).not.toContain("    at ");
  });
});
