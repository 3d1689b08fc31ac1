/**
 * Stands in for HashiCorp Vault's transit engine, to encrypt the key of a stack. A passphrase would do it too, but its key
 * costs the CLI a million rounds of a hash in each run, a tenth of all that a run computes.
 * @see https://developer.hashicorp.com/vault/api-docs/secret/transit
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

const PREFIX = "vault:v1:";

/** Starts the service; it ends with the process. Resolves with what the CLI's environment needs to find it. */
export async function startKeyService(): Promise<Readonly<Record<string, string>>> {
  const server = createServer(async (request, response) => {
    const { plaintext, ciphertext } = (await json(request)) as Record<string, string | undefined>;
    const data =
      plaintext === undefined ? { plaintext: ciphertext?.slice(PREFIX.length) } : { ciphertext: PREFIX + plaintext };
    response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const { port } = server.address() as AddressInfo;
  return { VAULT_SERVER_URL: `http://127.0.0.1:${port}`, VAULT_SERVER_TOKEN: "fake-token" };
}
