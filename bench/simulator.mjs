/** How many requests a second the built simulator answers, from a client in another process. Run by `npm run bench`. */
import { fork } from "node:child_process";
import http from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const { startSimulator, DEMO_PROJECT_ID } = createRequire(import.meta.url)("pulumi-atlas-secrets-simulator");
const SECONDS = 3;
const CONNECTIONS = 8;

if (process.send) await serve();
else await measure();

async function serve() {
  const atlas = await startSimulator({ switches: { rateLimits: false, mintLimitPerMinute: null } });
  const token = await atlas.issueAccessToken({ ownerId: DEMO_PROJECT_ID });
  const accounts = await Promise.all(Array.from({ length: CONNECTIONS }, () => atlas.addAccount()));
  process.send({ url: atlas.url, token, clientIds: accounts.map(({ clientId }) => clientId) });
}

async function measure() {
  const server = fork(fileURLToPath(import.meta.url));
  const { url, token, clientIds } = await new Promise((resolve) => server.once("message", resolve));
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const account = (clientId) => `/api/atlas/v2/groups/${DEMO_PROJECT_ID}/serviceAccounts/${clientId}`;
  const send = (method, path, body) =>
    new Promise((resolve, reject) => {
      const type = "application/vnd.atlas.2024-08-05+json";
      const headers = { Accept: type, Authorization: `Bearer ${token}`, ...(body && { "Content-Type": type }) };
      const request = http.request(`${url}${path}`, { method, agent, headers }, (answer) => {
        const chunks = [];
        answer
          .on("data", (chunk) => chunks.push(chunk))
          .on("end", () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() }));
      });
      request.once("error", reject).end(body);
    });
  const expectStatus = ({ status, text }, expected) => {
    if (status !== expected) throw new Error(`answered ${status} instead of ${expected}: ${text}`);
    return text;
  };

  async function rate(name, once) {
    const end = Date.now() + SECONDS * 1000;
    const started = Date.now();
    const counts = await Promise.all(
      clientIds.map(async (clientId) => {
        let count = 0;
        while (Date.now() < end) count += await once(clientId);
        return count;
      }),
    );
    const perSecond = counts.reduce((sum, count) => sum + count, 0) / ((Date.now() - started) / 1000);
    console.log(`simulator, ${name}: ${Math.round(perSecond)} requests a second`);
  }

  try {
    await rate("GET of an account", async (clientId) => {
      expectStatus(await send("GET", account(clientId)), 200);
      return 1;
    });
    await rate("POST and DELETE of a secret", async (clientId) => {
      const created = expectStatus(
        await send("POST", `${account(clientId)}/secrets`, '{"secretExpiresAfterHours":8}'),
        201,
      );
      expectStatus(await send("DELETE", `${account(clientId)}/secrets/${JSON.parse(created).id}`), 204);
      return 2;
    });
  } finally {
    agent.destroy();
    server.kill();
  }
}
