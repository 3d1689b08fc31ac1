/** Keeps a stack to the projects, organizations and accounts that it is for. Judges nothing until a list is configured. */
import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { findSecretType, type SecretType } from "pulumi-atlas-secrets/rotation";
import { judgeEach } from "../accounts.js";
import { type Properties, readText } from "../properties.js";
import type { ResourceRule } from "../rule.js";
import { describeAccount } from "../wording.js";

interface Config {
  readonly allowedProjects?: readonly string[];
  readonly allowedOrgs?: readonly string[];
  readonly allowedClientIds?: readonly string[];
}

const list = (description: string): PolicyConfigJSONSchema => ({
  type: "array",
  items: { type: "string" },
  description,
});

export const accountNotAllowed: ResourceRule = {
  name: "account-not-allowed",
  description: "Secrets are made only for the projects, organizations and service accounts that are allowed.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Use an allowed account, or add this one to the rule's lists.",
  configSchema: {
    properties: {
      allowedProjects: list("Ids of projects. With this list or allowedOrgs, accounts of no listed owner are refused."),
      allowedOrgs: list("Ids of organizations, for secrets of organization service accounts."),
      allowedClientIds: list("Client ids of service accounts. Without it every account of an allowed owner will do."),
    },
  },
  validateResource: ({ type, props, getConfig }, report) => {
    const secretType = findSecretType(type);
    if (!secretType) return;
    const config = getConfig<Config>();
    const messages = judgeEach(secretType, props, (own) => {
      const lists = secretType.owner === "projectId" ? "allowedProjects" : "allowedOrgs";
      const clientId = readText(own, "clientId");
      const isRefused =
        config.allowedClientIds && typeof clientId === "string" && !config.allowedClientIds.includes(clientId);
      return [
        ...(isOwnerRefused(secretType, own, config) ? [`${secretType.owner} is not in ${lists}.`] : []),
        ...(isRefused ? [`${describeAccount(clientId)} is not in allowedClientIds.`] : []),
      ];
    });
    for (const message of messages) report(message);
  },
};

/** An account of the level that has no list is in no allowed owner as soon as the other level has one. */
function isOwnerRefused({ owner }: SecretType, props: Properties, config: Config): boolean {
  if (!config.allowedProjects && !config.allowedOrgs) return false;
  const allowed = (owner === "projectId" ? config.allowedProjects : config.allowedOrgs) ?? [];
  const id = readText(props, owner);
  return typeof id === "string" && !allowed.includes(id);
}
