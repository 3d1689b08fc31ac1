/** Gathers what the checks need, has them judged, and runs the write check when it is asked for. */

import { ProviderProcess, toServerNowMs, viewAccount } from "pulumi-atlas-secrets/internal/account";
import { createTransport } from "pulumi-atlas-secrets/internal/atlas";
import { BASE_URL_VARIABLE, CONFIG_NAMESPACE } from "pulumi-atlas-secrets/internal/settings";
import type { AccountRef, AddressedAccount } from "pulumi-atlas-secrets/rotation";
import { askYes } from "../ask.js";
import { toClientKey } from "../audit/accounts.js";
import { fetchFiles } from "../audit/gather.js";
import type { Owner, RecordedResource } from "../audit/inventory.js";
import { type Environment, writeLines } from "../environment.js";
import { CliFailure, toToldFailure } from "../failure.js";
import { type Progress, startProgress } from "../progress.js";
import { openBackend } from "../sources/backend.js";
import { type CredentialPrefixes, openCredentials, toAddressed, toCredentialEnv } from "../sources/credentials.js";
import { type Gathered, parseSource } from "../sources/files.js";
import { type PlannedAccount, parsePreview } from "../sources/preview.js";
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
import { type FoundSettings, findSettings, parseStackConfig, type StackConfig } from "./settings.js";
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
  /** Owners with another credential than that of the stack or the environment. */
  readonly credentials: CredentialPrefixes;
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
 * Makes the report. What cannot be read of the stack is a failed check in it.
 *
 * @throws CliFailure when a file that was named cannot be read, or a credential cannot be used
 */
export async function diagnose(request: DoctorRequest, environment: Environment): Promise<DoctorReport> {
  const { folder, stack, writeCheck, credentials } = request;
  const progress = startProgress("Looking ...", environment);
  try {
    const local = { cwd: folder, env: environment.env };
    const ofStack = await readStack(request, local, progress);
    const { config, gathered, preview, problems: stackProblems } = ofStack;
    const files = await fetchFiles(request.files, environment, {});
    const [unread] = files.unread;
    if (unread) throw new CliFailure(unread.message);
    const recorded = [...gathered, ...files.gathered];
    const isUnread = stack !== undefined && !config;
    const { settings, facts } = isUnread ? UNREAD : findSettings(environment.env, config, stack);
    const { asked, unasked } = toAsked(request, recorded, preview);
    const found = {
      settings: facts,
      stackProblems,
      unreadSources: recorded.flatMap(({ unreadSources }) => unreadSources),
      unasked,
      ...(preview && { preview }),
      tools: await gatherTools(local),
      program: gatherProgram(folder, local),
    };
    if (!settings) return { formatVersion: 1, checks: decideChecks(found) };
    progress.say("Atlas");
    // As an explicit provider, another credential goes to the same place where nothing else is said.
    const near = { env: { ...environment.env, [BASE_URL_VARIABLE]: settings.baseUrl } };
    const clientIds: string[] = [];
    const watch = createWatch({ transport: createTransport(), now: environment.now, clientIds });
    const clock = createPatientClock(environment);
    const opened = openCredentials(credentials, { ...near, ...clock }, COMMAND, {
      settings,
      transport: watch.transport,
    });
    const own = opened.find({ level: "project", ownerId: "" });
    clientIds.push(...opened.clientIds());
    const findClient = (owner?: Owner) => (owner ? opened.find(owner) : own).client;
    const atlas = await gatherAtlas(findClient, watch, settings, asked).finally(opened.close);
    const checks = decideChecks({ ...found, atlas });
    if (!writeCheck) return { formatVersion: 1, checks };
    progress.end();
    const report = (line: string) => writeLines(environment.stderr, line);
    const account = toAddressed(writeCheck.account, credentials);
    const { credentialPrefix: prefix } = account;
    const env = prefix === undefined ? environment.env : toCredentialEnv(near, prefix);
    const process = new ProviderProcess({ env, clock, transport: watch.transport, command: COMMAND, report });
    const get = (key: string) => config?.get(key.slice(CONFIG_NAMESPACE.length + 1))?.value;
    if (prefix === undefined) process.configure({ config: { get } });
    const tools = { process, watch, clock };
    const { checks: more, known } = await tryWriteCheck({ ...writeCheck, account }, checks, tools, environment).finally(
      () => process.revokeToken(),
    );
    return { formatVersion: 1, checks: [...checks, ...more], known };
  } finally {
    progress.end();
  }
}

