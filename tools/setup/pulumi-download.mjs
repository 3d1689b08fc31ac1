/**
 * Pulumi's release archive: fetched, compared with the checksum that is published beside it, and only then unpacked.
 * @see https://www.pulumi.com/docs/iac/download-install/
 * @see https://github.com/pulumi/pulumi/blob/master/.github/workflows/sign.yml (names and form of the checksum files)
 */
import { createHash } from "node:crypto";
import { createReadStream, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { capture, lastLines } from "./run.mjs";
import { PULUMI_VERSION } from "./versions.mjs";

/** Folder with the archives and checksum files: the release itself, the only place known to hold both. */
export const OFFICIAL_DOWNLOAD = `https://github.com/pulumi/pulumi/releases/download/v${PULUMI_VERSION}`;

/** Environment variable with another such folder, a mirror for instance. */
export const DOWNLOAD_VARIABLE = "ATLAS_SECRETS_PULUMI_DOWNLOAD_URL";

const FETCH_FILE = fileURLToPath(new URL("fetch-file.mjs", import.meta.url));

/**
 * Fills a folder with the programs of the release.
 * @param {import("./machine.mjs").Machine} machine
 * @param {string} node path of a Node 24
 * @param {string} folder
 * @param {import("./progress.mjs").Progress} progress
 * @throws {Error} when a file cannot be had, or the archive is not the published one
 */
export async function downloadPulumi(machine, node, folder, progress) {
  const base = (machine.env[DOWNLOAD_VARIABLE] || OFFICIAL_DOWNLOAD).replace(/\/+$/, "");
  assertSafe(base);
  const name = archiveName(machine);
  await progress.step(`Downloading Pulumi CLI ${PULUMI_VERSION}`, async () => {
    const sums = join(folder, "checksums.txt");
    const archive = join(folder, name);
    await fetchFile(machine, node, `${base}/pulumi-${PULUMI_VERSION}-checksums.txt`, sums);
    const expected = parseChecksum(readFileSync(sums, "utf8"), name);
    await fetchFile(machine, node, `${base}/${name}`, archive);
    await assertChecksum(archive, name, expected);
    await unpack(machine, name, folder);
    for (const file of [sums, archive]) rmSync(file);
  });
}

/** What is downloaded is run, and its checksums come from the same place: nobody on the way may change them. */
function assertSafe(base) {
  const { protocol, hostname } = new URL(base);
  if (protocol === "https:" || ["127.0.0.1", "localhost", "[::1]"].includes(hostname)) return;
  throw new Error(`${DOWNLOAD_VARIABLE} is neither https nor a server on this machine`);
}

/** Names as in https://www.pulumi.com/docs/iac/download-install/versions/. */
function archiveName({ platform, arch }) {
  const system = platform === "win32" ? "windows" : platform;
  return `pulumi-v${PULUMI_VERSION}-${system}-${arch}.${platform === "win32" ? "zip" : "tar.gz"}`;
}

/** In a process of its own: only Node 24 knows HTTPS_PROXY and NO_PROXY, and this one may be older. The URL may hold a password. */
async function fetchFile({ env }, node, url, target) {
  const { code, output } = await capture(node, ["--use-system-ca", FETCH_FILE, target], {
    env: { ...env, NODE_USE_ENV_PROXY: "1", NODE_NO_WARNINGS: "1", SETUP_FETCH_URL: url },
  });
  if (code !== 0) throw new Error(lastLines(output, 1));
}

/** Lines are `<hexadecimal digits>  <file name>`. */
function parseChecksum(text, name) {
  const line = text
    .split("\n")
    .map((found) => found.trim().split(/\s+\*?/))
    .find(([, file]) => file === name);
  if (line === undefined) throw new Error(`the published checksums do not name ${name}`);
  return line[0].toLowerCase();
}

async function assertChecksum(archive, name, expected) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(archive), hash);
  const actual = hash.digest("hex");
  if (actual !== expected) {
    throw new Error(
      `${name} is refused: its SHA-256 checksum is ${actual}, the published one ${expected}. It was not unpacked`,
    );
  }
}

/** The archive's one folder is `pulumi`, on Windows with a `bin` in it. Both tar and Windows' bsdtar are called `tar`. */
async function unpack({ env, platform }, name, folder) {
  const strip = platform === "win32" ? "2" : "1";
  const { code, output } = await capture("tar", ["-xf", name, "--strip-components", strip], { cwd: folder, env });
  if (code !== 0) throw new Error(`tar could not unpack ${name}: ${lastLines(output, 3)}`);
}
