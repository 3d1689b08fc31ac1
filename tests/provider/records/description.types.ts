/**
 * Compiled and never run: the build fails when a class, its arguments, the audit record or the types of the decisions have
 * other properties, or other types, than the description.
 */
import type * as pulumi from "@pulumi/pulumi";
import type {
  AuditRecord,
  OrganizationSetAccount,
  ProjectServiceAccountSecret,
  ProjectServiceAccountSecretArgs,
  ProjectServiceAccountSecretSet,
  ProjectServiceAccountSecretSetArgs,
  ProjectSetAccount,
  RotatingProjectServiceAccountSecret,
  RotatingProjectServiceAccountSecretArgs,
  RotatingServiceAccountSecret,
  RotatingServiceAccountSecretArgs,
  ServiceAccountSecret,
  ServiceAccountSecretArgs,
  ServiceAccountSecretSetArgs,
} from "../../../provider/src/index.js";
import type { INPUTS, InputName, OUTPUTS, OutputName } from "../../../provider/src/records/description.js";
import type { RotationInputValues } from "../../../provider/src/records/inputs.js";
import type { RotationStatus, SecretStatus } from "../../../provider/src/rotation/secret.js";

type Inputs = typeof INPUTS;
type Outputs = typeof OUTPUTS;
type Described = Inputs & Outputs;

/** Properties of a class: those that have no `only`, and those that have one of these. */
type Has<D, Only> = { [N in keyof D]: D[N] extends { only: infer O } ? (O extends Only ? N : never) : N }[keyof D];
/** Inputs that are outputs too. */
type Echoed = { [N in InputName]: Inputs[N] extends { isInputOnly: true } ? never : N }[InputName];
type Internal = { [N in OutputName]: Outputs[N] extends { isInternal: true } ? N : never }[OutputName];
type Optional = { [N in OutputName]: Outputs[N] extends { isOptional: true } ? N : never }[OutputName];
type Required = { [N in InputName]: Inputs[N] extends { default: unknown } ? never : N }[InputName];
type Audited = { [N in keyof Described]: Described[N] extends { isAudited: true } ? N : never }[keyof Described];

/** The types of values, by their names in the description. */
interface Values {
  readonly string: string;
  readonly time: string;
  readonly integer: number;
  readonly number: number;
  readonly boolean: boolean;
  readonly map: Record<string, unknown>;
  readonly "list of ids": string[];
  readonly "map of accounts": Record<string, never>;
}
type Value<N extends keyof Described, Status> = Described[N]["type"] extends keyof Values
  ? Values[Described[N]["type"]]
  : Status;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
type Flat<T> = { [K in keyof T]: T[K] };

type OutputsOf<Only, Status> = Flat<{
  readonly [N in Exclude<Has<Described, Only>, Internal | Exclude<InputName, Echoed>>]: pulumi.Output<
    N extends Optional ? Value<N, Status> | undefined : Value<N, Status>
  >;
}>;
type Declared<Class> = Flat<Omit<Class, keyof pulumi.CustomResource>>;

true satisfies Same<Declared<ProjectServiceAccountSecret>, OutputsOf<"project", SecretStatus>>;
true satisfies Same<Declared<ServiceAccountSecret>, OutputsOf<"organization", SecretStatus>>;
true satisfies Same<Declared<RotatingProjectServiceAccountSecret>, OutputsOf<"project" | "rotating", RotationStatus>>;
true satisfies Same<Declared<RotatingServiceAccountSecret>, OutputsOf<"organization" | "rotating", RotationStatus>>;

type ArgsOf<Only> = { readonly [N in Has<Inputs, Only> & Required]: true } & {
  readonly [N in Exclude<Has<Inputs, Only>, Required>]?: true;
};
/** Which arguments there are, and which of them can be left out. */
type Names<Args> = Flat<{ readonly [N in keyof Args]: true }>;

true satisfies Same<Names<ProjectServiceAccountSecretArgs>, Flat<ArgsOf<"project">>>;
true satisfies Same<Names<ServiceAccountSecretArgs>, Flat<ArgsOf<"organization">>>;
true satisfies Same<Names<RotatingProjectServiceAccountSecretArgs>, Flat<ArgsOf<"project" | "rotating">>>;
true satisfies Same<Names<RotatingServiceAccountSecretArgs>, Flat<ArgsOf<"organization" | "rotating">>>;

/** What a set has in place of what says whose secret it is. */
type SetNames = Exclude<ArgsOf<"rotating" | "set"> extends infer A ? keyof A : never, "clientId">;
true satisfies Same<keyof ProjectServiceAccountSecretSetArgs, SetNames>;
true satisfies Same<keyof ServiceAccountSecretSetArgs, SetNames>;
true satisfies Same<keyof ProjectSetAccount, keyof RotatingProjectServiceAccountSecretArgs>;
true satisfies Same<keyof OrganizationSetAccount, keyof RotatingServiceAccountSecretArgs>;
true satisfies Same<
  keyof Flat<Omit<ProjectServiceAccountSecretSet, keyof pulumi.CustomResource>>,
  Exclude<Extract<Echoed, Has<Inputs, "rotating">>, "clientId"> | Exclude<OfSet, Internal>
>;
type OfSet = { [N in OutputName]: Outputs[N] extends { only: "set" } ? N : never }[OutputName];

/** Each argument takes a value of its type. */
type Taken = { readonly [N in InputName]: Value<N, never> };
({}) as Taken satisfies RotatingProjectServiceAccountSecretArgs &
  RotatingServiceAccountSecretArgs &
  ProjectServiceAccountSecretSetArgs;

true satisfies Same<keyof AuditRecord, "name" | Audited>;
true satisfies Same<keyof RotationInputValues, Exclude<InputName, "accounts" | "concurrency">>;
