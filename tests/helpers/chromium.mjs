/**
 * Finds a Chromium, for tests and benchmarks: the one that `ATLAS_SECRETS_CHROMIUM` names, else one on PATH or in macOS's applications, else the one of the
 * npm package @sparticuz/chromium, unpacked once under node_modules/.cache. As a program it prints what to launch it with, as
 * JSON: the package is an ES module, which Jest cannot load.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where macOS has them: none is on the PATH there, and the package's own is for Linux. */
const APPLICATIONS = ["Chromium", "Google Chrome"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);

/** Nothing is sent anywhere but for the page; root has no sandbox to be in. */
const ARGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-default-browser-check",
  "--no-first-run",
  "--no-pings",
  "--no-proxy-server",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  "--disable-gpu",
  "--font-render-hinting=none",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/**
 * @returns {Promise<{ executablePath: string, args: string[], env: Record<string, string> }>} options of playwright-core's launch
 */
export async function findChromium() {
  const installed = process.env.ATLAS_SECRETS_CHROMIUM ?? findOnPath();
  if (installed) return { executablePath: installed, args: ARGS, env: toEnvironment({}) };
  const folder = await unpack();
  const env = { FONTCONFIG_FILE: join(folder, "own-fonts.conf") };
  return { executablePath: join(folder, "chromium"), args: [...ARGS, "--no-zygote"], env: toEnvironment(env) };
}

function findOnPath() {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...(process.platform === "darwin" ? APPLICATIONS : [])].find((path) => existsSync(path));
}

function toEnvironment(more) {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), ...more };
}

/** The package unpacks into the temporary folder, whatever is there; here it gets one of its own, published by a rename. */
async function unpack() {
  const { version } = JSON.parse(readFileSync(join(ROOT, "node_modules/@sparticuz/chromium/package.json"), "utf8"));
  const folder = join(ROOT, `node_modules/.cache/chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(join(ROOT, "node_modules/.cache"), { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = draft;
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    await chromium.executablePath();
    writeFileSync(join(draft, "own-fonts.conf"), toFontConfiguration(folder));
    if (!existsSync(folder)) renameSync(draft, folder);
  } catch (error) {
    // Another run was first when the folder is there now.
    if (!existsSync(folder)) throw error;
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}

/** That of the package names folders of another machine, and this browser ends where it finds no font at all. */
function toFontConfiguration(folder) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, "fonts/fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, "fonts-cache")}</cachedir>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family><family>Open Sans</family></prefer></alias>
</fontconfig>
`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(JSON.stringify(await findChromium()));
}
