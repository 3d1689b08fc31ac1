/**
 * One HTTP request in, one outcome out; the only module that knows axios. It never throws and never hands on what axios
 * knows: no request, header, body or configuration can get into a message from here.
 */
import http from "node:http";
import https from "node:https";
import { TLSSocket } from "node:tls";
import type { AxiosInstance, AxiosResponse } from "axios";
import { mayCarryCredentials } from "../loopback.js";
import { findProxy } from "../proxy.js";
import { Sensitive } from "../sensitive.js";

/** How long one request may take in all, from the look-up of the host to the last byte. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** How long its connection may take: look-up, a proxy's tunnel, TCP and TLS together. */
export const CONNECT_TIMEOUT_MS = 10_000;

/** `NoAnswer.cause` of a request that was not sent because its connection did not come about in time. */
const CONNECT_TIMEOUT = "connect-timeout";

/** `NoAnswer.cause` of a request that is not sent, because anybody on its way could read it. */
export const UNSAFE_URL = "unsafe-url";

/** `NoAnswer.cause` of a request that is not sent, because the proxy that it must take cannot be used. */
export const UNUSABLE_PROXY = "unusable-proxy";

/** `NoAnswer.cause` of a request that is not sent, because a certificate on its way was not accepted. */
export const CERTIFICATE_CAUSE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/;

/** A larger answer is cut off and counts as no answer: 500 accounts with two secrets each take under 1 MiB. */
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;

/** A request. `url` is absolute; `authorization` goes on the wire and nowhere else. */
export interface TransportRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly authorization?: Sensitive | undefined;
  /** Milliseconds that it may take, where that is not as for all others. */
  readonly timeoutMs?: number;
}

/** What a server answered. Header names are in lower case. */
export interface Answer {
  readonly kind: "answer";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The server's time by its `Date` header, milliseconds since the epoch. */
  readonly serverTimeMs?: number;
}

/** That there is no usable answer. */
export interface NoAnswer {
  readonly kind: "no-answer";
  /**
   * What happened, as Node names it (`ECONNREFUSED`, `ECONNRESET`, ...), or `timeout`, `connect-timeout`, `unsafe-url`,
   * `unusable-proxy`, `proxy-answered-407`.
   */
  readonly cause: string;
  /** Whether the request may have reached the server: never without a connection, TLS included. */
  readonly mayHaveBeenApplied: boolean;
}

/** Sends one request; resolves in every case. */
export type Transport = (request: TransportRequest) => Promise<Answer | NoAnswer>;

