import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ProjectServiceAccountSecretSet } from "pulumi-atlas-secrets";
import { readInventory, toGroups } from "./shards";

const config = new pulumi.Config();
const inventory = resolve(pulumi.runtime.getRootDirectory(), config.require("inventory"));
const groups = toGroups(readInventory(inventory), config.requireNumber("shard"), config.requireNumber("shards"));
const secretExpiresAfterHours = config.requireNumber("secretExpiresAfterHours");

const sets = Object.entries(groups).map(([consumers, accounts]) => ({
  consumers,
  set: new ProjectServiceAccountSecretSet(consumers, { accounts, secretExpiresAfterHours }),
}));

/** The current values by consumers and name, encrypted in the stack: `pulumi stack output --show-secrets secrets`. */
export const secrets = Object.fromEntries(sets.map(({ consumers, set }) => [consumers, set.secrets]));

/** How many accounts have which status, by consumers. `atlas-secrets audit --all-stacks` tells the rest. */
export const statusCounts = Object.fromEntries(sets.map(({ consumers, set }) => [consumers, set.statusCounts]));
