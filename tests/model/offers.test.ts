/** The search for offers finds those of texts that once were printed, and none in those that replaced them. */
import { findOffers } from "./offers.js";

const [A, B] = ["aaaaaaaaaaaaaaaaaaaaaaa1", "aaaaaaaaaaaaaaaaaaaaaaa2"];
const PROJECT = "0123456789abcdef01234567";
const CLIENT = "mdb_sa_id_0123456789abcdef01234567";
const COMMAND = `atlas-secrets remove ${PROJECT}/${CLIENT}/${A} --all-stacks`;

const OFFERS = {
  "a raw command": `To delete it: 'atlas api serviceAccounts deleteGroupSecret --groupId ${PROJECT} --clientId ${CLIENT} --secretId ${A}'.`,
  "mayRemove with the id": `Ways out: (1) put ${A} into mayRemove; (2) wait until 2026-03-08T08:10:00Z.`,
  "the word that it can go": `${A} (created 2026-03-01T08:00:00Z, never used) is what a killed run left: nobody knows its value, it can go.`,
  "exclusive for it": `${A} (created 2026-03-01T08:00:00Z, expires 2026-03-31T08:00:00Z, never used) was left by a killed run, by all that is known. Ways out: (1) set exclusive: true, if nobody else creates secrets on this account.`,
  "a forced command without a warning": `both slots are taken. ${A} is recorded as current. Ways out: (1) '${COMMAND} --force ${A}'.`,
  "one of two holders": `both slots are taken: ${A} and ${B}. Ways out: delete one of them that nobody uses: ${A}.`,
};

const NONE = {
  "the command that looks at the states": `If no state records it and nobody uses it, '${COMMAND}' deletes it after looking.`,
  "a forced command for what the text says to wait for its deletion": `both slots are taken. ${A} (created 2026-03-01T08:00:00Z, never used) was replaced, waits for its deletion, and may be in use until then. Ways out: (1) when you know that nothing uses it, '${COMMAND} --force ${A}'.`,
  "what was done": `secret ${A} (created 2026-03-01T08:00:00Z, never used) is deleted to free its slot: mayRemove names it.`,
  "a holder": `${A} (created 2026-03-01T08:00:00Z, never used) is recorded as current, and stays while it lives.`,
};

describe("findOffers", () => {
  it.each(Object.entries(OFFERS))("finds %s", (_name, text) => {
    expect(findOffers(text)).toContain(A);
  });

  it.each(Object.entries(NONE))("does not take for one: %s", (_name, text) => {
    expect([...findOffers(text)]).toEqual([]);
  });
});
