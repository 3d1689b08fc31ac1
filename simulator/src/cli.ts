/** The command `atlas-simulator`: starts one from a terminal and says how to use it. */
import { parseArgs } from "node:util";
import { CONTROL_PREFIX } from "./control-client.js";
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, DEMO_CLIENT_ID, DEMO_PROJECT_ID } from "./ids.js";
import { startSimulator } from "./simulator.js";

const HELP = `Usage: atlas-simulator [options]

Answers the service account calls of the MongoDB Atlas Administration API on 127.0.0.1. Everything is kept in memory.

  --port <number>    port to listen on; default 0, a free one
  --seed demo        add a project with one service account without secrets
  --start-at <time>  where the virtual clock starts, ISO 8601; default now
  --no-mint-limit    do not limit token mints to ten a minute
  --help             show this text
`;

/** Runs the command until a signal ends it. Sets the exit code 2 when the options cannot be used. */
export async function main(args: readonly string[]): Promise<void> {
  let simulator: Awaited<ReturnType<typeof startSimulator>>;
  try {
    const options = parseOptions(args);
    if (options === "help") return void process.stdout.write(HELP);
    simulator = await startSimulator(options);
  } catch (error) {
    process.stderr.write(`atlas-simulator: ${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void simulator.close());
  process.stdout.write(toInstructions(simulator.url));
}

function parseOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "0" },
      seed: { type: "string" },
      "start-at": { type: "string" },
      "no-mint-limit": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help" as const;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error("--port must be a number from 0 to 65535");
  if (values.seed !== undefined && values.seed !== "demo") throw new Error("--seed can only be demo");
  return {
    port,
    ...(values.seed === "demo" && { seed: "demo" as const }),
    ...(values["start-at"] !== undefined && { startAt: values["start-at"] }),
    ...(values["no-mint-limit"] && { switches: { mintLimitPerMinute: null } }),
  };
}

/** The credential is the simulator's own fixed one, and visibly fake. */
function toInstructions(url: string): string {
  return `A simulated Atlas listens on ${url}. To use it:

  export MONGODB_ATLAS_BASE_URL=${url}
  export MONGODB_ATLAS_CLIENT_ID=${DEMO_ADMIN_CLIENT_ID}
  export MONGODB_ATLAS_CLIENT_SECRET=${DEMO_ADMIN_SECRET}

With --seed demo there is service account ${DEMO_CLIENT_ID} in project ${DEMO_PROJECT_ID}.
Control interface: POST ${url}${CONTROL_PREFIX}<method>, see 'Control' in the README of pulumi-atlas-secrets-simulator. Ctrl-C ends it.
`;
}
