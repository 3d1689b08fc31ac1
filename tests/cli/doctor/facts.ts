/** Facts that nothing is wrong with, for tests that break one thing. */
import type { HeldSecret } from "pulumi-atlas-secrets/rotation";
import type { RecordedResource } from "../../../cli/src/audit/inventory.js";
import type { AccountFacts, AtlasFacts, Facts, SettingsFacts } from "../../../cli/src/doctor/facts.js";
import type { Seen } from "../../../cli/src/doctor/watch.js";
import { CURRENT, INPUTS } from "../audit/fixtures.js";

export const NOW_MS = Date.parse("2026-06-15T12:00:00Z");
export const HOUR_MS = 3_600_000;
export const BASE_URL = "https://cloud.mongodb.com";
export const PROJECT_ID = "0123456789abcdef01234567";
export const CLIENT_ID = "mdb_sa_id_0123456789abcdef01234567";
export const FIRST_ID = "a".repeat(24);
export const SECOND_ID = "b".repeat(24);

export const PROJECT = { level: "project", ownerId: PROJECT_ID } as const;
export const ACCOUNT = { ...PROJECT, clientId: CLIENT_ID } as const;

/** A secret that lives for 20 more days. */
export function held(id: string, changes: Partial<HeldSecret> = {}): HeldSecret {
  return { id, createdAtMs: NOW_MS - 240 * HOUR_MS, expiresAtMs: NOW_MS + 480 * HOUR_MS, ...changes };
}

/** An answer as described. */
export function seen(call: Seen["call"], changes: Partial<Seen> = {}): Seen {
  const nothing = { limitHeaders: [], secrets: [], deviations: [], unknownFields: [] };
  return { call, status: 200, isAtlas: true, machineAheadMs: 400, ...nothing, ...changes };
}

export const USABLE: Extract<SettingsFacts, { isUsable: true }> = {
  isUsable: true,
  kind: "service-account",
  credentialFrom: ["MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET"],
  baseUrl: BASE_URL,
  baseUrlFrom: "the default",
  inPlaintext: [],
};

/** Resources of a state that record these secrets. */
export function recording(...ids: readonly string[]): RecordedResource[] {
  return ids.map((secretId) => {
    const inputs = { ...INPUTS, projectId: PROJECT_ID, clientId: CLIENT_ID };
    const record = { ...inputs, ...CURRENT, secretId, status: "active" } as const;
    const reading = { kind: "plain", account: ACCOUNT, record, desired: inputs, problems: [] } as const;
    return { source: "state.json", location: secretId, isPendingDeletion: false, reading };
  });
}

export const FREE: AccountFacts = {
  ...ACCOUNT,
  resources: recording(FIRST_ID),
  held: [held(FIRST_ID)],
  serverTimeMs: NOW_MS,
};

export const ATLAS: AtlasFacts = {
  seen: [seen("mint"), seen("listAccounts")],
  owners: [{ ...PROJECT, ownRoles: ["GROUP_OWNER"] }],
  accounts: [FREE],
};

export const FACTS: Facts = {
  settings: USABLE,
  stackProblems: [],
  unreadSources: [],
  unasked: [],
  atlas: ATLAS,
  tools: { pulumi: "3.259.0", node: "24.21.0" },
  program: {
    folder: "/infra",
    hasProject: true,
    packages: { "pulumi-atlas-secrets": "0.1.0", "@pulumi/pulumi": "3.259.0" },
    hasHandlers: true,
  },
};
