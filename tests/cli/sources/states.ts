/** States and outputs as the Pulumi CLI writes them, with values in every place where one can be. */
import {
  CLIENT_ID,
  OTHER_SECRET_VALUE,
  OUTPUTS,
  PROJECT_ID,
  ROTATING_OUTPUTS,
  SECRET_VALUE,
} from "../../provider/fixtures/values.js";

export const PLAIN = "pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret";
export const ROTATING = "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret";
export const MANUAL = "mongodbatlas:index/projectServiceAccountSecret:ProjectServiceAccountSecret";
export const ORG_MANUAL = "mongodbatlas:index/serviceAccountSecret:ServiceAccountSecret";
const SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** Values that no output of the command may hold. */
export const CANARIES = {
  secret: SECRET_VALUE,
  pendingSecret: OTHER_SECRET_VALUE,
  triggers: "FAKE-trigger-canary-poiuytrewq",
  ciphertext: "v1:FAKEnonce0001:FAKEciphertextcanaryqpwoeirutyalskdj",
  output: "mdb_sa_sk_FAKE-output-canary-qwertyuiopasdfghjkl",
  misplaced: "mdb_sa_sk_FAKE-misplaced-canary-mnbvcxzlkjhgfds",
} as const;

/** As `--show-secrets` writes a secret. */
export const shown = (value: unknown) => ({ ...SIGNATURE, plaintext: JSON.stringify(value) });
/** As an export writes one otherwise. */
export const encrypted = { ...SIGNATURE, ciphertext: CANARIES.ciphertext };

export type Fields = Readonly<Record<string, unknown>>;

/** The outputs of a plain resource, its value encrypted. */
export const PLAIN_OUTPUTS: Fields = { ...OUTPUTS, secret: encrypted, issuedForTriggers: encrypted };
/** The outputs of a rotating resource in its overlap, as `--show-secrets` writes them. */
export const SHOWN_ROTATING_OUTPUTS: Fields = {
  ...ROTATING_OUTPUTS,
  secret: shown(CANARIES.secret),
  pendingSecret: shown(CANARIES.pendingSecret),
  issuedForTriggers: shown({ request: CANARIES.triggers }),
};

/** A resource of a state. */
export function toResource(type: string, outputs: Fields, more: Fields = {}, name = "backend"): Fields {
  const id = `${PROJECT_ID}/${CLIENT_ID}${type === ROTATING ? "" : `/${String(outputs.secretId)}`}`;
  return { urn: `urn:pulumi:prod::shop::${type}::${name}`, custom: true, id, type, inputs: {}, outputs, ...more };
}

/** What `pulumi stack export` writes. */
export function toExport(resources: readonly Fields[], more: Fields = {}): string {
  const stack = {
    urn: "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod",
    custom: false,
    type: "pulumi:pulumi:Stack",
    outputs: { secret: shown(CANARIES.output) },
  };
  const deployment = {
    manifest: { time: "2026-03-01T08:00:00Z", magic: "", version: "v3.259.0" },
    secrets_providers: { type: "passphrase", state: { salt: "v1:FAKEsalt=:v1:FAKEsaltvalue" } },
    resources: [stack, ...resources],
    ...more,
  };
  return JSON.stringify({ version: 3, deployment }, null, 4);
}
