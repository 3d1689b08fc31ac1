/**
 * The service account calls, at both levels.
 *
 * @see https://www.mongodb.com/docs/api/doc/atlas-admin-api-v2/group/endpoint-service-accounts
 */
import { type Answer, toError } from "./answer.js";
import { toIsoTime } from "./clock.js";
import { toMask } from "./ids.js";
import { type Account, MAX_SECRETS, type Model, type Secret } from "./model.js";
import type { ApiRequest, Route } from "./request.js";
import type { Refusal } from "./types.js";

/** Shortest lifetime. @see https://www.mongodb.com/docs/atlas/api/service-accounts-overview/ */
const MIN_HOURS = 8;

export class AccountsApi {
  readonly #model: Model;
  readonly #sleep: (ms: number) => Promise<void>;

  constructor(model: Model, sleep: (ms: number) => Promise<void>) {
    this.#model = model;
    this.#sleep = sleep;
  }

  /** The error for a project or an organization that there is not: each path knows only its own kind. */
  findMissingOwner({ ownerId = "", level }: Route): Answer | undefined {
    if (level === "organization") {
      return this.#model.organizationIds.has(ownerId) ? undefined : this.#toMissing("organization", ownerId);
    }
    return this.#model.projects.has(ownerId) ? undefined : toNoProject(this.#model.switches.unknownProject, ownerId);
  }

