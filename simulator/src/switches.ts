/** The settings that the simulator starts with: the likeliest variant of each thing that is not documented. */
import type { Switches } from "./types.js";

export const DEFAULT_SWITCHES: Switches = {
  lastUsedAfterSeconds: 0,
  unusedLastUsedAt: "null",
  thirdSecret: { status: 400, errorCode: "SERVICE_ACCOUNT_SECRET_LIMIT_EXCEEDED" },
  hoursOutOfRange: { status: 400, errorCode: "VALIDATION_ERROR" },
  unknownSecret: { status: 404, errorCode: "RESOURCE_NOT_FOUND" },
  unknownAccount: { status: 404, errorCode: "RESOURCE_NOT_FOUND" },
  repeatedDelete: "not-found",
  valueWorksAfterSeconds: 0,
  readLagSeconds: 0,
  listHoldsSecrets: true,
  cutShowsAfterSeconds: 0,
  maskAtCreation: true,
  extraFields: false,
  retryAfter: "true",
  maxHours: 8760,
  mintLimitPerMinute: 10,
  rateLimits: true,
  postDurationMs: 0,
  digestAlgorithms: ["MD5"],
};
