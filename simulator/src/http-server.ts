/** The HTTP side: reads a request, asks the API for an answer, writes it, with whatever fault was scripted in between. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AccountsApi } from "./accounts-api.js";
import { type Answer, toError } from "./answer.js";
import { Authentication, findMissingRole } from "./authentication.js";
import { toIsoTime } from "./clock.js";
import { findViolation } from "./contract-rules.js";
import { CONTROL_PREFIX } from "./control-client.js";
import { Faults } from "./faults.js";
import { createObjectId } from "./ids.js";
import type { Model } from "./model.js";
import { findClientId, Oauth } from "./oauth.js";
import { RateLimits } from "./rate-limits.js";
import { type ApiRequest, type Route, toRoute } from "./request.js";
import { RequestLog } from "./request-log.js";
import type { Fault } from "./types.js";

/** Requests with a larger body are cut off. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Answers a control request: the rest of its path and its body. */
export type ControlHandler = (name: string, body: string) => Promise<Answer>;

export class HttpServer {
  readonly faults = new Faults();
  readonly log = new RequestLog();
  readonly #model: Model;
  readonly #api: AccountsApi;
  readonly #oauth: Oauth;
  readonly #authentication: Authentication;
  readonly #rateLimits: RateLimits;
  readonly #control: ControlHandler;
  readonly #server: Server;

  constructor(model: Model, control: ControlHandler) {
    this.#model = model;
    this.#api = new AccountsApi(model);
    this.#oauth = new Oauth(model);
    this.#authentication = new Authentication(model);
    this.#rateLimits = new RateLimits(model);
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
    const target = message.url ?? "/";
    const { pathname, searchParams } = new URL(target, "http://127.0.0.1");
    try {
      if (pathname.startsWith(CONTROL_PREFIX)) {
        const answer = await this.#control(pathname.slice(CONTROL_PREFIX.length), await readBody(message));
        return write(response, answer);
      }
      const base = toRoute(message.method ?? "GET", pathname);
      const signedBy = base.operation === "mint" || base.operation === "revoke" ? findClientId(message) : undefined;
      const route = signedBy === undefined ? base : { ...base, clientId: signedBy };
      const fault = this.faults.take(message.method ?? "GET", target, route);
      const requestId = createObjectId();
      const note = (status: number | null) => this.#note({ message, pathname, route, fault, status, requestId });
      if (fault?.kind === "refuse") {
        note(null);
        message.socket.destroy();
        return;
      }
      const request: ApiRequest = {
        method: message.method ?? "GET",
        target,
        path: pathname,
        query: searchParams,
        headers: message.headers,
        body: await readBody(message),
        remoteAddress: message.socket.remoteAddress ?? "",
      };
      await this.#serve(request, route, fault, requestId, response, note);
    } catch (error) {
      write(
        response,
        toError({ status: 500, errorCode: "SIMULATOR_FAULT" }, error instanceof Error ? error.message : "unknown"),
      );
    }
  }

