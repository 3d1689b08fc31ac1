/**
 * Pulumi's release archive: fetched, compared with the checksum that stands in this repository, and only then unpacked.
 *
 * The checksums of `pulumi-release.json` are those that Pulumi's Homebrew tap names, which is another place than the one that the
 * archives come from.
 * @see https://www.pulumi.com/docs/iac/download-install/
 * @see https://github.com/pulumi/homebrew-tap/blob/master/Formula/pulumi.rb
 */
import { createHash } from "node:crypto";
import { createReadStream, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { capture, lastLines } from "./run.mjs";

/** The release: its version, and the SHA-256 of its archive for each platform on which this repository is developed. */
const RELEASE = JSON.parse(readFileSync(new URL("pulumi-release.json", import.meta.url), "utf8"));

export const RELEASE_VERSION = RELEASE.version;

/** Folder with the archives. */
export const OFFICIAL_DOWNLOAD = `https://github.com/pulumi/pulumi/releases/download/v${RELEASE_VERSION}`;

/** Environment variable with another such folder, a mirror for instance. */
export const DOWNLOAD_VARIABLE = "ATLAS_SECRETS_PULUMI_DOWNLOAD_URL";

const FETCH_FILE = fileURLToPath(new URL("fetch-file.mjs", import.meta.url));

/**
 * Fills a folder with the programs of the release.
 * @param {import("./machine.mjs").Machine} machine
 * @param {string} node path of a Node 24
 * @param {string} folder
 * @param {import("./progress.mjs").Progress} progress
 * @throws {Error} when there is none for the platform, it cannot be had, or it is not the one whose checksum stands here
 */
export async function downloadPulumi(machine, node, folder, progress) {
  const base = (machine.env[DOWNLOAD_VARIABLE] || OFFICIAL_DOWNLOAD).replace(/\/+$/, "");
  assertSafe(base);
  const platform = `${machine.platform}-${machine.arch}`;
  const expected = RELEASE.sha256[platform];
  if (expected === undefined) throw new Error(`no checksum for ${platform} stands in tools/setup/pulumi-release.json`);
  const name = `pulumi-v${RELEASE_VERSION}-${platform}.tar.gz`;
  await progress.step(`Downloading Pulumi CLI ${RELEASE_VERSION}`, async () => {
    const archive = join(folder, name);
    await fetchFile(machine, node, `${base}/${name}`, archive);
    await assertChecksum(archive, name, expected);
    await unpack(machine, name, folder);
    rmSync(archive);
  });
}

/** The checksum tells a changed archive; nobody on the way may read the password of a mirror either. */
function assertSafe(base) {
  const { protocol, hostname } = new URL(base);
  if (protocol === "https:" || ["127.0.0.1", "localhost", "[::1]"].includes(hostname)) return;
  throw new Error(`${DOWNLOAD_VARIABLE} is neither https nor a server on this machine`);
}

/** In a process of its own: only Node 24 knows HTTPS_PROXY and NO_PROXY, and this one may be older. The URL may hold a password. */
async function fetchFile({ env }, node, url, target) {
  const { code, output } = await capture(node, ["--use-system-ca", FETCH_FILE, target], {
    env: { ...env, NODE_USE_ENV_PROXY: "1", NODE_NO_WARNINGS: "1", SETUP_FETCH_URL: url },
  });
  if (code !== 0) throw new Error(lastLines(output, 1));
}

async function assertChecksum(archive, name, expected) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(archive), hash);
  const actual = hash.digest("hex");
  if (actual !== expected) {
    throw new Error(
      `${name} is refused: its SHA-256 checksum is ${actual}, and must be ${expected}. It was not unpacked`,
    );
  }
}

/** The archive's one folder is `pulumi`. */
async function unpack({ env }, name, folder) {
  const { code, output } = await capture("tar", ["-xf", name, "--strip-components", "1"], { cwd: folder, env });
  if (code !== 0) throw new Error(`tar could not unpack ${name}: ${lastLines(output, 3)}`);
}
