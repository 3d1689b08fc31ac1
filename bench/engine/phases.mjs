/** The life of a stack on the real CLI, phase by phase. */
import { countRequests } from "../report/statistics.mjs";
import { createStack } from "./stack.mjs";

export const STATE = "state bytes each";
const UP = ["up", "--yes", "--skip-preview", "--stack", "test"];
/** What each phase runs; the hours are the lifetime of the secrets: a change rotates them. */
export const PHASES = {
  create: [UP, { HOURS: "720" }],
  "no-op": [UP, { HOURS: "720" }],
  refresh: [["refresh", "--yes", "--skip-preview", "--stack", "test"], {}],
  "rotate all": [UP, { HOURS: "721" }],
  destroy: [["destroy", "--yes", "--skip-preview", "--stack", "test"], {}],
};

/**
 * Takes a stack of so many resources of a kind, a module of this folder, through the phases: seconds and requests of each, the peak
 * memory of CLI and provider in MB, and the bytes of the state. `latencyMs` is what each answer of the simulator takes, `atOnce` how
 * many operations run at once, in place of the defaults of the CLI and of a set.
 */
export async function runPhases(atlas, kind, size, { latencyMs = 0, atOnce, phases = Object.keys(PHASES) } = {}) {
  const accounts = await atlas.call("seed", { projects: 1, accountsPerProject: size });
  await atlas.call("clearFaults");
  if (latencyMs > 0) await atlas.call("addFault", { kind: "delay", ms: latencyMs, times: "always" });
  const token = await atlas.call("issueAccessToken", { ownerId: accounts[0].ownerId, lifetimeSeconds: 1e6 });
  const stack = await createStack(`${kind}.cjs`, accounts, {
    MONGODB_ATLAS_BASE_URL: atlas.url,
    MONGODB_ATLAS_ACCESS_TOKEN: token,
  });
  const found = { peaks: { cli: 0, provider: 0 } };
  try {
    for (const phase of phases) {
      const [args, env] = PHASES[phase];
      await atlas.call("resetLog");
      const { seconds, peaks } =
        atOnce === undefined
          ? await stack.run(args, env)
          : await stack.run([...args, "--parallel", String(atOnce)], { ...env, AT_ONCE: String(atOnce) });
      for (const name of ["cli", "provider"]) found.peaks[name] = Math.max(found.peaks[name], Math.round(peaks[name]));
      found[phase] = { value: seconds, requests: countRequests(await atlas.call("requests")) };
      if (phase === "create") found[STATE] = { value: stack.stateBytes() / size };
    }
  } finally {
    stack.remove();
  }
  return found;
}
