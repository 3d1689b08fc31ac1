/** Every request that a client can send, each with a credential that would be worth having. */
import { type AtlasClient, createAtlasClient } from "../../../provider/src/atlas/index.js";
import { createTransport, type TransportOptions } from "../../../provider/src/atlas/transport.js";
import { Sensitive } from "../../../provider/src/sensitive.js";
import type { Credential } from "../../../provider/src/settings.js";
import { listClientIds } from "../../helpers/client-ids.js";
import { CLIENT_ID, createFakeClock, IDS, OTHER_CLIENT_ID, PROJECT_ID } from "../fixtures/values.js";

const ACCOUNT = { level: "project", ownerId: PROJECT_ID, clientId: CLIENT_ID } as const;

/** What none of these requests may show to anybody but the base URL. */
export const VALUES = {
  bearer: "FAKE-bearer-canary-9f31c2d07b6e4a58",
  admin: "mdb_sa_sk_FAKE-admin-canary-Qm7zTf2KxWc9LdR4vHyBn",
  created: "mdb_sa_sk_FAKE-created-canary-Zp3uGa8JsEo6NwX5tMiV",
  key: "FAKE-private-key-canary-51d7e09c3b2f",
} as const;

const TOKEN: Credential = { kind: "access-token", token: new Sensitive(VALUES.bearer) };
const PAIR: Credential = {
  kind: "service-account",
  clientId: OTHER_CLIENT_ID,
  clientSecret: new Sensitive(VALUES.admin),
};
const KEY: Credential = { kind: "api-key", publicKey: "FAKEKEY", privateKey: new Sensitive(VALUES.key) };

/** A kind of request: what it is sent with, and what its server sees of that. */
export interface Call {
  readonly name: string;
  readonly credential: Credential;
  readonly send: (client: AtlasClient) => Promise<unknown>;
  /** Found in the bytes of a server that it does reach. */
  readonly evidence: RegExp;
}

const BEARER = new RegExp(`Bearer ${VALUES.bearer}`);
const fetchAccount = (client: AtlasClient) => client.fetchAccount(ACCOUNT);

/** All of them. */
export const CALLS: readonly Call[] = [
  { name: "reading an account", credential: TOKEN, send: fetchAccount, evidence: BEARER },
  {
    name: "listing accounts",
    credential: TOKEN,
    send: (client) => listClientIds(client, ACCOUNT),
    evidence: BEARER,
  },
  {
    name: "creating a secret",
    credential: TOKEN,
    send: (client) => client.createSecret(ACCOUNT, 8),
    evidence: /Bearer FAKE[\s\S]*"secretExpiresAfterHours":8/,
  },
  {
    name: "deleting a secret",
    credential: TOKEN,
    send: (client) => client.deleteSecret(ACCOUNT, IDS[0]),
    evidence: BEARER,
  },
  { name: "minting the provider's own token", credential: PAIR, send: fetchAccount, evidence: toBasic(VALUES.admin) },
  {
    name: "verifying a new secret",
    credential: TOKEN,
    send: (client) => client.verify({ clientId: OTHER_CLIENT_ID, secret: new Sensitive(VALUES.created) }),
    evidence: toBasic(VALUES.created),
  },
  { name: "a signed request", credential: KEY, send: fetchAccount, evidence: /Digest username="FAKEKEY"/ },
];

function toBasic(secret: string): RegExp {
  return new RegExp(`Basic ${Buffer.from(`${OTHER_CLIENT_ID}:${secret}`).toString("base64")}`);
}

/** Sends one call with real connections and without real waits; resolves with what it rejects with, or gives. */
export async function sendCall({ credential, send }: Call, baseUrl: string, options: TransportOptions = {}) {
  const client = createAtlasClient({
    settings: { baseUrl, credential },
    clock: createFakeClock(),
    transport: createTransport({ env: {}, ...options }),
  });
  return send(client).catch((error: unknown) => error);
}
