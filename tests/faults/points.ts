/** Situations and the requests of their runs: what the rows of the fault matrix are made of. */
import { DEMO_ADMIN_CLIENT_ID, DEMO_PROJECT_ID } from "pulumi-atlas-secrets-simulator";
import type { RunResult } from "../model/model-stack.js";
import type { Point } from "./way.js";
import type { FaultWorld } from "./world.js";

/** What is there before the run with the fault, and what is run. */
export interface Situation {
  readonly name: string;
  /** Arguments of the secret that differ from the usual ones. */
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly command: "up" | "refresh" | "destroy";
  /** Whether the resource is the one with two slots. */
  readonly isRotating?: boolean;
  /** Whether that is a set, of this one account. */
  readonly isSet?: boolean;
  prepare(world: FaultWorld): Promise<void>;
  /** What the status of the secret is in the end; default `active`. */
  readonly status?: string;
}

/** A row: one request of the run. */
export interface Call {
  readonly situation: Situation;
  readonly name: string;
  readonly toPoint: (world: FaultWorld) => Point;
}

/** The account of a world, as the simulator's control takes it. */
export const toAddress = ({ clientId }: FaultWorld) => ({ ownerId: DEMO_PROJECT_ID, clientId });

/** Runs until the program is deployed; fails when it is not. */
export async function deploy(world: FaultWorld, changes = {}): Promise<void> {
  const run = await world.stack.up(world.program(changes));
  if (run.outcome !== "succeeded") throw new Error(run.errors.join());
}

/** A request of a run, by its place in it. */
export type NamedPoint = Omit<Call, "situation">;

export const OWN_MINT: NamedPoint = {
  name: "own mint",
  toPoint: () => ({ operation: "mint", clientId: DEMO_ADMIN_CLIENT_ID, index: 0 }),
};

export const VERIFICATION: NamedPoint = {
  name: "verification",
  toPoint: ({ clientId }) => ({ operation: "mint", clientId, index: 0 }),
};

export function at(name: string, operation: Point["operation"], index = 0): NamedPoint {
  return { name, toPoint: () => ({ operation, index }) };
}

export const LOOK = at("look", "getAccount");
export const POST = at("POST", "createSecret");
export const DELETE = at("DELETE", "deleteSecret");
export const LOOK_AFTER_404 = at("look after its 404", "getAccount");

/** Rows for situations and their points. */
export function toCalls(table: readonly (readonly [Situation, readonly NamedPoint[]])[]): Call[] {
  return table.flatMap(([situation, points]) =>
    points.map((point) => ({ ...point, situation, name: `${situation.name}: ${point.name}` })),
  );
}

/** Runs the command of a situation. */
export function run({ command, changes }: Situation, world: FaultWorld): Promise<RunResult> {
  if (command === "up") return world.stack.up(world.program(changes));
  return command === "refresh" ? world.stack.refresh() : world.stack.destroy();
}
