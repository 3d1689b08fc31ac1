/** What happens when the secret that a lost response left cannot be deleted, or may not. */

import { GRACE_MS } from "../../../provider/src/account/lost-response.js";
import { ConnectionError, RejectionError } from "../../../provider/src/errors.js";
import { LOOKS, lost, old, settle, toCommand } from "../fixtures/lost-response.js";
import { BIRTH_MS, SECRET_VALUE } from "../fixtures/values.js";

describe("settleLostResponse, when the lost secret cannot be deleted", () => {
  const cut = () => new ConnectionError("Could not delete it: no answer.", {}, true);
  const DELETE = `delete ${lost.id}`;

  it("tries again after a look that still shows it", async () => {
    const { message, calls, slept } = await settle({ held: [old, lost], delete: [cut(), cut()] });
    expect(message).toBeUndefined();
    expect(calls).toEqual([...LOOKS, DELETE, "look", DELETE, "look", DELETE]);
    expect(slept).toEqual([GRACE_MS, 1_000, 2_000]);
  });

  it("does not try again what was carried out without an answer", async () => {
    const { message, calls } = await settle({ held: [old, lost], delete: [{ error: cut(), done: true }] });
    expect({ message, calls }).toEqual({ message: undefined, calls: [...LOOKS, DELETE, "look"] });
  });

  it.each([400, 404, 410])("is content when somebody else has deleted it, by a look after the %i", async (status) => {
    const gone = { error: new RejectionError("Not found.", { status }), done: true } as const;
    const { message, calls } = await settle({ held: [old, lost], delete: [gone] });
    expect({ message, calls }).toEqual({ message: undefined, calls: [...LOOKS, DELETE, "look"] });
  });

  it.each([
    { name: "four times", failure: cut(), deletions: 4 },
    { name: "for good", failure: new RejectionError("Not allowed.", { status: 403 }), deletions: 1 },
    {
      name: "as the engine is gone",
      failure: new ConnectionError("Ended.", { noAnswer: "engine-gone" }, false),
      deletions: 1,
    },
  ])("stops with its id and the command when that fails $name", async ({ failure, deletions }) => {
    const { message = "", calls } = await settle({ held: [old, lost], delete: failure });
    expect(calls.filter((call) => call === DELETE)).toHaveLength(deletions);
    expect(message).toMatch(/^\S.*\. It had created secret/);
    for (const text of [
      `It had created secret ${lost.id}`,
      failure.message,
      toCommand(lost.id),
      "The next 'pulumi up'",
    ]) {
      expect(message).toContain(text);
    }
  });

  it("stops when it is used by then", async () => {
    const {
      message = "",
      calls,
      held,
    } = await settle({
      held: [old, lost],
      delete: cut(),
      beforeLook: (list, look) => {
        if (look === 3) list.splice(1, 1, { ...lost, lastUsedAtMs: BIRTH_MS + 31_000 });
      },
    });
    expect(calls).toEqual([...LOOKS, DELETE, "look"]);
    expect(held).toEqual([old.id, lost.id]);
    expect(message).toContain("It was not deleted");
    expect(message).toContain("it is in use");
  });

  it("stops when the look after a failed DELETE fails, and still names it", async () => {
    const { message = "", calls } = await settle({
      held: [old, lost],
      delete: cut(),
      look: [undefined, undefined, new RejectionError("Not allowed.", { status: 403 })],
    });
    expect(calls).toEqual([...LOOKS, DELETE, "look"]);
    for (const text of [lost.id, "no answer.", "Not allowed.", toCommand(lost.id)]) expect(message).toContain(text);
  });

  it.each([
    { name: "its mask ends as the credential does", mask: "mdb_sa_sk_...wxyz", deleted: false },
    { name: "it has no mask", mask: undefined, deleted: false },
    { name: "its mask ends otherwise", mask: "mdb_sa_sk_...qrst", deleted: true },
  ])("never deletes what may be the own credential: $name", async ({ mask, deleted }) => {
    const made = { ...lost, ...(mask !== undefined && { maskedSecretValue: mask }) };
    const { message, held } = await settle({ held: [old, made], credential: SECRET_VALUE });
    expect(held.includes(lost.id)).toBe(!deleted);
    if (!deleted) expect(message).toContain(`It had created secret ${lost.id}`);
    // The verdict says that by itself.
    expect(message ?? "").not.toContain("It was not deleted");
    expect(message ?? "").not.toContain(SECRET_VALUE);
  });
});
