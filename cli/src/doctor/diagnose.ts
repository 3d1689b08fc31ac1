/** Gathers what the checks need, has them judged, and runs the write check when it is asked for. */

import { ProviderProcess, toServerNowMs, viewAccount } from "pulumi-atlas-secrets/internal/account";
import { createAtlasClient, createTransport } from "pulumi-atlas-secrets/internal/atlas";
import { CONFIG_NAMESPACE } from "pulumi-atlas-secrets/internal/settings";
import type { AccountRef } from "pulumi-atlas-secrets/rotation";
import { askYes } from "../ask.js";
import { fetchFiles } from "../audit/gather.js";
import type { Owner, RecordedResource } from "../audit/inventory.js";
import type { Environment } from "../environment.js";
import { type Progress, startProgress } from "../progress.js";
import { type Backend, openBackend } from "../sources/backend.js";
import { type Gathered, parseSource } from "../sources/files.js";
import { parsePreview } from "../sources/preview.js";
import { decideAdmission } from "../write-check/consent.js";
import { runWriteCheck, type WriteCheckResult } from "../write-check/run.js";
import { holdSignals } from "../write-check/signals.js";
import type { Check } from "./check.js";
import { decideChecks } from "./decide.js";
import type { PreviewFacts } from "./facts.js";
import { type AskedAtlas, gatherAtlas, toFailure } from "./gather-atlas.js";
import { gatherProgram, gatherTools } from "./gather-local.js";
import { createPatientClock, type PatientClock } from "./patience.js";
import type { DoctorReport } from "./render.js";
import { findSettings, parseStackConfig } from "./settings.js";
import { createWatch, type Watch } from "./watch.js";

const COMMAND = "atlas-secrets doctor";

/** What to look at. */
export interface DoctorRequest {
  readonly files: readonly string[];
  /** Folder of the program. */
  readonly folder: string;
  readonly stack?: string;
  /** Whether the program is run for a preview of the stack. */
  readonly hasPreview: boolean;
  readonly accounts: readonly AccountRef[];
  readonly owners: readonly Owner[];
  readonly writeCheck?: WriteCheckRequest;
}

/** The account to create a secret on, and what is agreed to. */
export interface WriteCheckRequest {
  readonly account: AccountRef;
  readonly isAgreed: boolean;
  readonly mayShorten: boolean;
}

interface Atlas {
  readonly process: ProviderProcess;
  readonly watch: Watch;
  readonly clock: PatientClock;
}

/**
 * Makes the report.
 *
 * @throws CliFailure when a source that was named cannot be read
 */
export async function diagnose(request: DoctorRequest, environment: Environment): Promise<DoctorReport> {
  const { folder, stack, writeCheck } = request;
  const progress = await startProgress("Looking", environment);
  try {
    const local = { cwd: folder, env: environment.env };
    const backend = stack === undefined ? undefined : await openBackend(local);
    const config =
      backend && stack !== undefined ? parseStackConfig(await backend.showConfig(stack), stack) : undefined;
    const recorded = await fetchRecorded(request, backend, environment);
    const { settings, facts } = findSettings(environment.env, config, stack);
    const preview = await fetchPreview(request, backend, progress);
    const found = {
      settings: facts,
      unreadSources: recorded.flatMap(({ unreadSources }) => unreadSources),
      ...(preview && { preview }),
      tools: await gatherTools(local),
      program: gatherProgram(folder, local),
    };
    if (!settings) return { formatVersion: 1, checks: decideChecks(found) };
    progress.say("Atlas");
    const { credential } = settings;
    const clientId = credential.kind === "service-account" ? credential.clientId : undefined;
    const watch = createWatch({ transport: createTransport(), now: environment.now, clientId });
    const clock = createPatientClock(environment);
    const client = createAtlasClient({ settings, clock, transport: watch.transport, command: COMMAND });
    const asked = toAsked(request, recorded, preview);
    const atlas = await gatherAtlas(client, watch, settings, asked).finally(() => client.revokeToken());
    const checks = decideChecks({ ...found, atlas });
    if (!writeCheck) return { formatVersion: 1, checks };
    progress.end();
    const report = (line: string) => void environment.stderr.write(`${line}\n`);
    const { env } = environment;
    const process = new ProviderProcess({ env, clock, transport: watch.transport, command: COMMAND, report });
    process.configure({ config: { get: (key) => config?.get(key.slice(CONFIG_NAMESPACE.length + 1))?.value } });
    const { checks: more, known } = await tryWriteCheck(
      writeCheck,
      checks,
      { process, watch, clock },
      environment,
    ).finally(() => process.revokeToken());
    return { formatVersion: 1, checks: [...checks, ...more], known };
  } finally {
    progress.end();
  }
}

