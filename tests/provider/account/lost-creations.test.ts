/** Creations whose response was lost, as a whole creation: how often is asked, what is left on the account, what is told. */

import { createSecret } from "../../../provider/src/account/creation.js";
import type { HeldSecret } from "../../../provider/src/atlas/types.js";
import { HOUR_MS } from "../../../provider/src/clock.js";
import { ConnectionError, RejectionError } from "../../../provider/src/errors.js";
import type { SlotPolicy } from "../../../provider/src/rotation/removal.js";
import { createFakeAtlas, type Faults, REQUEST } from "../fixtures/fake-atlas.js";
import { BIRTH_MS, CLIENT_ID, IDS, toHeld, toPolicy } from "../fixtures/values.js";

const CREATE = "create for 720 h";
/** A lost response with nothing to delete. */
const SETTLED = ["look", CREATE, "look", "look"];
const ENDS_WELL = ["look", CREATE, "verify"];

const old = toHeld({ createdAtMs: BIRTH_MS - 24 * HOUR_MS, expiresAtMs: BIRTH_MS + 24 * HOUR_MS });
const unanswered = () => new ConnectionError("No answer.", { noAnswer: "ECONNRESET" }, true);

/** A lost response that left a secret, created `laterMs` after the time of the fixtures. */
function leaving(id: string, laterMs = 0) {
  const createdAtMs = BIRTH_MS + laterMs;
  return { error: unanswered(), done: toHeld({ id, createdAtMs, expiresAtMs: createdAtMs + 720 * HOUR_MS }) };
}

async function create(faults: Faults, initial: readonly HeldSecret[] = [old], policy: Partial<SlotPolicy> = {}) {
  const roles = { [old.id]: "current" } as const;
  const { process, operation, calls, held, lines } = createFakeAtlas(initial, { roles, ...faults });
  const work = createSecret(process, operation, { ...REQUEST, policy: toPolicy(policy) });
  const result = await work.catch((error: unknown) => error);
  const message = result instanceof Error ? result.message : undefined;
  const created = process.known.createdOn(CLIENT_ID).map(({ id }) => id);
  const shown = lines.filter((line) => !line.startsWith("Waiting"));
  return { result, message, calls, lines: shown, created, held: held.map(({ id }) => id) };
}

describe("a creation whose response was lost", () => {
  it("is asked for once more when nothing of it shows", async () => {
    const { message, calls, held } = await create({ create: [unanswered()] });
    expect(message).toBeUndefined();
    expect(calls).toEqual([...SETTLED, ...ENDS_WELL]);
    expect(held).toEqual([old.id, IDS[2]]);
  });

  it("is asked for once more after what it left was deleted", async () => {
    const { message, calls, held, lines, created } = await create({ create: [leaving(IDS[1])] });
    expect(message).toBeUndefined();
    expect(calls).toEqual([...SETTLED, `delete ${IDS[1]}`, ...ENDS_WELL]);
    expect(held).toEqual([old.id, IDS[2]]);
    expect(created).toEqual([IDS[2]]);
    expect(lines).toEqual([expect.stringContaining(IDS[1])]);
  });

  it("is asked for no third time", async () => {
    const { message = "", calls, held, created } = await create({ create: unanswered() });
    expect(calls).toEqual([...SETTLED, ...SETTLED]);
    expect({ held, created }).toEqual({ held: [old.id], created: [] });
    expect(message).toBe(
      "No answer. It was asked for 2 times; nothing of that was left on the account when last looked at. " +
        "The next 'pulumi up' starts over.",
    );
  });

  it("leaves nothing behind when it left a secret both times", async () => {
    // The second one is sent after a pause of half a minute.
    const { message = "", held } = await create({ create: [leaving(IDS[1]), leaving(IDS[2], 30_000)] });
    expect(held).toEqual([old.id]);
    expect(message).toContain(`Deleted before that: ${IDS[1]} and ${IDS[2]}.`);
  });

  it("ends when the outcome is ambiguous: nothing more is asked for or deleted", async () => {
    const used = { ...leaving(IDS[1]).done, lastUsedAtMs: BIRTH_MS + 1_000 };
    const { message = "", calls, held } = await create({ create: [{ error: unanswered(), done: used }] });
    expect(calls).toEqual(["look", CREATE, "look", "look"]);
    expect(held).toEqual([old.id, IDS[1]]);
    expect(message).toContain("Nothing of that was deleted");
    expect(message).toContain(IDS[1]);
  });

  it("spares what somebody else created while it waited for its turn", async () => {
    const foreign = toHeld({
      id: IDS[1],
      createdAtMs: BIRTH_MS + 20_000,
      expiresAtMs: BIRTH_MS + 20_000 + 720 * HOUR_MS,
    });
    const { message = "", held } = await create({
      create: [unanswered()],
      queueMs: 60_000,
      beforeLook: (list, look) => {
        if (look === 2) list.push(foreign);
      },
    });
    expect(held).toEqual([old.id, foreign.id]);
    expect(message).toContain("created before this request was sent");
  });

  it("removes what Atlas created at the end of a long request", async () => {
    const { message, held } = await create({ create: [leaving(IDS[1], 29_000)], requestMs: 29_000 });
    expect(message).toBeUndefined();
    expect(held).toEqual([old.id, IDS[2]]);
  });

  it("is told of when the next step fails", async () => {
    const refusal = new RejectionError("Refused.", { status: 403 });
    const { message = "" } = await create({ create: [leaving(IDS[1]), refusal] });
    expect(message).toMatch(
      /^Refused\. When last looked at, .* Nothing was created\. Deleted before that: a+2\. An earlier request of this run/,
    );
    expect(message).toContain("The next 'pulumi up' starts over.");
  });

  it("is told of, with the id of what may be its secret, when that shows too late and fills the account", async () => {
    const { done: late } = leaving(IDS[1]);
    const { result, message = "" } = await create({
      create: [unanswered()],
      beforeLook: (list, look) => {
        if (look === 4) list.push(late);
      },
    });
    expect(result).toMatchObject({ code: "account-full", holders: [old.id, late.id] });
    expect(message).toContain("An earlier request of this run stayed without a usable answer");
    expect(message).toContain(`/${late.id} --all-stacks'`);
  });

  it("keeps what was deleted for it out of the search, although Atlas still shows that", async () => {
    const removable = toHeld({ id: IDS[1], createdAtMs: BIRTH_MS - HOUR_MS, expiresAtMs: BIRTH_MS + HOUR_MS });
    const { message, calls } = await create(
      {
        create: [unanswered()],
        beforeLook: (list, look) => {
          if (look === 3) list.push(removable);
        },
      },
      [old, removable],
      { mayRemove: [removable.id] },
    );
    expect(message).toBeUndefined();
    expect(calls).toEqual(["look", `delete ${removable.id}`, ...SETTLED, ...ENDS_WELL]);
  });
});
