/** One thing that the audit found. */
import type { AccountRef } from "pulumi-atlas-secrets/rotation";
import type { FindingCode, Severity } from "./codes.js";

/** One statement about an account, one of its secrets, or a stack. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** One sentence that stands alone: what is wrong, with ids and times. */
  readonly message: string;
  /** What to do. */
  readonly advice: string;
  /** Absent for a finding about a stack. */
  readonly account?: AccountRef;
  readonly secretId?: string;
  /** Names of the sources that it was concluded from, sorted. */
  readonly sources: readonly string[];
  /** The urns or outputs that record what it is about, sorted. */
  readonly locations: readonly string[];
}

/** A finding as a rule gives it: the rest follows from its code. */
export type FoundFault = Omit<Finding, "severity" | "advice" | "sources" | "locations"> & {
  /** In place of the usual one. */
  readonly advice?: string | undefined;
  readonly sources: readonly string[];
  readonly locations?: readonly string[];
};
