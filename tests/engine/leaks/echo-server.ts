/** An Atlas on a port of its own that can be told to repeat confidential values in its errors; else it is the simulated one. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { createTransport } from "../../../provider/src/atlas/transport.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import { createEcho, type EchoRule } from "../../provider/fixtures/echo.js";

/** A running one. */
export interface EchoServer {
  readonly url: string;
  /** From now on, requests of one kind are answered so; `undefined`: none. */
  arm(rule: EchoRule | undefined): void;
  close(): Promise<void>;
}

/** Stands between a stack and the server at `url`. */
export async function startEchoServer(url: string, adminClientId: string): Promise<EchoServer> {
  const echo = createEcho(createTransport({ env: {} }), adminClientId);
  const server = createServer(async (request, response) => {
    const { authorization, accept = "*/*", "content-type": type } = request.headers;
    const body = await readBody(request);
    const outcome = await echo.transport({
      method: request.method as "GET" | "POST" | "DELETE",
      url: `${url}${request.url}`,
      headers: { Accept: accept, ...(type !== undefined && { "Content-Type": type }) },
      ...(body !== "" && { body }),
      authorization: authorization === undefined ? undefined : new Sensitive(authorization),
    });
    if (outcome.kind === "no-answer") return void response.destroy();
    const { "transfer-encoding": _chunked, connection: _kept, ...headers } = outcome.headers;
    response.writeHead(outcome.status, headers).end(outcome.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arm: echo.arm,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
