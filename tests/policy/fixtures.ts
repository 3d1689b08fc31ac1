/** Resources of a stack that no rule complains about, and what a rule says of one in which a test broke one thing. */
import {
  type PolicyPackConfig,
  type PolicyResource,
  type PolicyResourceOptions,
  type ResourceValidationArgs,
  unknownCheckingProxy,
} from "@pulumi/policy";
import type { EngineMessages, MarkedProperties, StackConfig } from "../../policy/src/engine-messages.js";
import type { ResourceRule, StackRule } from "../../policy/src/rule.js";

export const PLAIN = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret";
export const ROTATING = "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret";
export const ORG_PLAIN = "pulumi-nodejs:dynamic/atlas:ServiceAccountSecret";
export const ORG_ROTATING = "pulumi-nodejs:dynamic/atlas:RotatingServiceAccountSecret";
export const MANUAL = "mongodbatlas:index/projectServiceAccountSecret:ProjectServiceAccountSecret";
export const ORG_MANUAL = "mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret";

/** Ours, and those of `@pulumi/mongodbatlas`. */
export const OUR_TYPES = [PLAIN, ROTATING, ORG_PLAIN, ORG_ROTATING] as const;
export const MANUAL_TYPES = [MANUAL, ORG_MANUAL] as const;
export const ALL_TYPES = [...OUR_TYPES, ...MANUAL_TYPES] as const;

export const OWNER_ID = "0123456789abcdef01234567";
export const CLIENT_ID = "mdb_sa_id_0123456789abcdef01234567";
export const OTHER_CLIENT_ID = "mdb_sa_id_fedcba9876543210fedcba98";
export const SECRET_VALUE = "mdb_sa_sk_FAKE-policy-canary-00000000000000000001";

/** Stands for a number that a preview does not know. @see proxy.ts of pulumi/pulumi-policy */
export const UNKNOWN_NUMBER = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";
/** Stands for a text that a preview does not know. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Props = Readonly<Record<string, unknown>>;

/** The inputs of a secret as the provider's check has completed them. */
export function toInputs(type: string, changes: Props = {}): Record<string, unknown> {
  const isOrg = type.endsWith(":ServiceAccountSecret") || type.endsWith(":RotatingServiceAccountSecret");
  const ours = { rotateBeforeExpiryHours: 240, triggers: {}, verify: true, reclaimExpired: true, mayRemove: [] };
  return {
    [isOrg ? "orgId" : "projectId"]: OWNER_ID,
    clientId: CLIENT_ID,
    secretExpiresAfterHours: 720,
    ...(type.startsWith("pulumi-nodejs:") && ours),
    ...(type.includes("Rotating") && { overlapHours: 24, quietHours: 24 }),
    ...changes,
  };
}

/** A resource to judge. */
export interface Judged {
  readonly type: string;
  readonly props: Props;
  readonly name?: string;
  readonly opts?: Partial<PolicyResourceOptions>;
  /** Names of the resources it depends on. */
  readonly dependsOn?: readonly string[];
}

/** A violation that a rule reported. */
export interface Violation {
  readonly message: string;
  readonly name: string | undefined;
}

const OPTIONS: PolicyResourceOptions = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  additionalSecretOutputs: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
};

export function toUrn({ type, name = "main" }: Pick<Judged, "type" | "name">): string {
  return `urn:pulumi:test::project::${type}::${name}`;
}

/** Arguments of a rule about one resource, as the SDK makes them. */
export function toArgs(judged: Judged, config: PolicyPackConfig[string] = {}): ResourceValidationArgs {
  return {
    type: judged.type,
    props: unknownCheckingProxy(judged.props),
    urn: toUrn(judged),
    name: judged.name ?? "main",
    opts: { ...OPTIONS, ...judged.opts },
    stackTags: new Map(),
    isType: () => false,
    asType: () => undefined,
    getConfig: <T extends object>() => config as T,
    notApplicable: () => {
      throw new Error("a rule here says nothing instead");
    },
  };
}

/** The messages of a rule about one resource. */
export async function judge(
  rule: ResourceRule,
  judged: Judged,
  config?: PolicyPackConfig[string],
): Promise<readonly string[]> {
  const messages: string[] = [];
  const validations = [rule.validateResource].flat();
  for (const validate of validations) await validate(toArgs(judged, config), (message) => messages.push(message));
  return messages;
}

/** The violations of a rule about the stack. */
export async function judgeStack(rule: StackRule, judged: readonly Judged[]): Promise<readonly Violation[]> {
  const resources = new Map<string, PolicyResource>();
  for (const one of judged) {
    const { type, props, urn, name, opts } = toArgs(one);
    const resource = { type, props, urn, name, opts, dependencies: [], propertyDependencies: {} };
    resources.set(name, { ...resource, isType: () => false, asType: () => undefined });
  }
  for (const { name = "main", dependsOn = [] } of judged) {
    const found = dependsOn.flatMap((other) => resources.get(other) ?? []);
    resources.get(name)?.dependencies.push(...found);
  }
  const violations: Violation[] = [];
  const args = { resources: [...resources.values()], stackTags: new Map(), getConfig: <T>() => ({}) as T };
  await rule.validateStack({ ...args, notApplicable: toArgs({ type: "", props: {} }).notApplicable }, (message, urn) =>
    violations.push({ message, name: urn?.split("::").at(-1) }),
  );
  return violations;
}

/** A value as the engine marks a secret. */
export function marked(value: unknown): Props {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** What the engine told: marked inputs and outputs by the resource's name and type, and the configuration. */
export function createMessages(
  told: {
    readonly inputs?: readonly (Pick<Judged, "type" | "name"> & { readonly props: MarkedProperties })[];
    readonly outputs?: readonly (Pick<Judged, "type" | "name"> & { readonly props: MarkedProperties })[];
    readonly config?: StackConfig;
    readonly isSeeing?: boolean;
  } = {},
): EngineMessages {
  const toMap = (list: typeof told.inputs = []) => new Map(list.map((one) => [toUrn(one), one.props]));
  const [inputs, outputs] = [toMap(told.inputs), toMap(told.outputs)];
  return {
    isSeeing: () => told.isSeeing ?? true,
    inputsOf: (urn) => inputs.get(urn),
    outputsOf: (urn) => outputs.get(urn),
    stackConfig: () => told.config,
  };
}
