/** A registry of packages on this machine: what is installed in the workspace, served as npm asks for it. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one for the packages of a lock file's folder, and for packed ones. */
export async function startRegistry(root: string, tarballs: readonly string[] = []): Promise<Registry> {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { link?: boolean }>;
  };
  const offered = [
    ...tarballs.map((path) => ({ path, manifest: readPackedManifest(path) })),
    ...Object.entries(packages).flatMap(([path, { link }]) => {
      const manifest = path.includes("node_modules/") && !link ? readManifest(join(root, path)) : undefined;
      return manifest ? [{ path: join(root, path), manifest }] : [];
    }),
  ];
  const contents = new Map<string, Buffer>();
  const read = (path: string): Buffer => {
    const found = contents.get(path) ?? (path.endsWith(".tgz") ? readFileSync(path) : toTarball(path));
    contents.set(path, found);
    return found;
  };
  const toPackument = (name: string, url: string) => {
    const versions = offered
      .filter(({ manifest }) => manifest.name === name)
      .map(({ path, manifest }) => {
        const integrity = `sha512-${createHash("sha512").update(read(path)).digest("base64")}`;
        return { ...manifest, dist: { tarball: `${url}/-/${encodeURIComponent(path)}.tgz`, integrity } };
      });
    const byVersion = Object.fromEntries(versions.map((one) => [one.version, one]));
    return { name, "dist-tags": { latest: versions[0]?.version }, versions: byVersion };
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(String(request.url).slice(1));
    const url = `http://${request.headers.host}`;
    if (path.startsWith("-/")) response.end(read(path.slice(2).replace(/\.tgz$/, "")));
    else response.setHeader("content-type", "application/json").end(JSON.stringify(toPackument(path, url)));
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

function readPackedManifest(tarball: string): Manifest {
  const text = execFileSync("tar", ["-xzOf", tarball, "package/package.json"], { encoding: "utf8" });
  return JSON.parse(text) as Manifest;
}

function readManifest(folder: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    // As npm's registry does: some manifests say v1.0.0.
    return { ...manifest, version: manifest.version.replace(/^v/, "") };
  } catch {
    return undefined; // Of another platform.
  }
}

function toTarball(folder: string): Buffer {
  const [parent, name] = [dirname(folder), basename(folder)];
  const archive = execFileSync("tar", ["-c", `--exclude=${name}/node_modules`, "-C", parent, name], {
    maxBuffer: 2 ** 28,
  });
  return gzipSync(archive, { level: 1 });
}
