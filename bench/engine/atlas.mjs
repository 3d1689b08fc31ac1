/** The simulator in a process of its own, so that it does not share a thread with what is measured. */
import { fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const { startSimulator } = createRequire(import.meta.url)("pulumi-atlas-secrets-simulator");

if (process.send) {
  const atlas = await startSimulator({ switches: { rateLimits: false, mintLimitPerMinute: null } });
  process.on("message", async ([method, ...args]) => process.send({ value: await atlas[method](...args) }));
  process.on("disconnect", () => process.exit());
  process.send({ value: atlas.url });
}

/** Starts it. `call` is a method of its control interface. */
export async function startAtlas() {
  const child = fork(fileURLToPath(import.meta.url));
  const next = () => new Promise((resolve) => child.once("message", ({ value }) => resolve(value)));
  const url = await next();
  const call = (method, ...args) => {
    child.send([method, ...args]);
    return next();
  };
  return { url, call, stop: () => child.disconnect() };
}
