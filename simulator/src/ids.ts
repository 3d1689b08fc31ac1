/** Ids and values of the right shape, and the fixed ones of the demonstration, which are visibly fake. */
import { randomBytes } from "node:crypto";

/** Client id of the administrator that every simulator knows: owner of all projects and organizations. */
export const DEMO_ADMIN_CLIENT_ID = "mdb_sa_id_aaaaaaaaaaaaaaaaaaaaaaaa";
/** The administrator's secret, visibly fake. */
export const DEMO_ADMIN_SECRET = "mdb_sa_sk_FAKE-demo-admin-not-a-real-secret-000000";
/** The organization that accounts belong to unless another one is named. */
export const DEMO_ORG_ID = "00000000000000000000000a";
/** The project that accounts belong to unless another one is named. */
export const DEMO_PROJECT_ID = "00000000000000000000000b";
/** The account without secrets that `seed: "demo"` adds. */
export const DEMO_CLIENT_ID = "mdb_sa_id_bbbbbbbbbbbbbbbbbbbbbbbb";

/** Random bytes are drawn many at a time: one by one they would take as long as the rest of a request. */
const POOL_BYTES = 8_192;
let pool = Buffer.alloc(0);
let used = 0;

function createText(bytes: number, encoding: "hex" | "base64url"): string {
  if (used + bytes > pool.length) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  used += bytes;
  return pool.toString(encoding, used - bytes, used);
}

/** 24 hex digits. */
export function createObjectId(): string {
  return createText(12, "hex");
}

export function createClientId(): string {
  return `mdb_sa_id_${createObjectId()}`;
}

/** `mdb_sa_sk_` and 40 of A-Z a-z 0-9 _ - : 30 random bytes in base64url are 40 characters. */
export function createSecretValue(): string {
  return `mdb_sa_sk_${createText(30, "base64url")}`;
}

/** An opaque access token. */
export function createTokenValue(): string {
  return `FAKE.${createText(48, "base64url")}.${createText(24, "base64url")}`;
}

/** The last four characters behind a mask: of an empty value, none. */
export function toMask(value: string): string {
  return `mdb_sa_sk_...${value.slice(-4)}`;
}

/** Text without anything that is shaped like a value of this server: for what the control interface shows. */
export function withoutValues(text: string): string {
  return text.replace(/mdb_sa_sk_[\w-]+|FAKE[.-][\w.-]+/g, "(a value)");
}
