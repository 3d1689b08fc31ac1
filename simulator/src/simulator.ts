/** Puts the simulator together and starts it. */
import { type Answer, toError } from "./answer.js";
import { VirtualClock } from "./clock.js";
import { ADMIN_SECRET_MS, createControl } from "./control.js";
import { CONTROL_METHODS } from "./control-client.js";
import { HttpServer } from "./http-server.js";
import { DEMO_ADMIN_CLIENT_ID, DEMO_ADMIN_SECRET, DEMO_CLIENT_ID, DEMO_ORG_ID, DEMO_PROJECT_ID } from "./ids.js";
import { Model } from "./model.js";
import { DEFAULT_SWITCHES } from "./switches.js";
import type { Control, Simulator, SimulatorOptions } from "./types.js";

/** Starts a simulator on 127.0.0.1. It knows one administrator; `seed` adds more. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, startAt, switches, seed } = options;
  const model = new Model(new VirtualClock(startAt), { ...DEFAULT_SWITCHES, ...switches });
  seedAdministrator(model);
  let control: Control | undefined;
  const server = new HttpServer(model, (name, body) => answerControl(control, name, body));
  const url = `http://127.0.0.1:${await server.listen(port)}`;
  control = createControl(url, model, server);
  if (seed === "demo")
    await control.addAccount({ clientId: DEMO_CLIENT_ID, ownerId: DEMO_PROJECT_ID, name: "backend" });
  else if (seed) await control.seed(seed);
  return { ...control, close: () => server.close() };
}

function seedAdministrator(model: Model): void {
  model.projects.set(DEMO_PROJECT_ID, { orgId: DEMO_ORG_ID });
  const admin = model.addAccount({
    clientId: DEMO_ADMIN_CLIENT_ID,
    orgId: DEMO_ORG_ID,
    name: "administrator",
    orgRoles: ["ORG_OWNER"],
    isAdmin: true,
  });
  const secret = model.addSecret(admin, 1, DEMO_ADMIN_SECRET);
  secret.expiresAtMs = secret.createdAtMs + ADMIN_SECRET_MS;
}

/** Runs one control method: arguments as a JSON list in, `{ result }` or `{ problem }` out. */
async function answerControl(control: Control | undefined, name: string, body: string): Promise<Answer> {
  const method = CONTROL_METHODS.find((known) => known === name);
  if (!control || !method)
    return { ...toError({ status: 404, errorCode: "NO_SUCH_CONTROL" }, name), body: { problem: `no control ${name}` } };
  try {
    const args = JSON.parse(body || "[]") as unknown[];
    const result = await (control[method] as (...values: unknown[]) => Promise<unknown>)(...args);
    return { status: 200, body: { result } };
  } catch (error) {
    return { status: 400, body: { problem: error instanceof Error ? error.message : String(error) } };
  }
}
