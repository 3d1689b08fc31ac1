/**
 * One HTTP request in, one outcome out; the only module that knows axios. It never throws and never hands on what axios
 * knows: no request, header, body or configuration can get into a message from here.
 */
import http from "node:http";
import https from "node:https";
import type { AxiosInstance, AxiosResponse } from "axios";
import { isLoopback } from "../loopback.js";
import { Sensitive } from "../sensitive.js";

/** How long one request may take in all, from the look-up of the host to the last byte. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** A larger answer is cut off and counts as no answer: 500 accounts with two secrets each take under 1 MiB. */
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;

/** A request. `url` is absolute; `authorization` goes on the wire and nowhere else. */
export interface TransportRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly authorization?: Sensitive | undefined;
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
  /** What happened, as Node names it (`ECONNREFUSED`, `ECONNRESET`, ...), or `timeout`. */
  readonly cause: string;
  /** Whether the request may have reached the server. */
  readonly mayHaveBeenApplied: boolean;
}

/** Sends one request; resolves in every case. */
export type Transport = (request: TransportRequest) => Promise<Answer | NoAnswer>;

/** Options of `createTransport`. */
export interface TransportOptions {
  /** Milliseconds for one whole request; default 30,000. */
  readonly timeoutMs?: number;
  /** The usual proxy variables are read from here; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Failures that come before the first byte of a request is sent. */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "ERR_PROXY_TUNNEL",
]);

/**
 * Makes a transport with its own kept-alive connections. Redirects are not followed and certificates always verified.
 * Proxies: `HTTPS_PROXY` and `NO_PROXY` as Node itself reads them; requests to loopback use none.
 *
 * @see https://nodejs.org/api/http.html#built-in-proxy-support
 */
export function createTransport(options: TransportOptions = {}): Transport {
  const { timeoutMs = REQUEST_TIMEOUT_MS, env = process.env } = options;
  const httpAgent = new http.Agent({ keepAlive: true });
  const localAgent = new https.Agent({ keepAlive: true, rejectUnauthorized: true });
  const httpsAgent = new https.Agent({ keepAlive: true, rejectUnauthorized: true, proxyEnv: { ...env } });
  let instance: AxiosInstance | undefined;
  return async (request) => {
    instance ??= createAxios();
    const isLocal = isLoopback(new URL(request.url).hostname);
    try {
      const response = await instance.request({
        method: request.method,
        url: request.url,
        headers: toHeaders(request),
        ...(request.body !== undefined && { data: request.body }),
        httpAgent,
        httpsAgent: isLocal ? localAgent : httpsAgent,
        // With `false` axios would strip the proxy from the agent too.
        ...(isLocal && { proxy: false }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      return toAnswer(response);
    } catch (error) {
      return toNoAnswer(error);
    }
  };
}

/** Loads axios on the first request, so that a run that sends none never pays for it. */
function createAxios(): AxiosInstance {
  const axios = require("axios") as typeof import("axios");
  return axios.create({
    adapter: "http",
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
    responseType: "text",
    transformRequest: (data: unknown) => data,
    transformResponse: (data: unknown) => data,
    validateStatus: () => true,
  });
}

function toHeaders(request: TransportRequest): Record<string, string> {
  const headers: Record<string, string> = { ...request.headers };
  if (request.authorization) headers.Authorization = Sensitive.reveal(request.authorization);
  return headers;
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

function toNoAnswer(error: unknown): NoAnswer {
  const { code } = error as { code?: unknown };
  const cause =
    code === "ERR_CANCELED" ? "timeout" : typeof code === "string" && /^[A-Z0-9_]+$/.test(code) ? code : "unknown";
  return { kind: "no-answer", cause, mayHaveBeenApplied: !NEVER_SENT.has(cause) };
}
