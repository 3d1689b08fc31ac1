/**
 * Which secrets a text offers for removal: what a person who follows it may delete, or lets the provider delete, without anything
 * that looks at the states first. `atlas-secrets remove ... --all-stacks` is no offer: it refuses what a state records.
 */

/** Words that call a secret nobody's, of the id in their sentence. */
const NOBODYS = /it can go|may go now|nobody knows (?:its|the) value|delete one of them|deletes? it by hand/i;

/** What was done is no offer. */
const DONE = /is deleted|was deleted|were deleted/;

const ID = /\b[a-f0-9]{24}\b/g;

/** Ids that a text offers for removal. */
export function findOffers(text: string): Set<string> {
  const offered = new Set<string>();
  const add = (part: string) => {
    for (const [id] of part.matchAll(ID)) offered.add(id);
  };
  for (const [, id = ""] of text.matchAll(/(?:atlas api|delete(?:Group|Org)Secret)[^'\n]*?--secretId ([a-f0-9]{24})/g))
    offered.add(id);
  for (const sentence of text.split(/\. |\n|; /)) {
    if (DONE.test(sentence)) continue;
    if (NOBODYS.test(sentence)) add(sentence);
    if (/mayRemove/.test(sentence)) add(sentence);
    // The holder is named before, the way out after it.
    if (/was left by a killed run/.test(sentence) && /set exclusive/.test(text)) add(sentence.split(" (")[0] ?? "");
    if (/exclusive: true/.test(sentence)) add(withoutCommands(sentence));
  }
  for (const [, id = ""] of text.matchAll(/--force ([a-f0-9]{24})/g)) if (!saysInUse(text, id)) offered.add(id);
  return offered;
}

/** Whether the text warns that the secret waits for its deletion, and may be in use until then. */
function saysInUse(text: string, id: string): boolean {
  return new RegExp(`${id}[^.]*waits for its deletion, and may be in use`).test(text);
}

/** A sentence without the commands that look first. */
function withoutCommands(sentence: string): string {
  return sentence.replace(/'atlas-secrets remove [^']*'/g, "");
}