/** Options of `createTransport`. */
export interface TransportOptions {
  /** Milliseconds for one whole request; default 30,000. */
  readonly timeoutMs?: number;
  /** Milliseconds for its connection, out of those; default 10,000. */
  readonly connectTimeoutMs?: number;
  /** What `findProxy` reads; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How far one request came. */
interface Progress {
  /** Whether its connection stands, so that it can have been sent. */
  isConnected: boolean;
  isConnectTimedOut: boolean;
}

/**
 * Makes a transport with its own kept-alive connections. Redirects are not followed, certificates always verified, and proxies
 * taken as `findProxy` says.
 */
export function createTransport(options: TransportOptions = {}): Transport {
  const { timeoutMs = REQUEST_TIMEOUT_MS, connectTimeoutMs = CONNECT_TIMEOUT_MS, env = process.env } = options;
  const httpAgent = new http.Agent({ keepAlive: true });
  const httpsAgents = new Map<string | undefined, https.Agent>();
  let instance: AxiosInstance | undefined;
  return async (request) => {
    if (!mayCarryCredentials(request.url)) return { kind: "no-answer", cause: UNSAFE_URL, mayHaveBeenApplied: false };
    const { proxy, problem } = findProxy(new URL(request.url), env);
    if (problem !== undefined) return { kind: "no-answer", cause: UNUSABLE_PROXY, mayHaveBeenApplied: false };
    const httpsAgent = httpsAgents.get(proxy) ?? createHttpsAgent(proxy);
    httpsAgents.set(proxy, httpsAgent);
    instance ??= createAxios();
    const progress: Progress = { isConnected: false, isConnectTimedOut: false };
    try {
      const response = await instance.request({
        method: request.method,
        url: request.url,
        headers: { ...request.headers },
        ...(request.body !== undefined && { data: request.body }),
        httpAgent,
        httpsAgent,
        // With `false` axios would strip the proxy from the agent too.
        ...(proxy === undefined && { proxy: false }),
        transport: toWatchedTransport(request, progress, connectTimeoutMs),
        signal: AbortSignal.any([
          AbortSignal.timeout(request.timeoutMs ?? timeoutMs),
          toConnectSignal(progress, connectTimeoutMs),
        ]),
      });
      return toAnswer(response);
    } catch (error) {
      return toNoAnswer(error, progress);
    }
  };
}

/** Given the proxy alone and not the environment: an agent prints all that it was given when `NODE_DEBUG` asks for it. */
function createHttpsAgent(proxy: string | undefined): https.Agent {
  const proxyEnv = proxy === undefined ? {} : { proxyEnv: { https_proxy: proxy } };
  return new https.Agent({ keepAlive: true, rejectUnauthorized: true, ...proxyEnv });
}

/** Loads axios on the first request, so that a run that sends none never pays for it. */
function createAxios(): AxiosInstance {
  const axios = require("axios") as typeof import("axios");
  return axios.create({
    adapter: "http",
    maxContentLength: MAX_ANSWER_BYTES,
    responseType: "text",
    transformRequest: (data: unknown) => data,
    transformResponse: (data: unknown) => data,
    validateStatus: () => true,
  });
}

/**
 * What axios sends with, in place of its own choice: Node's modules, which follow no redirect. It notes when the connection
 * stands, and puts the authorization on the request itself: axios attaches what it was given to its errors, and Node prints
 * a request's options when `NODE_DEBUG` asks for it.
 */
function toWatchedTransport({ authorization }: TransportRequest, progress: Progress, connectTimeoutMs: number) {
  return {
    request(options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void): http.ClientRequest {
      // Ends a tunnel that does not come about; axios resets it for the time after that.
      options.timeout = connectTimeoutMs;
      const request = (options.protocol === "https:" ? https : http).request(options, onResponse);
      if (authorization) request.setHeader("Authorization", Sensitive.reveal(authorization));
      // Behind a proxy the socket comes when the tunnel and the TLS in it stand.
      request.once("socket", (socket) => {
        const note = () => {
          progress.isConnected = true;
        };
        if (socket instanceof TLSSocket ? socket.authorized : !socket.connecting) note();
        else socket.once(socket instanceof TLSSocket ? "secureConnect" : "connect", note);
      });
      return request;
    },
  };
}

/** Aborts when the time for the connection is over and there is none. */
function toConnectSignal(progress: Progress, connectTimeoutMs: number): AbortSignal {
  const controller = new AbortController();
  AbortSignal.timeout(connectTimeoutMs).addEventListener("abort", () => {
    if (progress.isConnected) return;
    progress.isConnectTimedOut = true;
    controller.abort();
  });
  return controller.signal;
}

function toAnswer(response: AxiosResponse<unknown>): Answer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (typeof value === "string") headers[name.toLowerCase()] = value;
    else if (Array.isArray(value)) headers[name.toLowerCase()] = value.join(", ");
  }
  const serverTimeMs = Date.parse(headers.date ?? "");
  const body = typeof response.data === "string" ? response.data : "";
  const answer: Answer = { kind: "answer", status: response.status, headers, body };
  return Number.isNaN(serverTimeMs) ? answer : { ...answer, serverTimeMs };
}

function toNoAnswer(error: unknown, { isConnected, isConnectTimedOut }: Progress): NoAnswer {
  return {
    kind: "no-answer",
    cause: isConnectTimedOut ? CONNECT_TIMEOUT : toCause(error as Error & { code?: unknown }),
    mayHaveBeenApplied: isConnected,
  };
}

function toCause({ code, cause }: Error & { code?: unknown }): string {
  if (code === "ERR_CANCELED") return "timeout";
  if (code === "ERR_PROXY_TUNNEL")
    return `proxy-answered-${(cause as { statusCode?: number })?.statusCode || "nothing"}`;
  return typeof code === "string" && /^[A-Z0-9_]+$/.test(code) ? code : "unknown";
}
