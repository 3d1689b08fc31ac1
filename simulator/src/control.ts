/** The control interface in the server's process: seeding, time, faults, switches, and what can be seen. */
import { HOUR_MS, toIsoTime } from "./clock.js";
import { assertArguments, CONTROL_METHODS } from "./control-rules.js";
import { createObjectId, DEMO_ORG_ID, DEMO_PROJECT_ID } from "./ids.js";
import { MAX_SECRETS, type Model, type Principal, TOKEN_SECONDS } from "./model.js";
import type { Service } from "./service.js";
import type { Control, Inventory, NewAccount, SeededAccount, SeedPlan } from "./types.js";

/** Lifetime of secrets for which none is given, in hours. */
const DEFAULT_HOURS = 720;

/** Makes the control of a service, which refuses what it does not know. */
export function createControl(url: string, model: Model, service: Service): Control {
  const control = createUncheckedControl(url, model, service);
  const checked = CONTROL_METHODS.map((method) => [
    method,
    async (...args: unknown[]) => {
      assertArguments(method, args);
      return (control[method] as (...values: unknown[]) => Promise<unknown>)(...args);
    },
  ]);
  return { ...control, ...Object.fromEntries(checked) };
}

function createUncheckedControl(url: string, model: Model, { faults, holds, log }: Service): Control {
  const toPrincipal = (ownerId = DEMO_PROJECT_ID, roles: readonly string[] = ["GROUP_OWNER"]): Principal => ({
    isAdmin: false,
    roles: new Map([[ownerId, roles]]),
  });
  return {
    url,
    now: async () => new Date(model.clock.now()).toISOString(),
    advance: async (ms) => model.clock.advance(ms),
    setTime: async (iso) => model.clock.set(iso),
    addFault: async (fault) => faults.add(fault),
    clearFaults: async () => faults.clear(),
    held: async () => holds.list(),
    releaseHeld: async (match) => holds.release(match),
    setSwitches: async (switches) => model.setSwitches(switches),
    addAccount: async (account) => addAccount(model, account),
    seed: async (plan) => seed(model, plan),
    addApiKey: async (key = {}) => {
      const { publicKey = `fake${createObjectId().slice(0, 4)}`, privateKey = `FAKE-${createObjectId()}` } = key;
      model.apiKeys.set(publicKey, { publicKey, privateKey, principal: toPrincipal(key.ownerId, key.roles) });
      return { publicKey, privateKey };
    },
    issueAccessToken: async ({ ownerId, roles, lifetimeSeconds = TOKEN_SECONDS } = {}) => {
      const expiresAtMs = model.clock.now() + lifetimeSeconds * 1000;
      return model.addToken({ expiresAtMs, principal: toPrincipal(ownerId, roles) }).value;
    },
    createForeignSecret: async ({ clientId }, { hours = DEFAULT_HOURS, lastUsedAt, value, id } = {}) => {
      const account = model.findAccount(clientId);
      if (account.secrets.length >= MAX_SECRETS) throw new Error(`account ${clientId} holds ${MAX_SECRETS} secrets`);
      const secret = model.addSecret(account, hours, value, id);
      if (lastUsedAt !== undefined) secret.lastUsed = { atMs: Date.parse(lastUsedAt), showsFromMs: 0 };
      return { id: secret.id };
    },
    deleteSecret: async (secretId) => {
      model.deleteSecret(model.findSecret(secretId).account, secretId);
    },
    setExpiry: async (secretId, iso) => {
      model.findSecret(secretId).secret.expiresAtMs = Date.parse(iso);
    },
    setLastUsed: async (secretId, iso) => {
      const { secret } = model.findSecret(secretId);
      if (iso === null) delete secret.lastUsed;
      else secret.lastUsed = { atMs: Date.parse(iso), showsFromMs: 0 };
    },
    unassign: async (clientId, projectId) => {
      const isDone = model.findAccount(clientId).projects.delete(projectId);
      if (!isDone) throw new Error(`account ${clientId} is not in a project ${projectId}`);
    },
    reassign: async (clientId, projectId, roles = ["GROUP_READ_ONLY"]) => {
      if (!model.projects.has(projectId)) throw new Error(`no project ${projectId}`);
      model.findAccount(clientId).projects.set(projectId, roles);
    },
    deleteAccount: async (clientId) => model.deleteAccount(clientId),
    deleteProject: async (projectId) => model.deleteProject(projectId),
    requests: async () => log.records(),
    resetLog: async () => log.reset(),
    counters: async () => log.counters(),
    inventory: async () => toInventory(model),
  };
}

function addAccount(model: Model, account: NewAccount = {}): SeededAccount {
  const { level = "project", initialSecret } = account;
  const ownerId = account.ownerId ?? (level === "project" ? DEMO_PROJECT_ID : DEMO_ORG_ID);
  const isProject = level === "project";
  const isOther = isProject ? model.organizationIds.has(ownerId) : model.projects.has(ownerId);
  if (isOther) throw new Error(`${ownerId} is not the id of a${isProject ? " project" : "n organization"}`);
  if (isProject && !model.projects.has(ownerId)) model.addProject(ownerId, DEMO_ORG_ID);
  const orgId = isProject ? (model.projects.get(ownerId)?.orgId ?? DEMO_ORG_ID) : ownerId;
  const added = model.addAccount({
    orgId,
    ...(account.clientId !== undefined && { clientId: account.clientId }),
    ...(account.name !== undefined && { name: account.name }),
    ...(account.isSystemManaged !== undefined && { isSystemManaged: account.isSystemManaged }),
    isOfOrg: !isProject,
    ...(isProject
      ? { projects: new Map([[ownerId, account.roles ?? ["GROUP_READ_ONLY"]]]) }
      : { orgRoles: account.roles ?? ["ORG_READ_ONLY"] }),
  });
  const seeded = { level, ownerId, orgId, clientId: added.clientId };
  if (!initialSecret) return seeded;
  const { id, value } = model.addSecret(added, initialSecret === true ? DEFAULT_HOURS : initialSecret.hours);
  return { ...seeded, secret: { id, value } };
}

function seed(model: Model, { projects, accountsPerProject, initialSecrets = false }: SeedPlan): SeededAccount[] {
  return Array.from({ length: projects }, () => createObjectId()).flatMap((ownerId) =>
    Array.from({ length: accountsPerProject }, () => addAccount(model, { ownerId, initialSecret: initialSecrets })),
  );
}

function toInventory(model: Model): Inventory {
  const now = model.clock.now();
  return {
    accounts: [...model.accounts.values()].map((account) => ({
      clientId: account.clientId,
      orgId: account.orgId,
      projectIds: [...account.projects.keys()],
      secrets: account.secrets.map((secret) => ({
        id: secret.id,
        createdAt: toIsoTime(secret.createdAtMs),
        expiresAt: toIsoTime(model.expiryOf(secret)),
        ...(secret.lastUsed && { lastUsedAt: toIsoTime(secret.lastUsed.atMs) }),
        isExpired: model.expiryOf(secret) <= now,
      })),
    })),
    liveTokens: [...model.tokens.values()].filter(({ expiresAtMs }) => expiresAtMs > now).length,
  };
}

/** Lifetime of the administrator's secret, so long that moving the clock does not end it. */
export const ADMIN_SECRET_MS = 100 * 365 * 24 * HOUR_MS;
