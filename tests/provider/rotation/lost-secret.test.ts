import type { HeldSecret } from "../../../provider/src/atlas/types.js";
import { HOUR_MS, MINUTE_MS } from "../../../provider/src/clock.js";
import {
  decideLostSecret,
  type LostCreation,
  SERVER_TIME_MARGIN_MS,
} from "../../../provider/src/rotation/lost-secret.js";
import { BIRTH_MS, IDS, toHeld } from "../fixtures/values.js";

/** Sent at the time of the fixtures and given up half a minute later, for 720 hours. */
const SENT_MS = BIRTH_MS;
const GIVEN_UP_MS = BIRTH_MS + MINUTE_MS / 2;
const MARGIN_MS = SERVER_TIME_MARGIN_MS;

const old = toHeld({ createdAtMs: BIRTH_MS - 24 * HOUR_MS, expiresAtMs: BIRTH_MS + 24 * HOUR_MS });

/** The lost secret, created `laterMs` after the request was sent; it lives 720 hours and was never used. */
function toLost({ laterMs = 1_000, livesMs = 720 * HOUR_MS, ...changes }: Partial<HeldSecret> & Ages = {}): HeldSecret {
  const createdAtMs = SENT_MS + laterMs;
  return toHeld({ id: IDS[1], createdAtMs, expiresAtMs: createdAtMs + livesMs, ...changes });
}

interface Ages {
  readonly laterMs?: number;
  readonly livesMs?: number;
}

/** One lost secret, evidently. */
const EVIDENT: LostCreation = {
  before: [old],
  after: [old, toLost()],
  hours: 720,
  serverTimes: { sentMs: SENT_MS, givenUpMs: GIVEN_UP_MS },
};

const decide = (changes: Partial<LostCreation> = {}) => decideLostSecret({ ...EVIDENT, ...changes });

describe("decideLostSecret", () => {
  it("finds the one new secret that can be nothing else", () => {
    expect(decide()).toEqual({ action: "delete", reason: "LostSecretEvident", secret: toLost() });
  });

  it("finds it on an account that held none before", () => {
    expect(decide({ before: [], after: [toLost()] })).toMatchObject({ action: "delete", secret: { id: IDS[1] } });
  });

  it("finds it whatever the order in which Atlas lists them", () => {
    expect(decide({ after: [toLost(), old] })).toMatchObject({ action: "delete", secret: { id: IDS[1] } });
  });

  it.each([
    { name: "the account is as before", before: [old], after: [old] },
    { name: "the account is empty as before", before: [], after: [] },
    { name: "what was there is gone", before: [old], after: [] },
    { name: "a known one was created just then, as this process did it", before: [toLost()], after: [toLost()] },
  ])("lets the creation be asked for again when $name", ({ before, after }) => {
    expect(decide({ before, after })).toEqual({ action: "ask-again", reason: "NothingNew" });
  });

  it.each([
    { name: "created two seconds before it was sent", laterMs: -MARGIN_MS, evident: true },
    { name: "created a millisecond before that", laterMs: -MARGIN_MS - 1, evident: false },
    { name: "created two seconds after it was given up", laterMs: MINUTE_MS / 2 + MARGIN_MS, evident: true },
    { name: "created a millisecond after that", laterMs: MINUTE_MS / 2 + MARGIN_MS + 1, evident: false },
    { name: "that lives two seconds less than asked for", livesMs: 720 * HOUR_MS - MARGIN_MS, evident: true },
    { name: "that lives a millisecond less than that", livesMs: 720 * HOUR_MS - MARGIN_MS - 1, evident: false },
    { name: "that lives two seconds longer than asked for", livesMs: 720 * HOUR_MS + MARGIN_MS, evident: true },
    { name: "that lives a millisecond longer than that", livesMs: 720 * HOUR_MS + MARGIN_MS + 1, evident: false },
    { name: "cut to seven days by somebody's creation", livesMs: 168 * HOUR_MS, evident: false },
    { name: "never used", evident: true },
    { name: "used at its birth", lastUsedAtMs: SENT_MS + 1_000, evident: false },
    { name: "used at a time before its birth", lastUsedAtMs: 0, evident: false },
    { name: "used later", lastUsedAtMs: GIVEN_UP_MS, evident: false },
  ])("is sure of one $name: $evident", ({ evident, name: _name, ...changes }) => {
    const verdict = decide({ after: [old, toLost(changes)] });
    expect(verdict.action).toBe(evident ? "delete" : "stop");
  });
});

describe("decideLostSecret, in doubt", () => {
  const foreign = toLost({ id: IDS[2] });
  it.each([
    { name: "two are new", changes: { before: [], after: [toLost(), foreign] }, why: "more than one of them is new" },
    {
      name: "two are new and the old one is gone, so that the number fits",
      changes: { after: [toLost(), foreign] },
      why: "more than one of them is new",
    },
    {
      name: "two are new beside the old one",
      changes: { after: [old, toLost(), foreign] },
      why: "more than one of them is new",
    },
    { name: "the old one is gone", changes: { after: [toLost()] }, why: "others changed the account" },
    {
      name: "one of two old ones is gone",
      changes: { before: [old, foreign], after: [old, toLost()] },
      why: "others changed the account",
    },
    {
      name: "Atlas lists one twice",
      changes: { after: [old, old, toLost()] },
      why: "others changed the account",
    },
    { name: "the server's time is not known", changes: { serverTimes: undefined }, why: "no time to compare with" },
    {
      name: "it is older than the request",
      changes: { after: [old, toLost({ laterMs: -MINUTE_MS })] },
      why: "before this request was sent",
    },
    {
      name: "it is younger than the request",
      changes: { after: [old, toLost({ laterMs: MINUTE_MS })] },
      why: "after this request was given up",
    },
    {
      name: "it lives longer",
      changes: { after: [old, toLost({ livesMs: 721 * HOUR_MS })] },
      why: "not the 720 h of this request",
    },
    { name: "it is used", changes: { after: [old, toLost({ lastUsedAtMs: GIVEN_UP_MS })] }, why: "it is in use" },
  ])("stops when $name, with all that is new and the reason", ({ changes, why }) => {
    const verdict = decide(changes);
    const { before, after } = { ...EVIDENT, ...changes };
    const fresh = after.filter(({ id }) => !before.some((known) => known.id === id));
    expect(verdict).toMatchObject({ action: "stop", reason: "NotEvident", suspects: fresh });
    const message = verdict.action === "stop" ? verdict.message : "";
    expect(message).toContain(why);
    for (const { id } of fresh) expect(message).toContain(id);
    expect(message).not.toContain(old.id);
  });
});
