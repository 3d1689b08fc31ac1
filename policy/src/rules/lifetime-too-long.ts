/** A leaked secret works until it expires. */
import {
  findSecretType,
  MAX_LIFETIME_HOURS,
  MIN_LIFETIME_HOURS,
  toDefaultWindowHours,
  toEffectiveWindowHours,
} from "pulumi-atlas-secrets/rotation";
import { judgeEach } from "../accounts.js";
import { readNumber } from "../properties.js";
import type { ResourceRule } from "../rule.js";
import { shortenOverlap } from "./overlap.js";

interface Config {
  readonly maxHours: number;
}

const DEFAULTS: Config = { maxHours: 720 };

export const lifetimeTooLong: ResourceRule = {
  name: "lifetime-too-long",
  description: "The lifetime of a secret does not exceed the maximum.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps: "Set secretExpiresAfterHours to the maximum or less. The next 'pulumi up' replaces the secret.",
  configSchema: {
    properties: {
      maxHours: {
        type: "integer",
        minimum: MIN_LIFETIME_HOURS,
        maximum: MAX_LIFETIME_HOURS,
        default: DEFAULTS.maxHours,
        description: "Longest lifetime in hours.",
      },
    },
  },
  validateResource: ({ type, props, getConfig }, report) => {
    const { maxHours } = { ...DEFAULTS, ...getConfig<Partial<Config>>() };
    const messages = judgeEach(findSecretType(type), props, (own) => {
      const hours = readNumber(own, "secretExpiresAfterHours");
      if (typeof hours !== "number" || hours <= maxHours) return [];
      return [`secretExpiresAfterHours is ${hours}, the maximum is ${maxHours}.`];
    });
    for (const message of messages) report(message);
  },
  remediateResource: ({ type, props, getConfig }) => {
    const { maxHours } = { ...DEFAULTS, ...getConfig<Partial<Config>>() };
    const hours = readNumber(props, "secretExpiresAfterHours");
    // A secret of @pulumi/mongodbatlas is replaced without an overlap: that is its owner's decision.
    if (!findSecretType(type)?.rotatesByTime || typeof hours !== "number" || hours <= maxHours) return undefined;
    props.secretExpiresAfterHours = maxHours;
    // The provider has checked the inputs already, so what depends on the lifetime must stay valid here.
    const window = readNumber(props, "rotateBeforeExpiryHours");
    if (typeof window === "number") {
      const isDefault = window === toDefaultWindowHours(hours);
      props.rotateBeforeExpiryHours = isDefault
        ? toDefaultWindowHours(maxHours)
        : toEffectiveWindowHours(window, maxHours, hours);
    }
    shortenOverlap(props);
    return props;
  },
};