async function fetchRecorded(
  { files, stack }: DoctorRequest,
  backend: Backend | undefined,
  environment: Environment,
): Promise<Gathered[]> {
  const ofStack =
    backend && stack !== undefined ? [parseSource(await backend.exportStack(stack), `stack ${stack}`)] : [];
  return [...ofStack, ...(await fetchFiles(files, environment))];
}

/** Before the first `up` nothing but the program itself knows the accounts. */
async function fetchPreview(
  { stack, hasPreview }: DoctorRequest,
  backend: Backend | undefined,
  progress: Progress,
): Promise<PreviewFacts | undefined> {
  if (!backend || stack === undefined || !hasPreview) return undefined;
  progress.say(`Preview of stack ${stack}`);
  try {
    return { isDone: true, stack, ...parsePreview(await backend.previewStack(stack), `the preview of stack ${stack}`) };
  } catch {
    return { isDone: false, stack };
  }
}

/** Every account that is recorded, declared or named once, and every owner of one. */
function toAsked(
  { accounts, owners }: DoctorRequest,
  recorded: readonly Gathered[],
  preview: PreviewFacts | undefined,
): AskedAtlas {
  const resources = recorded.flatMap((one) => one.resources);
  const planned = preview?.isDone ? preview.accounts : [];
  const asked = new Map<string, AccountRef & { resources: RecordedResource[] }>();
  const toKey = ({ level, ownerId, clientId }: AccountRef) => `${level} ${ownerId} ${clientId}`;
  for (const account of [...resources.map(({ reading }) => reading.account), ...planned, ...accounts]) {
    asked.set(toKey(account), { ...account, resources: [] });
  }
  for (const resource of resources) asked.get(toKey(resource.reading.account))?.resources.push(resource);
  const all = [...asked.values(), ...owners].map(({ level, ownerId }) => ({ level, ownerId }));
  const distinct = new Map(all.map((owner) => [`${owner.level} ${owner.ownerId}`, owner]));
  return { accounts: [...asked.values()], owners: [...distinct.values()] };
}

/** What must be known to be in order before a secret is created. */
const NEEDED = ["settings", "credential", "base-url", "token", "ip-access-list"];

async function tryWriteCheck(
  { account, isAgreed, mayShorten }: WriteCheckRequest,
  before: readonly Check[],
  atlas: Atlas,
  environment: Environment,
): Promise<WriteCheckResult> {
  const name = "write-check";
  const stopped = (check: Omit<Check, "name">): WriteCheckResult => ({ checks: [{ name, ...check }], known: [] });
  const bad = before.find(
    ({ name: one, status }) => NEEDED.includes(one) && (status === "failed" || status === "unknown"),
  );
  if (bad) return stopped({ status: "unknown", found: `nothing was created, since ${bad.name} is not in order.` });
  try {
    const { process } = atlas;
    const view = await viewAccount(process, process.begin(), account);
    const admission = decideAdmission(view, toServerNowMs(view, process.clock) ?? environment.now(), mayShorten);
    if (admission.action === "refuse") {
      return stopped({ status: "failed", found: admission.found, advice: admission.advice });
    }
    if (!isAgreed && !(await askYes(admission.question, environment))) {
      return stopped({ status: "unknown", found: "nothing was created, since it was not agreed to." });
    }
    const signals = holdSignals();
    try {
      return await runWriteCheck(account, { ...atlas, signals });
    } finally {
      signals.release();
    }
  } catch (error) {
    const { message, code } = toFailure(error, atlas.watch);
    return stopped({ status: code === "rejected" ? "failed" : "unknown", found: message });
  }
}
