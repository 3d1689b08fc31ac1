/** A mirror of Pulumi's downloads on this machine: serves the files of a folder and keeps the paths that were asked for. */
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";

export interface Mirror {
  readonly url: string;
  readonly requests: string[];
  close(): Promise<void>;
}

/** Starts a mirror of a folder, which may not exist yet: what is missing is answered with 404. */
export async function startMirror(folder: string): Promise<Mirror> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const name = basename(request.url ?? "");
    requests.push(name);
    const file = join(folder, name);
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/releases/sdk`,
    requests,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}
