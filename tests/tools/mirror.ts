/** A mirror of Pulumi's downloads on this machine: serves the files of a folder and keeps the paths that were asked for. */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { basename, join } from "node:path";

export interface Mirror {
  readonly url: string;
  readonly requests: string[];
  close(): Promise<void>;
}

/** How a mirror differs from a usual one. */
export interface MirrorOptions {
  /** Serves by https with this key and certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Sends the beginning of a file, and then nothing more. */
  readonly fallsSilent?: boolean;
  /** As a proxy it leads to this mirror, whatever it is asked for. */
  readonly leadsTo?: Mirror;
}

/** Starts a mirror of a folder, which may not exist yet: what is missing is answered with 404. */
export async function startMirror(folder: string, { tls, fallsSilent, leadsTo }: MirrorOptions = {}): Promise<Mirror> {
  const requests: string[] = [];
  const answer: RequestListener = (request, response) => {
    const name = basename(request.url ?? "");
    requests.push(name);
    const file = join(folder, name);
    if (!existsSync(file)) response.writeHead(404).end();
    else if (fallsSilent) response.write(readFileSync(file).subarray(0, 10));
    else response.end(readFileSync(file));
  };
  const server = tls ? createHttpsServer(tls, answer) : createServer(answer);
  await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
  const { port } = server.address() as AddressInfo;
  server.on("connect", (request, socket: Socket) => {
    requests.push(`CONNECT ${request.url}`);
    const target = connect(Number(new URL(leadsTo?.url ?? "").port), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
  });
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}/releases/sdk`,
    requests,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeAllConnections();
      }),
  };
}
