import { readFileSync } from "node:fs";

/** One service account of the fleet. */
export interface Account {
  /** Its name, unique among those with the same consumers. */
  readonly name: string;
  /** Who gets its secret. One set serves each group of consumers. */
  readonly consumers: string;
  readonly projectId: string;
  readonly clientId: string;
}

/** Accounts by the group of their consumers, then by name. */
export type Groups = Readonly<Record<string, Readonly<Record<string, Pick<Account, "projectId" | "clientId">>>>>;

/**
 * The accounts of slice `shard` of `shards`, from 0. Which slice an account is in depends on its client id alone, so that none
 * moves when others come or go.
 * @throws Error when there is no such slice, or an account or a name is in the inventory twice
 */
export function toGroups(inventory: readonly Account[], shard: number, shards: number): Groups {
  if (!(Number.isInteger(shard) && shard >= 0 && shard < shards))
    throw new Error(`There is no shard ${shard}: they are numbered from 0 to ${shards - 1}.`);
  const seen = new Set<string>();
  const groups: Record<string, Record<string, Pick<Account, "projectId" | "clientId">>> = {};
  for (const { name, consumers, projectId, clientId } of inventory) {
    for (const key of [clientId.toLowerCase(), `${consumers}/${name}`]) {
      if (seen.has(key)) throw new Error(`${key} is in the inventory twice.`);
      seen.add(key);
    }
    if (toShard(clientId, shards) !== shard) continue;
    groups[consumers] ??= {};
    groups[consumers][name] = { projectId, clientId };
  }
  return groups;
}

/** Reads the file; what is in it is checked by the resources. */
export function readInventory(file: string): readonly Account[] {
  return JSON.parse(readFileSync(file, "utf8")) as readonly Account[];
}

function toShard(clientId: string, shards: number): number {
  return Number.parseInt(clientId.slice(-8), 16) % shards;
}
