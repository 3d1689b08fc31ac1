/**
 * What the server does with a request, whatever brought it: scripted faults, authentication, the contract's rules, the calls.
 * It knows nothing of sockets: that a connection is closed without an answer is an outcome like others.
 */
import { AccountsApi } from "./accounts-api.js";
import { type Answer, toError, withHeaders } from "./answer.js";
import { Authentication, findMissingRole } from "./authentication.js";
import { toIsoTime } from "./clock.js";
import { findViolation } from "./contract-rules.js";
import { Faults } from "./faults.js";
import { Holds } from "./holds.js";
import { createObjectId } from "./ids.js";
import type { Model, Principal, Secret } from "./model.js";
import { findClientId, Oauth } from "./oauth.js";
import { RateLimits } from "./rate-limits.js";
import { type ApiRequest, isWrite, type Route, toRoute } from "./request.js";
import { RequestLog, toSafeRequest } from "./request-log.js";
import type { Change, Exchange, Fault, HoldStage, Outcome } from "./types.js";
import { toContentHeaders, toEnveloped, toText } from "./wire.js";

/** A request whose body was not read yet: where it goes, and which fault meets it. */
export interface Admitted {
  readonly route: Route;
  readonly fault: Fault | undefined;
  readonly requestId: string;
}

/** Options of `Service`. */
export interface ServiceOptions {
  /** Waits for a delay and for a POST that takes its time; default real milliseconds. */
  readonly sleep?: ((ms: number) => Promise<void>) | undefined;
  /** Is shown every exchange that was served. */
  readonly observe?: ((exchange: Exchange) => void) | undefined;
}

export class Service {
  readonly faults = new Faults();
  readonly holds = new Holds();
  readonly log = new RequestLog();
  readonly #model: Model;
  readonly #api: AccountsApi;
  readonly #oauth: Oauth;
  readonly #authentication: Authentication;
  readonly #rateLimits: RateLimits;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #observe: ServiceOptions["observe"];

  constructor(model: Model, { sleep = sleepReally, observe }: ServiceOptions = {}) {
    this.#model = model;
    this.#api = new AccountsApi(model, sleep);
    this.#oauth = new Oauth(model);
    this.#authentication = new Authentication(model);
    this.#rateLimits = new RateLimits(model);
    this.#sleep = sleep;
    this.#observe = observe;
  }

  /** Finds the fault that meets a request; it is used up by one. */
  admit({ method, target, path, headers }: Omit<ApiRequest, "body" | "query" | "remoteAddress">): Admitted {
    const base = toRoute(method, path);
    const signedBy = base.operation === "mint" || base.operation === "revoke" ? findClientId({ headers }) : undefined;
    const route = signedBy === undefined ? base : { ...base, clientId: signedBy };
    return { route, fault: this.faults.take(method, target, route), requestId: createObjectId() };
  }

  /** Notes a request that is closed without being read. */
  refuse(request: Pick<ApiRequest, "method" | "path">, admitted: Admitted): void {
    this.#note(request, admitted, null);
  }

  /** Does what the request asks for, with whatever fault was scripted. */
  async serve(request: ApiRequest, admitted: Admitted): Promise<Outcome> {
    const changes: Change[] = [];
    const outcome = await this.#toOutcome(request, admitted, changes);
    this.#note(request, admitted, outcome.kind === "closed" ? null : outcome.status);
    const { method, target, headers, body } = request;
    const { fault } = admitted;
    this.#observe?.({ method, target, headers, body, outcome, changes, ...(fault && { fault: fault.kind }) });
    return outcome;
  }

