/**
 * `atlas-secrets remove`, as a person runs it that a message tells to: its rule, written down once more and apart from the
 * product.
 *
 * @see cli/README.md
 */
import type { ModelStack } from "./model-stack.js";
import type { VirtualAtlas } from "./virtual-atlas.js";

const MINUTE_MS = 60_000;

/** What is younger can still be recorded; a use up to this age is a verification. */
const YOUNG_MS = 10 * MINUTE_MS;

/** The command as a message prints it. */
export interface RemoveCommand {
  readonly secretId: string;
  /** Whether the id is repeated, which overrules what speaks against it. */
  readonly isForced: boolean;
}

/** What came of the command. `young`: it is refused for nothing but its age, so that a wait helps. */
export type RemoveOutcome = "deleted" | "gone" | "young" | "refused";

const COMMAND =
  /atlas-secrets remove [a-f0-9]{24}\/mdb_sa_id_[a-fA-F\d]{24}\/([a-f0-9]{24})(?: --organization [a-f0-9]{24})? --all-stacks(?: --force ([a-f0-9]{24}))?/g;

/** The commands in a text. */
export function findRemoveCommands(text: string): RemoveCommand[] {
  return [...text.matchAll(COMMAND)].map(([, secretId = "", forcedId]) => ({
    secretId,
    isForced: forcedId === secretId,
  }));
}

/** Runs it over the states of all stacks. */
export async function runRemove(
  { control, clock }: VirtualAtlas,
  stacks: readonly ModelStack[],
  { secretId, isForced }: RemoveCommand,
): Promise<RemoveOutcome> {
  const { accounts } = await control.inventory();
  const secret = accounts.flatMap(({ secrets }) => secrets).find(({ id }) => id === secretId);
  if (!secret) return "gone";
  const createdAtMs = Date.parse(secret.createdAt);
  const isRecorded = stacks.some((stack) => stack.recordedIds().has(secretId));
  const isUsed = secret.lastUsedAt !== undefined && Date.parse(secret.lastUsedAt) - createdAtMs > YOUNG_MS;
  const isOver = clock.now() >= Date.parse(secret.expiresAt) + YOUNG_MS;
  const isYoung = clock.now() - createdAtMs < YOUNG_MS;
  if (!isForced && (isRecorded || (isUsed && !isOver))) return "refused";
  if (!isForced && isYoung) return "young";
  await control.deleteSecret(secretId);
  return "deleted";
}

/**
 * Runs the commands without `--force`, each again once it is old enough, until one deletes its secret; resolves with the id.
 *
 * @param isInUse what the person knows to be in use, for the texts say 'if nobody uses it'
 */
export async function followRemoveCommands(
  atlas: VirtualAtlas,
  stacks: readonly ModelStack[],
  text: string,
  isInUse: (secretId: string) => boolean = () => false,
): Promise<string | undefined> {
  for (const command of findRemoveCommands(text)) {
    if (command.isForced || isInUse(command.secretId)) continue;
    let outcome = await runRemove(atlas, stacks, command);
    if (outcome === "young") {
      await atlas.clock.sleep(YOUNG_MS);
      outcome = await runRemove(atlas, stacks, command);
    }
    if (outcome === "deleted") return command.secretId;
  }
  return undefined;
}
