/** Ids and values of the right shape, and the fixed ones of the demonstration, which are visibly fake. */
import { randomBytes } from "node:crypto";

/** The administrator that every simulator knows: owner of all projects and organisations. */
export const DEMO_ADMIN_CLIENT_ID = "mdb_sa_id_aaaaaaaaaaaaaaaaaaaaaaaa";
export const DEMO_ADMIN_SECRET = "mdb_sa_sk_FAKE-demo-admin-not-a-real-secret-000000";
export const DEMO_ORG_ID = "00000000000000000000000a";
export const DEMO_PROJECT_ID = "00000000000000000000000b";
/** The account without secrets that `seed: "demo"` adds. */
export const DEMO_CLIENT_ID = "mdb_sa_id_bbbbbbbbbbbbbbbbbbbbbbbb";

/** 24 hex digits. */
export function createObjectId(): string {
  return randomBytes(12).toString("hex");
}

export function createClientId(): string {
  return `mdb_sa_id_${createObjectId()}`;
}

/** `mdb_sa_sk_` and 40 of A-Z a-z 0-9 _ - : 30 random bytes in base64url are 40 characters. */
export function createSecretValue(): string {
  return `mdb_sa_sk_${randomBytes(30).toString("base64url")}`;
}

/** An opaque access token. */
export function createTokenValue(): string {
  return `FAKE.${randomBytes(48).toString("base64url")}.${randomBytes(24).toString("base64url")}`;
}

/** The last four characters behind a mask. */
export function toMask(value: string): string {
  return `mdb_sa_sk_...${value.slice(-4)}`;
}