  async #toOutcome(request: ApiRequest, admitted: Admitted, changes: Change[]): Promise<Outcome> {
    const { route, fault, requestId } = admitted;
    if (fault?.kind === "delay") await this.#sleep(fault.ms);
    if (fault?.kind === "hold" && fault.stage === "before") await this.#hold(request, admitted, fault.stage);
    const isDone =
      fault?.kind !== "cut-before" && fault?.kind !== "redirect" && !(fault?.kind === "status" && !fault.commit);
    const doomed = route.operation === "deleteSecret" ? this.#findSecret(route) : undefined;
    const real = isDone ? await this.#answer(request, route) : undefined;
    const { clientId = "" } = route;
    if (doomed && real?.status === 204) {
      const expiresAt = toIsoTime(this.#model.expiryOf(doomed));
      changes.push({ kind: "deleted", clientId, secretId: doomed.id, expiresAt });
    }
    if (route.operation === "createSecret" && real?.status === 201) {
      const { id, expiresAt } = real.body as { id: string; expiresAt: string };
      changes.push({ kind: "created", clientId, secretId: id, expiresAt });
    }
    if (fault?.kind === "hold" && fault.stage === "after") await this.#hold(request, admitted, fault.stage);
    if (fault?.kind === "cut-before" || fault?.kind === "cut-after") return { kind: "closed", isUnread: false };
    const date = new Date(this.#model.clock.now() + this.#model.switches.dateAheadSeconds * 1000).toUTCString();
    const answer = toEnveloped(this.#withFault(real, fault), request);
    const body = fault?.kind === "malformed" ? "<html>not what you asked for</html>" : toText(answer);
    const headers = {
      ...toContentHeaders(answer.status, body, route),
      date,
      "x-request-id": requestId,
      ...answer.headers,
    };
    return { kind: fault?.kind === "cut-body" ? "half" : "answer", status: answer.status, headers, body };
  }

  async #hold({ method, path }: ApiRequest, { route, requestId }: Admitted, stage: HoldStage): Promise<void> {
    const { operation, clientId } = route;
    const held = { method, path, operation, ...(clientId !== undefined && { clientId }), stage, requestId };
    await this.holds.keep(toSafeRequest(held), route);
  }

  async #answer(request: ApiRequest, route: Route): Promise<Answer> {
    if (route.operation === "mint") return this.#oauth.mint(request);
    if (route.operation === "revoke") return this.#oauth.revoke(request);
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
    const stopped = this.#findOutage(route) ?? this.#api.findMissingOwner(route);
    if (stopped) return stopped;
    const { headers, refusal } = this.#rateLimits.take(route, request.path);
    const answer = refusal ?? this.#findMissingRole(principal, route) ?? (await this.#api.answer(request, route));
    return withHeaders(answer, headers);
  }

  #findMissingRole(principal: Principal, route: Route): Answer | undefined {
    const { level, ownerId = "" } = route;
    const orgId = (level === "project" ? this.#model.projects.get(ownerId)?.orgId : ownerId) ?? "";
    return findMissingRole(principal, { route, orgId, account: this.#api.findAccount(route) }, this.#model.switches);
  }

  /** What stands in the way of everybody. @see https://www.mongodb.com/docs/atlas/reference/api-errors/ */
  #findOutage({ operation }: Route): Answer | undefined {
    if (this.#model.isOn("accountSuspended")) {
      const detail = "Group has an unpaid invoice that is more than 30 days old.";
      return toError({ status: 402, errorCode: "ACCOUNT_SUSPENDED" }, detail);
    }
    if (!isWrite(operation) || !this.#model.isOn("appUpgrade")) return undefined;
    const detail = "Create, update, and delete API endpoints are disabled while the system is being upgraded.";
    return toError({ status: 405, errorCode: "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES" }, detail);
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

  #findSecret({ clientId = "", secretId }: Route): Secret | undefined {
    return this.#model.accounts.get(clientId)?.secrets.find(({ id }) => id === secretId);
  }

  #note(
    { method, path }: Pick<ApiRequest, "method" | "path">,
    { route, fault, requestId }: Admitted,
    status: number | null,
  ): void {
    this.log.add({
      method,
      path,
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

function sleepReally(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
