/** Small servers on loopback that keep what reaches them; `closeServers` ends them. */
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import type { Certificate } from "../../helpers/certificates.js";

/** A server, and what it has seen so far. */
export interface Listener {
  readonly port: number;
  /** Connections that were accepted, with or without a handshake after it. */
  readonly connections: () => number;
  /** What clients sent: behind the handshake where there is one. */
  readonly received: () => string;
}

/** A server that speaks HTTP. */
export interface WebServer extends Listener {
  readonly url: string;
}

const open = new Set<{ server: Server; sockets: Set<Socket> }>();

/** Ends every server of the test file with its connections. */
export async function closeServers(): Promise<void> {
  for (const { server, sockets } of open) {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
  open.clear();
}

/** Listens, keeps every byte, and says only what `onSocket` does. */
export async function listenRaw(onSocket: (socket: Socket) => void = () => {}): Promise<Listener> {
  const chunks: Buffer[] = [];
  const server = createTcpServer((socket) => {
    socket.on("data", (chunk) => chunks.push(chunk)).on("error", () => {});
    onSocket(socket);
  });
  return { ...(await listen(server)), received: () => Buffer.concat(chunks).toString("latin1") };
}

/** Answers HTTP behind TLS, and keeps every byte that comes after the handshake. */
export async function listenTls(certificate: Certificate, onRequest: RequestListener): Promise<WebServer> {
  const chunks: Buffer[] = [];
  const http = createHttpServer(onRequest);
  const onSecure = (socket: TLSSocket) => {
    http.emit("connection", socket);
    // Not before: the HTTP server would take the bytes past a listener that is there already.
    socket.on("data", (chunk) => chunks.push(chunk)).on("error", () => {});
  };
  const server = createTlsServer(certificate, onSecure).on("tlsClientError", () => {});
  const listener = await listen(server);
  const received = () => Buffer.concat(chunks).toString("latin1");
  return { ...listener, received, url: `https://127.0.0.1:${listener.port}` };
}

/** Answers HTTP, and keeps every byte. */
export async function listenHttp(onRequest: RequestListener): Promise<WebServer> {
  const chunks: Buffer[] = [];
  const server = createHttpServer(onRequest).on("connection", (socket) => {
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  });
  const listener = await listen(server);
  const received = () => Buffer.concat(chunks).toString("latin1");
  return { ...listener, received, url: `http://127.0.0.1:${listener.port}` };
}

/** A proxy that does with each CONNECT as told, and keeps every byte. */
export async function listenAsProxy(onConnect: (client: Socket) => void) {
  const listener = await listenRaw((socket) => void socket.once("data", () => onConnect(socket)));
  const url = `http://127.0.0.1:${listener.port}`;
  return { ...listener, env: { HTTPS_PROXY: url, HTTP_PROXY: url, https_proxy: url, http_proxy: url } };
}

/** A proxy that is itself asked over TLS; it keeps every byte that comes after the handshake with it. */
export async function listenAsTlsProxy(certificate: Certificate, onConnect: (client: Socket) => void) {
  const chunks: Buffer[] = [];
  const onSecure = (socket: TLSSocket) => {
    socket.on("data", (chunk) => chunks.push(chunk)).on("error", () => {});
    socket.once("data", () => onConnect(socket));
  };
  const listener = await listen(createTlsServer(certificate, onSecure).on("tlsClientError", () => {}));
  return { ...listener, received: () => Buffer.concat(chunks).toString("latin1") };
}

/** What a proxy says once a tunnel stands. */
export const ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

/** Makes a tunnel from a client of a proxy to a port of this machine, whatever it asked for; returns the far end. */
export function openTunnel(client: Socket, port: number): Socket {
  const upstream = connect({ port, host: "127.0.0.1" }, () => {
    upstream.pipe(client).pipe(upstream);
    client.write(ESTABLISHED);
  });
  upstream.on("error", () => client.destroy());
  client.on("close", () => upstream.destroy());
  return upstream;
}

async function listen(server: Server): Promise<Omit<Listener, "received">> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  open.add({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}