  async #serve(
    request: ApiRequest,
    route: Route,
    fault: Fault | undefined,
    requestId: string,
    response: ServerResponse,
    note: (status: number | null) => void,
  ): Promise<void> {
    if (fault?.kind === "delay") await new Promise((resolve) => setTimeout(resolve, fault.ms));
    const isDone =
      fault?.kind !== "cut-before" && fault?.kind !== "redirect" && !(fault?.kind === "status" && !fault.commit);
    const real = isDone ? await this.#answer(request, route) : undefined;
    if (fault?.kind === "cut-before" || fault?.kind === "cut-after") {
      note(null);
      response.destroy();
      return;
    }
    const answer = this.#withFault(real, fault);
    const headers = { date: new Date(this.#model.clock.now()).toUTCString(), "x-request-id": requestId };
    note(answer.status);
    if (fault?.kind === "cut-body") return writeHalf(response, answer, headers);
    write(response, toEnveloped(answer, request), headers, fault?.kind === "malformed");
  }

  async #answer(request: ApiRequest, route: Route): Promise<Answer> {
    if (route.operation === "mint") return this.#oauth.mint(request);
    if (route.operation === "revoke") return this.#oauth.revoke(request);
    const limited = this.#rateLimits.take(route, request.path);
    if (limited) return limited;
    const principal = this.#authentication.identify(request);
    if ("status" in principal) return principal;
    if (route.operation === "unknown") {
      this.log.addViolation(`${request.method} ${request.path}`);
      return toError({ status: 404, errorCode: "RESOURCE_NOT_FOUND" }, `Cannot find resource ${request.path}.`);
    }
    const violation = findViolation(request, route);
    if (violation) {
      this.log.addViolation(violation.why);
      return violation.answer;
    }
    const orgId = route.level === "project" ? this.#model.projects.get(route.ownerId ?? "")?.orgId : route.ownerId;
    return findMissingRole(principal, route, orgId) ?? this.#api.answer(request, route);
  }

  #withFault(real: Answer | undefined, fault: Fault | undefined): Answer {
    if (fault?.kind === "status") {
      return { status: fault.status, body: fault.body, ...(fault.headers && { headers: fault.headers }) };
    }
    if (fault?.kind === "redirect") return { status: fault.status ?? 302, headers: { location: fault.location } };
    const answer = real ?? toError({ status: 500, errorCode: "UNEXPECTED_ERROR" }, "Unexpected error.");
    if (fault?.kind !== "no-secret" || typeof answer.body !== "object" || answer.body === null) return answer;
    const { secret: _secret, ...body } = answer.body as Record<string, unknown>;
    return { ...answer, body };
  }

  #note(seen: {
    message: IncomingMessage;
    pathname: string;
    route: Route;
    fault: Fault | undefined;
    status: number | null;
    requestId: string;
  }): void {
    const { route, fault, status, requestId } = seen;
    this.log.add({
      method: seen.message.method ?? "GET",
      path: seen.pathname,
      operation: route.operation,
      ...(route.clientId !== undefined && { clientId: route.clientId }),
      ...(route.secretId !== undefined && { secretId: route.secretId }),
      status,
      ...(fault && { fault: fault.kind }),
      at: toIsoTime(this.#model.clock.now()),
      requestId,
    });
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

/** Wraps an answer as `envelope=true` asks for: the status moves into the body. */
function toEnveloped(answer: Answer, { query, path }: ApiRequest): Answer & { isPretty?: boolean } {
  if (!path.startsWith("/api/atlas/")) return answer;
  const isPretty = query.get("pretty") === "true";
  if (query.get("envelope") !== "true") return { ...answer, isPretty };
  return { ...answer, status: 200, body: { status: answer.status, content: answer.body ?? {} }, isPretty };
}

function toContentType(status: number): string {
  return status < 300 ? "application/vnd.atlas.2024-08-05+json;charset=utf-8" : "application/json";
}

function write(
  response: ServerResponse,
  { status, body, headers, isPretty }: Answer & { isPretty?: boolean },
  more: Readonly<Record<string, string>> = {},
  isMalformed = false,
): void {
  const text =
    body === undefined
      ? ""
      : typeof body === "string"
        ? body
        : JSON.stringify(body, undefined, isPretty ? 2 : undefined);
  const sent = isMalformed ? "<html>not what you asked for</html>" : text;
  const type = sent === "" ? {} : { "content-type": toContentType(status) };
  response.writeHead(status, { ...type, "content-length": Buffer.byteLength(sent), ...more, ...headers });
  response.end(sent);
}

function writeHalf(
  response: ServerResponse,
  { status, body }: Answer,
  headers: Readonly<Record<string, string>>,
): void {
  const text = JSON.stringify(body ?? {});
  response.writeHead(status, {
    "content-type": toContentType(status),
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.write(text.slice(0, text.length / 2), () => response.destroy());
}
