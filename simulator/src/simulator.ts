/** Puts the simulator together and starts it. */
import type { Answer } from "./answer.js";
import { VirtualClock } from "./clock.js";
import { ADMIN_SECRET_MS, createControl } from "./control.js";
import { assertOptions, CONTROL_METHODS } from "./control-rules.js";
import { HttpServer } from "./http-server.js";
import {
  DEMO_ADMIN_CLIENT_ID,
  DEMO_ADMIN_SECRET,
  DEMO_CLIENT_ID,
  DEMO_ORG_ID,
  DEMO_PROJECT_ID,
  withoutValues,
} from "./ids.js";
import { Model } from "./model.js";
import { Service } from "./service.js";
import { DEFAULT_SWITCHES } from "./switches.js";
import type { Control, LocalSimulator, LocalSimulatorOptions, Simulator, SimulatorOptions } from "./types.js";

/** Starts a simulator on 127.0.0.1. It knows one administrator; `seed` adds more. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  assertOptions(options);
  const model = createModel(new VirtualClock(options.startAt), options);
  const service = new Service(model, { observe: options.observe });
  let control: Control | undefined;
  const server = new HttpServer(service, (name, body) => answerControl(control, name, body));
  const url = `http://127.0.0.1:${await server.listen(options.port ?? 0)}`;
  control = createControl(url, model, service);
  await seedWith(control, options);
  return { ...control, close: () => server.close() };
}

/**
 * Makes a simulator that listens nowhere: its time stands still except for what `advance`, a delay or a slow POST takes, so
 * that years of it pass at once and a run can be repeated.
 */
export async function createLocalSimulator(options: LocalSimulatorOptions = {}): Promise<LocalSimulator> {
  assertOptions(options);
  const clock = new VirtualClock(options.startAt, true);
  const model = createModel(clock, options);
  const service = new Service(model, { observe: options.observe, sleep: async (ms) => clock.advance(ms) });
  const url = "http://127.0.0.1";
  const control = createControl(url, model, service);
  await seedWith(control, options);
  return {
    ...control,
    nowMs: () => clock.now(),
    exchange: async ({ method, target, headers, body = "" }) => {
      const [path = "", search] = target.split("?", 2);
      const query = new URLSearchParams(search);
      const request = { method, target, path, query, headers, body, remoteAddress: "127.0.0.1" };
      const admitted = service.admit(request);
      if (admitted.fault?.kind !== "refuse") return service.serve(request, admitted);
      service.refuse(request, admitted);
      return { kind: "closed", isUnread: true };
    },
  };
}

function createModel(clock: VirtualClock, { switches }: LocalSimulatorOptions): Model {
  const model = new Model(clock, { ...DEFAULT_SWITCHES, ...switches });
  seedAdministrator(model);
  return model;
}

async function seedWith(control: Control, { seed }: LocalSimulatorOptions): Promise<void> {
  if (seed === "demo")
    await control.addAccount({ clientId: DEMO_CLIENT_ID, ownerId: DEMO_PROJECT_ID, name: "backend" });
  else if (seed) await control.seed(seed);
}

function seedAdministrator(model: Model): void {
  model.addProject(DEMO_PROJECT_ID, DEMO_ORG_ID);
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
  if (!control || !method) {
    const problem = `there is no control ${withoutValues(name)}; there are ${CONTROL_METHODS.join(", ")}`;
    return { status: 404, body: { problem } };
  }
  try {
    const args: unknown = JSON.parse(body || "[]");
    if (!Array.isArray(args)) throw new Error(`${name} takes its arguments as a JSON list`);
    const result = await (control[method] as (...values: unknown[]) => Promise<unknown>)(...args);
    return { status: 200, body: { result } };
  } catch (error) {
    return { status: 400, body: { problem: withoutValues(error instanceof Error ? error.message : String(error)) } };
  }
}
