/** What can happen to a request and its answer: the columns of the fault matrix. */
import type { Operation } from "pulumi-atlas-secrets-simulator";
import type { WayFault } from "./way.js";

/** A column. */
export interface NamedFault {
  readonly name: string;
  /** Head of the column. */
  readonly short: string;
  readonly toFault: (operation: Operation) => WayFault;
}

const BUSY = {
  error: 500,
  errorCode: "UNEXPECTED_ERROR",
  reason: "Internal Server Error",
  detail: "Unexpected error.",
};
const UNAVAILABLE = { ...BUSY, error: 503, reason: "Service Unavailable" };
const UPGRADE = {
  error: 405,
  errorCode: "WRITES_NOT_ALLOWED_DURING_APP_UPGRADES",
  reason: "Method Not Allowed",
  detail: "Creates, updates and deletes are not allowed while Atlas is upgraded.",
};
const SUSPENDED = {
  error: 402,
  errorCode: "ACCOUNT_SUSPENDED",
  reason: "Payment Required",
  detail: "The organization is suspended.",
};
const UNAUTHORIZED = { error: 401, reason: "Unauthorized", detail: "You are not authorized for this resource." };
const INVALID_CLIENT = { error: "invalid_client", error_description: "Client authentication failed." };
const LIMITED = {
  error: 429,
  errorCode: "RATE_LIMITED_TOKEN_BUCKET",
  reason: "Too Many Requests",
  detail: "The rate limit of this resource is reached.",
  parameters: [],
};

const always =
  (fault: WayFault): NamedFault["toFault"] =>
  () =>
    fault;

/** The columns of the matrix. */
export const FAULTS: readonly NamedFault[] = [
  { name: "refused", short: "refused", toFault: always({ wire: "closed-port" }) },
  { name: "closed unread", short: "unread", toFault: always({ server: { kind: "refuse" } }) },
  { name: "sent, then reset, not done", short: "reset-", toFault: always({ server: { kind: "cut-before" } }) },
  { name: "sent, then reset, done", short: "reset+", toFault: always({ server: { kind: "cut-after" } }) },
  { name: "timed out, not done", short: "time-", toFault: always({ wire: "time-out-before" }) },
  { name: "timed out, done", short: "time+", toFault: always({ wire: "time-out-after" }) },
  { name: "cut in the body", short: "cut", toFault: always({ server: { kind: "cut-body" } }) },
  { name: "answered with a malformed body", short: "malform", toFault: always({ server: { kind: "malformed" } }) },
  { name: "answered without `secret`", short: "no-secr", toFault: always({ server: { kind: "no-secret" } }) },
  {
    name: "answered 500, not done",
    short: "500-",
    toFault: always({ server: { kind: "status", status: 500, body: BUSY } }),
  },
  {
    name: "answered 500, done",
    short: "500+",
    toFault: always({ server: { kind: "status", status: 500, body: BUSY, commit: true } }),
  },
  {
    name: "answered 503 with Retry-After, done",
    short: "503+",
    toFault: always({
      server: { kind: "status", status: 503, body: UNAVAILABLE, headers: { "retry-after": "45" }, commit: true },
    }),
  },
  {
    name: "answered 405, during an upgrade",
    short: "405",
    toFault: always({ server: { kind: "status", status: 405, body: UPGRADE } }),
  },
  {
    name: "answered 402, suspended",
    short: "402",
    toFault: always({ server: { kind: "status", status: 402, body: SUSPENDED } }),
  },
  {
    name: "answered 429",
    short: "429",
    toFault: always({ server: { kind: "status", status: 429, body: LIMITED, headers: { "retry-after": "7" } } }),
  },
  {
    name: "answered 401",
    short: "401",
    toFault: (operation) => ({
      server: { kind: "status", status: 401, body: operation === "mint" ? INVALID_CLIENT : UNAUTHORIZED },
    }),
  },
];