  /** Answers a request that is as described and allowed. */
  async answer(request: ApiRequest, route: Route): Promise<Answer> {
    const { ownerId = "" } = route;
    if (route.operation === "listAccounts") return this.#list(request, route);
    const account = this.findAccount(route);
    if (!account) {
      const { clientId = "" } = route;
      return toError(this.#model.switches.unknownAccount, `No service account ${clientId} was found.`);
    }
    switch (route.operation) {
      case "getAccount":
        return { status: 200, body: this.#toAccount(account, ownerId) };
      case "createSecret":
        return this.#create(account, request);
      case "deleteSecret":
        return this.#delete(account, route.secretId ?? "");
      default:
        return this.#toMissing("path", request.path);
    }
  }

  async #create(account: Account, { body }: ApiRequest): Promise<Answer> {
    const { secretExpiresAfterHours: hours } = JSON.parse(body) as { secretExpiresAfterHours: number };
    const { switches } = this.#model;
    const { hoursOutOfRange, maxHours, hoursBeyondMax } = switches;
    if (hours < MIN_HOURS || (hours > maxHours && hoursBeyondMax === "refused")) {
      return toError(hoursOutOfRange, `secretExpiresAfterHours must be from ${MIN_HOURS} to ${maxHours}.`);
    }
    if (account.isBusy) {
      return toError({ status: 409, errorCode: "DATA_CONCURRENCY_ERROR" }, "Another operation changed the same data.");
    }
    if (account.secrets.length >= MAX_SECRETS) {
      return toError(switches.thirdSecret, `Service account ${account.clientId} has ${MAX_SECRETS} secrets already.`);
    }
    if (switches.postDurationMs > 0) {
      account.isBusy = true;
      await this.#sleep(switches.postDurationMs);
      account.isBusy = false;
    }
    const secret = this.#model.addSecret(account, Math.min(hours, maxHours));
    const shown: Record<string, unknown> = { ...this.#toSecret(secret), secret: secret.value };
    if (!switches.maskAtCreation) delete shown.maskedSecretValue;
    return { status: 201, body: shown };
  }

  #delete(account: Account, secretId: string): Answer {
    if (this.#model.deleteSecret(account, secretId)) return { status: 204 };
    const { repeatedDelete, unknownSecret } = this.#model.switches;
    if (repeatedDelete === "no-content" && this.#model.deletedSecretIds.has(secretId)) return { status: 204 };
    return toError(unknownSecret, `No secret ${secretId} was found.`);
  }

  #list({ query, path }: ApiRequest, { ownerId = "" }: Route): Answer {
    const pageSize = Number(query.get("itemsPerPage") ?? 100);
    const pageNum = Number(query.get("pageNum") ?? 1);
    const isSystemShown = query.get("includeSystemManaged") === "true";
    const all = [...this.#model.accounts.values()].filter(
      (account) => isIn(account, ownerId) && (isSystemShown || !account.isSystemManaged),
    );
    const page = all.slice((pageNum - 1) * pageSize, pageNum * pageSize);
    const links = [
      { href: `https://cloud.mongodb.com${path}?itemsPerPage=${pageSize}&pageNum=${pageNum}`, rel: "self" },
    ];
    if (pageNum * pageSize < all.length) {
      links.push({
        href: `https://cloud.mongodb.com${path}?itemsPerPage=${pageSize}&pageNum=${pageNum + 1}`,
        rel: "next",
      });
    }
    const results = page.map((account) => {
      const { secrets, ...shown } = this.#toAccount(account, ownerId);
      return this.#model.switches.listHoldsSecrets ? { ...shown, secrets } : shown;
    });
    // "The total number is an estimate and may not be exact."
    const { totalCountOffBy: offBy } = this.#model.switches;
    const count = offBy === null ? {} : { totalCount: Math.max(0, all.length + offBy) };
    return { status: 200, body: { links, results, ...count } };
  }

  /** The account that a request names, where it shows under what the request names. */
  findAccount({ clientId = "", ownerId = "" }: Route): Account | undefined {
    const account = this.#model.accounts.get(clientId);
    return account && isIn(account, ownerId) ? account : undefined;
  }

  #toAccount(account: Account, ownerId: string) {
    const { readLagSeconds, extraFields } = this.#model.switches;
    const visibleUntilMs = this.#model.clock.now() - readLagSeconds * 1000;
    const visible = account.secrets.filter(({ createdAtMs }) => readLagSeconds === 0 || createdAtMs <= visibleUntilMs);
    return {
      clientId: account.clientId,
      name: account.name,
      description: "Seeded by the simulator",
      createdAt: toIsoTime(account.createdAtMs),
      roles: [...(account.projects.get(ownerId) ?? account.orgRoles)],
      secrets: visible.map((secret) => this.#toSecret(secret)),
      ...(extraFields && EXTRA),
    };
  }

  #toSecret(secret: Secret) {
    const { unusedLastUsedAt, extraFields, maskShowsEnd } = this.#model.switches;
    const { lastUsed } = secret;
    const isUseShown = lastUsed !== undefined && lastUsed.showsFromMs <= this.#model.clock.now();
    return {
      id: secret.id,
      createdAt: toIsoTime(secret.createdAtMs),
      expiresAt: toIsoTime(this.#model.shownExpiryOf(secret)),
      ...(isUseShown
        ? { lastUsedAt: toIsoTime(lastUsed.atMs) }
        : unusedLastUsedAt === "null"
          ? { lastUsedAt: null }
          : {}),
      maskedSecretValue: toMask(maskShowsEnd ? secret.value : ""),
      ...(extraFields && EXTRA),
    };
  }

  #toMissing(what: string, id: string): Answer {
    return toError({ status: 404, errorCode: "RESOURCE_NOT_FOUND" }, `Cannot find resource ${what} ${id}.`, [
      `${what} ${id}`,
    ]);
  }
}

/** @see https://github.com/mongodb/mongodb-atlas-cli, test/e2e, TestSetupFailureFlow, Invalid_Project_ID */
function toNoProject(refusal: Refusal, projectId: string): Answer {
  if (refusal.errorCode === "GROUP_NOT_FOUND")
    return toError(refusal, `No group with ID ${projectId} exists.`, [projectId]);
  return toError(refusal, "The current user is not in the group, or the group does not exist.");
}

/** What an answer of a later version may hold. */
const EXTRA = { someLaterField: { nested: [1, null, "text"] } };

/** Whether an account shows under a project (assigned to it) or under its organization. */
function isIn({ orgId, projects }: Account, ownerId: string): boolean {
  return orgId === ownerId || projects.has(ownerId);
}