const UNREAD: FoundSettings = { facts: { isUsable: false, problems: [] } };

/** What was read of the stack: nothing without one. */
interface ReadStack {
  /** Absent when it could not be read. */
  readonly config?: StackConfig;
  readonly gathered: readonly Gathered[];
  readonly preview?: PreviewFacts;
  /** Why something could not be read, in the CLI's own words. */
  readonly problems: readonly string[];
}

/** Without its configuration nothing else of a stack is read: whatever fails there fails again. */
async function readStack(
  { stack, hasPreview }: DoctorRequest,
  local: Pick<Environment, "cwd" | "env">,
  progress: Progress,
): Promise<ReadStack> {
  if (stack === undefined) return { gathered: [], problems: [] };
  const problems: string[] = [];
  const attempt = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      problems.push(toToldFailure(error).message);
      return undefined;
    }
  };
  const backend = await attempt(() => openBackend(local));
  const config = backend && (await attempt(async () => parseStackConfig(await backend.showConfig(stack), stack)));
  if (!backend || !config) return { gathered: [], problems };
  const state = await attempt(async () => parseSource(await backend.exportStack(stack), `stack ${stack}`));
  const gathered = state ? [state] : [];
  if (!hasPreview) return { config, gathered, problems };
  progress.say(`Preview of stack ${stack}`);
  // Before the first `up` nothing but the program itself knows the accounts.
  const before = problems.length;
  const where = `the preview of stack ${stack}`;
  const planned = await attempt(async () => parsePreview(await backend.previewStack(stack), where));
  const problem = problems.splice(before).join(" ");
  const preview: PreviewFacts = planned ? { isDone: true, stack, ...planned } : { isDone: false, stack, problem };
  return { config, gathered, preview, problems };
}

/** Every account that is recorded, declared or named once, and every owner of one; but for those of which the credential is not given. */
function toAsked(
  { accounts, owners, credentials }: DoctorRequest,
  recorded: readonly Gathered[],
  preview: PreviewFacts | undefined,
): { readonly asked: AskedAtlas; readonly unasked: readonly PlannedAccount[] } {
  const resources = recorded.flatMap((one) => one.resources);
  const planned = preview?.isDone ? preview.accounts : [];
  const asked = new Map<string, AddressedAccount & { resources: RecordedResource[] }>();
  const unasked = new Map<string, PlannedAccount>();
  const toKey = (ref: AccountRef) => `${ref.level} ${ref.ownerId} ${toClientKey(ref)}`;
  const known = resources.map(({ reading, provider }) => ({ ...reading.account, ...(provider && { provider }) }));
  for (const account of [...known, ...planned, ...accounts] as readonly PlannedAccount[]) {
    const { provider, ...ref } = account;
    if (provider !== undefined && !credentials.has(ref.ownerId)) unasked.set(toKey(ref), account);
    else asked.set(toKey(ref), { ...toAddressed(ref, credentials), resources: [] });
  }
  for (const resource of resources) asked.get(toKey(resource.reading.account))?.resources.push(resource);
  const all = [...asked.values(), ...owners].map(({ level, ownerId }) => ({ level, ownerId }));
  const distinct = new Map(all.map((owner) => [`${owner.level} ${owner.ownerId}`, owner]));
  return { asked: { accounts: [...asked.values()], owners: [...distinct.values()] }, unasked: [...unasked.values()] };
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
  if (bad)
    return stopped({ status: "unknown", found: `nothing was created, because the check ${bad.name} did not pass.` });
  try {
    const { process } = atlas;
    const view = await viewAccount(process, process.begin(), account);
    const admission = decideAdmission(view, toServerNowMs(view, process.clock) ?? environment.now(), mayShorten);
    if (admission.action === "refuse") {
      return stopped({ status: "failed", found: admission.found, advice: admission.advice });
    }
    if (!isAgreed && !(await askYes(admission.question, environment))) {
      return stopped({ status: "unknown", found: "nothing was created, because you did not agree." });
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
