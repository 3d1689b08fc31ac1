/** The HTTP side: reads a request, lets the service do its work, writes the outcome. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, toError } from "./answer.js";
import { CONTROL_PREFIX } from "./control-client.js";
import type { Service } from "./service.js";
import type { Outcome } from "./types.js";

/** Requests with a larger body are cut off. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Answers a control request: the rest of its path and its body. */
export type ControlHandler = (name: string, body: string) => Promise<Answer>;

export class HttpServer {
  readonly #service: Service;
  readonly #control: ControlHandler;
  readonly #server: Server;

  constructor(service: Service, control: ControlHandler) {
    this.#service = service;
    this.#control = control;
    this.#server = createServer(
      { keepAliveTimeout: 60_000 },
      (message, response) => void this.#handle(message, response),
    );
  }

  /** Starts to listen on 127.0.0.1; resolves with the port. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url: target = "/", headers } = message;
    const { pathname: path, searchParams: query } = new URL(target, "http://127.0.0.1");
    try {
      if (path.startsWith(CONTROL_PREFIX)) {
        const { status, body } = await this.#control(path.slice(CONTROL_PREFIX.length), await readBody(message));
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
        return;
      }
      const head = { method, target, path, headers };
      const admitted = this.#service.admit(head);
      if (admitted.fault?.kind === "refuse") {
        this.#service.refuse(head, admitted);
        message.socket.destroy();
        return;
      }
      const remoteAddress = message.socket.remoteAddress ?? "";
      const request = { ...head, query, body: await readBody(message), remoteAddress };
      write(response, await this.#service.serve(request, admitted));
    } catch (error) {
      const detail = error instanceof Error ? error.message : "unknown";
      const { body } = toError({ status: 500, errorCode: "SIMULATOR_FAULT" }, detail);
      response.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify(body));
    }
  }
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += (chunk as Buffer).length;
    if (length > MAX_BODY_BYTES) throw new Error("the body is too large");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function write(response: ServerResponse, outcome: Outcome): void {
  if (outcome.kind === "closed") {
    response.destroy();
    return;
  }
  const { status, headers, body } = outcome;
  response.writeHead(status, headers);
  if (outcome.kind === "answer") response.end(body);
  else response.write(body.slice(0, body.length / 2), () => response.destroy());
}
