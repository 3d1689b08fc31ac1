/** A short window leaves a failing rotation no time to be noticed; without one the secret expires in its consumers' hands. */
import {
  findSecretType,
  MAX_LIFETIME_HOURS,
  toDefaultWindowHours,
  toShortestWindowHours,
  Unknown,
} from "pulumi-atlas-secrets/rotation";
import { judgeEach } from "../accounts.js";
import { type Properties, readNumber } from "../properties.js";
import type { ResourceRule } from "../rule.js";
import { shortenOverlap } from "./overlap.js";

interface Config {
  readonly minWindowHours: number;
}

const DEFAULTS: Config = { minWindowHours: 48 };

export const rotationWindowTooShort: ResourceRule = {
  name: "rotation-window-too-short",
  description: "A secret of a service account is rotated early enough before it expires.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Leave rotateBeforeExpiryHours out (a third of the lifetime), or set it to the minimum or more, and run 'pulumi up' at least once in every window.",
  configSchema: {
    properties: {
      minWindowHours: {
        type: "integer",
        minimum: 1,
        maximum: MAX_LIFETIME_HOURS,
        default: DEFAULTS.minWindowHours,
        description: "Shortest window in hours; for short lifetimes a third of the lifetime is enough.",
      },
    },
  },
  validateResource: ({ type, props, getConfig }, report) => {
    const messages = judgeEach(findSecretType(type), props, (own) => {
      const fault = findFault(type, own, getConfig<Partial<Config>>());
      if (!fault) return [];
      const found = fault.hours > 0 ? `is ${fault.hours}` : "is 0, so that it is rotated only once it has expired";
      return [`rotateBeforeExpiryHours ${found}; it must be at least ${fault.shortest} for this lifetime.`];
    });
    for (const message of messages) report(message);
  },
  remediateResource: ({ type, props, getConfig }) => {
    const fault = findFault(type, props, getConfig<Partial<Config>>());
    if (!fault) return undefined;
    props.rotateBeforeExpiryHours = fault.shortest;
    shortenOverlap(props);
    return props;
  },
};

/** The window and the shortest that is accepted; `undefined` when the window is long enough, or cannot be known. */
function findFault(typeToken: string, props: Properties, config: Partial<Config>) {
  const { minWindowHours } = { ...DEFAULTS, ...config };
  if (!findSecretType(typeToken)?.rotatesByTime) return undefined;
  const lifetime = readNumber(props, "secretExpiresAfterHours");
  const window = readNumber(props, "rotateBeforeExpiryHours");
  if (typeof lifetime !== "number" || window === Unknown) return undefined;
  const shortest = toShortestWindowHours(lifetime, minWindowHours);
  const hours = window ?? toDefaultWindowHours(lifetime);
  return hours < shortest ? { hours, shortest } : undefined;
}
