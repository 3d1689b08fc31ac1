/**
 * What can happen in a sequence: runs of two stacks with faults, kills and changes of somebody else in the middle, and what
 * happens between them. Plain data, so that a sequence can be written down, shrunk and repeated.
 */
import type { Fault, Operation, Switches } from "pulumi-atlas-secrets-simulator";
import type { Kill } from "./model-stack.js";

/** Accounts of the world, by what they are for. */
export const ACCOUNTS = ["shared", "first", "second", "provider"] as const;
export type AccountName = (typeof ACCOUNTS)[number];

/** What a stack signs in with. `own-account`: a secret of the account `provider`, which the first stack may rotate. */
export type SignIn = "administrator" | "own-account" | "api-key" | "token";

/** One declared secret. */
export interface Declared {
  readonly account: AccountName;
  /** Whether by a project that the account `shared` alone belongs to as well. */
  readonly isElsewhere: boolean;
  readonly hours: number;
  /** The default, 0 hours, or one hour less than the lifetime. */
  readonly window: "default" | "none" | "longest";
  readonly trigger: number;
  readonly verify: boolean;
  readonly reclaimExpired: boolean;
  readonly exclusive: boolean;
  /** Whether it is a rotating resource, with this overlap; only for one that is alone on its account. */
  readonly isRotating: boolean;
  readonly overlapHours: number;
  readonly quietHours: number;
}

/** The world at the start. */
export interface Setup {
  readonly switches: Partial<Switches>;
  readonly signIns: readonly [SignIn, SignIn];
  /** Accounts that start with a secret of somebody else. */
  readonly initialSecrets: readonly AccountName[];
  /** What the first stack declares: `main`, and `twin` when there are two. */
  readonly first: readonly Declared[];
  readonly second: readonly Declared[];
}

/** What somebody else does on an account. `pick` chooses among the secrets that it holds. */
export type Foreign =
  | { readonly what: "create"; readonly account: AccountName; readonly hours: number; readonly isUsed: boolean }
  | { readonly what: "use"; readonly account: AccountName; readonly pick: number }
  | { readonly what: "delete"; readonly account: AccountName; readonly pick: number }
  | { readonly what: "set-expiry"; readonly account: AccountName; readonly pick: number; readonly inMs: number }
  | { readonly what: "unassign" | "reassign"; readonly account: AccountName };

/** A change of what a stack declares, before a run. */
export type Change =
  | { readonly what: "hours"; readonly hours: number }
  | { readonly what: "window"; readonly window: Declared["window"] }
  | { readonly what: "account"; readonly account: AccountName }
  | { readonly what: "trigger" | "verify" | "reclaimExpired" | "exclusive" | "quiet" | "isRotating" }
  | { readonly what: "overlap"; readonly hours: number }
  /** Names a secret that the account holds, or none. */
  | { readonly what: "mayRemove"; readonly pick: number | undefined }
  /** Declares one more or one less. */
  | { readonly what: "twin" }
  /** Names the account by the other project. */
  | { readonly what: "project" }
  /** Gives a resource another name, so that the engine creates and deletes. */
  | { readonly what: "rename" }
  /** Marks a resource, so that the engine replaces it without asking for a diff. */
  | { readonly what: "taint" };

/** A fault that meets one kind of request, or any. */
export interface PlannedFault {
  readonly fault: Fault;
  readonly operation: Operation | undefined;
  readonly skip: number;
  readonly times: number | "always";
}

/** What somebody else does before the n-th request of a run (from 1). */
export interface Meddling {
  readonly atRequest: number;
  readonly foreign: Foreign;
}

export type Command =
  | "up"
  | "refresh"
  | "up --refresh"
  | "up --replace"
  | "up --replace --refresh"
  | "up --target"
  | "destroy";

/** One run of one stack. */
export interface RunStep {
  readonly kind: "run";
  readonly stack: 0 | 1;
  readonly command: Command;
  readonly change: Change | undefined;
  /** Which of the declared resources the change, or the run with `--target`, is about. */
  readonly target: number;
  /** Names of resources, also of such that the program does not declare any more, in place of `target`. */
  readonly targetNames?: readonly string[];
  readonly faults: readonly PlannedFault[];
  readonly kill: Kill | undefined;
  readonly meddling: Meddling | undefined;
  readonly isParallel: boolean;
  /** Whether what depends on the secrets fails to be updated. */
  readonly failsDependents: boolean;
}

/** An `up` that nothing disturbs. */
export const UNDISTURBED_UP: Omit<RunStep, "stack"> = {
  kind: "run",
  command: "up",
  change: undefined,
  target: 0,
  faults: [],
  kill: undefined,
  meddling: undefined,
  isParallel: false,
  failsDependents: false,
};

export type Step =
  | { readonly kind: "rest" }
  | RunStep
  /** Both stacks at the same time. */
  | { readonly kind: "both"; readonly first: RunStep; readonly second: RunStep; readonly delays: readonly number[] }
  | { readonly kind: "foreign"; readonly foreign: Foreign }
  | { readonly kind: "wait"; readonly ms: number }
  /** The clock of the machine that runs the provider is so far ahead of Atlas's. */
  | { readonly kind: "skew"; readonly ms: number }
  /** A person reads the last failure of a stack and does what it says. */
  | { readonly kind: "follow"; readonly stack: 0 | 1 }
  /** The consumers use what they hold. */
  | { readonly kind: "use" }
  /** The credential of a stack becomes what the account `provider` holds by the state, or a fresh one made by hand. */
  | { readonly kind: "sign-in"; readonly stack: 0 | 1; readonly to: "recorded" | "fresh" };

/** A world with what happens in it. */
export interface Sequence {
  readonly setup: Setup;
  readonly steps: readonly Step[];
}
