/** What was gathered, as plain data, none of it judged. Nothing here can hold a value. */
import type { AddressedAccount, HeldSecret } from "pulumi-atlas-secrets/rotation";
import type { Owner, RecordedResource, UnreadSource } from "../audit/inventory.js";
import type { PlannedAccount, PlannedSecrets } from "../sources/preview.js";
import type { Seen } from "./watch.js";

/** The kinds of credential that there are. */
export type CredentialKind = "access-token" | "service-account" | "api-key";

/** The settings, without the values of what is confidential. */
export type SettingsFacts =
  /** Without a problem: the stack's configuration was not read. */
  | { readonly isUsable: false; readonly problems: readonly string[] }
  | {
      readonly isUsable: true;
      readonly kind: CredentialKind;
      /** Names of the settings that the credential is made of. */
      readonly credentialFrom: readonly string[];
      readonly baseUrl: string;
      /** Name of the setting, or `the default`. */
      readonly baseUrlFrom: string;
      /** Names of confidential settings that are in plaintext in the stack's configuration. */
      readonly inPlaintext: readonly string[];
      /** The stack whose configuration was read; absent when none was. */
      readonly stack?: string;
    };

/** How a request failed. */
export interface Failure {
  /** Code of the client's error: `authentication`, `rejected`, `rate-limit`, `connection`; absent for another. */
  readonly code?: string;
  readonly status?: number;
  readonly errorCode?: string;
  /** The request that it ended with. */
  readonly call?: Seen["call"];
  readonly message: string;
}

/** One project or organization that was listed, or was to be. */
export interface OwnerFacts extends Owner {
  /** Roles of the credential's own account, where the list shows it. */
  readonly ownRoles?: readonly string[];
  readonly failure?: Failure;
}

/** One account that is managed, or is to be. */
export interface AccountFacts extends AddressedAccount {
  /** The resources of the given states that record it. */
  readonly resources: readonly RecordedResource[];
  /** What the account holds; `null` when its owner's list lacks it; absent when it could not be read. */
  readonly held?: readonly HeldSecret[] | null;
  readonly serverTimeMs?: number;
}

/** What Atlas was asked, and what became of it. */
export interface AtlasFacts {
  readonly seen: readonly Seen[];
  /** Of the mint alone, when nothing else was asked. */
  readonly mintFailure?: Failure;
  readonly owners: readonly OwnerFacts[];
  readonly accounts: readonly AccountFacts[];
}

/** Versions of programs on the machine; absent where there is none. */
export interface ToolFacts {
  readonly pulumi?: string;
  readonly node?: string;
}

/** What there is in the program's folder. */
export interface ProgramFacts {
  readonly folder: string;
  /** Whether it holds a project. */
  readonly hasProject: boolean;
  /** The program's language host, as the project file names it. */
  readonly runtime?: string;
  /** Versions of the packages that resolve from it. */
  readonly packages: Readonly<Record<string, string | undefined>>;
  /** Whether what the engine asks for resolves: the entry with the handlers. */
  readonly hasHandlers: boolean;
}

/** What a preview of the program says. */
export type PreviewFacts =
  | { readonly isDone: false; readonly stack: string; readonly problem: string }
  | ({ readonly isDone: true; readonly stack: string } & PlannedSecrets);

/** Everything. */
export interface Facts {
  readonly settings: SettingsFacts;
  /** Why the stack that was named could not be read, one sentence each. */
  readonly stackProblems: readonly string[];
  /** What could not be read of the given states. */
  readonly unreadSources: readonly UnreadSource[];
  /** Accounts of explicit providers, which sign in with a credential that this command was not given. */
  readonly unasked: readonly PlannedAccount[];
  /** Absent when none was made. */
  readonly preview?: PreviewFacts;
  /** Absent when the settings cannot be used. */
  readonly atlas?: AtlasFacts;
  readonly tools: ToolFacts;
  readonly program: ProgramFacts;
}
