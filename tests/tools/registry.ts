/** A registry of packages on this machine: what is installed in the workspace, served as npm asks for it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";

export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one for the packages of a lock file's folder. */
export async function startRegistry(root: string): Promise<Registry> {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { link?: boolean }>;
  };
  const installed = Object.entries(packages).flatMap(([path, { link }]) =>
    path.includes("node_modules/") && !link ? [path] : [],
  );
  const toPackument = (name: string, url: string) => {
    const versions = installed
      .filter((path) => path.endsWith(`node_modules/${name}`))
      .flatMap((path) => {
        const manifest = readManifest(join(root, path));
        return manifest ? [{ ...manifest, dist: { tarball: `${url}/-/${encodeURIComponent(path)}` } }] : [];
      });
    const byVersion = Object.fromEntries(versions.map((one) => [one.version, one]));
    return { name, "dist-tags": { latest: versions[0]?.version }, versions: byVersion };
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(String(request.url).slice(1));
    const url = `http://${request.headers.host}`;
    if (!path.startsWith("-/")) response.end(JSON.stringify(toPackument(path, url)));
    else response.end(toTarball(join(root, path.slice(2))));
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

function readManifest(folder: string): { readonly version: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  } catch {
    return undefined; // Of another platform.
  }
}

function toTarball(folder: string): Buffer {
  const [parent, name] = [dirname(folder), basename(folder)];
  return execFileSync("tar", ["-cz", `--exclude=${name}/node_modules`, "-C", parent, name], { maxBuffer: 2 ** 28 });
}
