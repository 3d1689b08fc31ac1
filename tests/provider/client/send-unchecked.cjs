/**
 * Sends a request with the built package, directly and through the proxy of the environment, after it has told Node not to
 * check certificates any more. In a process of its own: a test's `process.env` is not the one that Node reads. Says what
 * came of both.
 */
const { createTransport } = require("pulumi-atlas-secrets/internal/atlas");

const [, , url] = process.argv;
const send = createTransport();
process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";

async function main() {
  for (const target of [url, "https://atlas.example"]) {
    const headers = { Authorization: "Bearer FAKE-bearer-canary-9f31c2d07b6e4a58" };
    const { cause, status } = await send({ method: "POST", url: target, headers, body: "{}" });
    process.stdout.write(`${cause ?? status}\n`);
  }
}

void main();
