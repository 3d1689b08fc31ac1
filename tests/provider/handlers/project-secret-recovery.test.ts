/** What the engine's calls do when answers are lost, from the request to the outputs or the error that the user reads. */
import { inspect } from "node:util";
import type { NoAnswer } from "../../../provider/src/atlas/transport.js";
import { createProjectSecretHandlers } from "../../../provider/src/handlers/plain-secret.js";
import {
  createScriptedTransport,
  HEALTHY,
  LISTED,
  REQUESTS,
  type Script,
  toAnswer,
} from "../fixtures/scripted-transport.js";
import { CLIENT_ID, createFakeClock, DESIRED, IDS, OUTPUTS, PROJECT_ID, SECRET_VALUE } from "../fixtures/values.js";

const ID = `${PROJECT_ID}/${CLIENT_ID}/${IDS[0]}`;
const CUT: NoAnswer = { kind: "no-answer", cause: "ECONNRESET", mayHaveBeenApplied: true };
const EMPTY = toAnswer(200, { clientId: CLIENT_ID, secrets: [] });

function createHandlers(answers: Readonly<Record<string, Script>>) {
  const lines: string[] = [];
  const { transport, sent } = createScriptedTransport({ ...HEALTHY, ...answers });
  const handlers = createProjectSecretHandlers({
    clock: createFakeClock(),
    env: { MONGODB_ATLAS_ACCESS_TOKEN: "not-a-real-token-of-the-provider" },
    report: (line) => void lines.push(line),
    transport,
  });
  return { handlers, lines, sent };
}

/** What the work fails with. */
async function catchError(work: Promise<unknown>): Promise<Error> {
  const result = await work.catch((error: unknown) => error);
  if (!(result instanceof Error)) throw new Error(`it did not fail: ${inspect(result)}`);
  return result;
}

describe("createProjectSecretHandlers, create after a lost answer", () => {
  // The clock of the fixtures stands still during a request: what that left was created at just that time.
  const holdsLeft = toAnswer(200, { clientId: CLIENT_ID, secrets: [{ ...LISTED, id: IDS[2] }] });
  const deleteLeft = REQUESTS.delete.replace(IDS[0], IDS[2]);
  const { look, create, mint } = REQUESTS;

  it("deletes what that left, and gives the outputs of the one that was asked for again", async () => {
    const { handlers, sent, lines } = createHandlers({
      [look]: [EMPTY, holdsLeft, holdsLeft, EMPTY],
      [create]: [CUT, toAnswer(201, { ...LISTED, id: IDS[1], secret: SECRET_VALUE })],
      [deleteLeft]: toAnswer(204),
    });
    const { outs } = await handlers.create(DESIRED);
    expect(outs).toMatchObject({ secretId: IDS[1], status: "active", secret: { value: SECRET_VALUE } });
    expect(sent).toEqual([look, create, look, look, deleteLeft, look, create, mint]);
    expect(lines).toEqual([expect.stringMatching(/^Waiting 30 s, until /), expect.stringContaining(IDS[2])]);
  });

  it("fails with its id and the command when it may not be deleted, without a stack that would hide them", async () => {
    const { handlers, sent } = createHandlers({
      [look]: [EMPTY, holdsLeft],
      [create]: CUT,
      [deleteLeft]: toAnswer(403),
    });
    const error = await catchError(handlers.create(DESIRED));
    expect(error).toMatchObject({ code: "connection", mayHaveBeenApplied: true });
    expect(error.message).toContain(
      `In 10 minutes, 'atlas-secrets remove ${PROJECT_ID}/${CLIENT_ID}/${IDS[2]} --all-stacks'`,
    );
    expect(error.stack).not.toMatch(/\n\s+at /);
    expect(sent).toEqual([look, create, look, look, deleteLeft]);
  });

  it("names the secret that it deletes for a lost answer never as recorded", async () => {
    const { handlers } = createHandlers({
      [look]: [EMPTY, holdsLeft, holdsLeft, EMPTY],
      [create]: [CUT, toAnswer(201, { ...LISTED, id: IDS[1], secret: SECRET_VALUE })],
      [deleteLeft]: toAnswer(204),
    });
    const { id, outs } = await handlers.create(DESIRED);
    expect(inspect({ id, outs }, { depth: 10 })).not.toContain(IDS[2]);
  });
});

describe("createProjectSecretHandlers, delete after a lost answer", () => {
  const { look, delete: remove } = REQUESTS;

  it("looks whether it was carried out, and sends the DELETE again", async () => {
    const { handlers, sent } = createHandlers({ [remove]: [CUT, toAnswer(503), toAnswer(204)] });
    await handlers.delete(ID, OUTPUTS);
    expect(sent).toEqual([remove, look, remove, look, remove]);
  });

  it("succeeds when it was carried out", async () => {
    const { handlers, sent } = createHandlers({ [remove]: CUT, [look]: EMPTY });
    await handlers.delete(ID, OUTPUTS);
    expect(sent).toEqual([remove, look]);
  });

  it("gives up after four tries, with the id of what stands in doubt", async () => {
    const { handlers, sent } = createHandlers({ [remove]: CUT });
    const error = await catchError(handlers.delete(ID, OUTPUTS));
    expect(error).toMatchObject({ code: "connection", mayHaveBeenApplied: true });
    expect(error.message).toContain(IDS[0]);
    expect(sent.filter((request) => request === remove)).toHaveLength(4);
  });
});
