/**
 * Words for messages. Policies see secrets in plaintext, and a value can stand wherever a user put it by mistake: in an id, a
 * property's name, a resource's name. So a message repeats nothing but numbers, times, and what has the exact form of an id.
 */

const CLIENT_ID = /^mdb_sa_id_[a-fA-F\d]{24}$/;
const OBJECT_ID = /^[a-f0-9]{24}$/;

/** The account in words; its client id only if it is one. */
export function describeAccount(clientId: unknown): string {
  return typeof clientId === "string" && CLIENT_ID.test(clientId)
    ? `Service account ${clientId}`
    : "The service account";
}

/** The id of a secret, or words in its place. */
export function describeSecretId(secretId: unknown): string {
  return typeof secretId === "string" && OBJECT_ID.test(secretId) ? secretId : "without a usable id";
}

/** A value of a service account's secret, anywhere in a text. @see https://www.mongodb.com/docs/atlas/api/service-accounts-overview/ */
const SECRET_SHAPE = /mdb_sa_sk_[A-Za-z0-9_-]{20,}/;

/** Whether the text holds one of the values, or anything with the form of a service account's secret. */
export function holdsSecret(text: string, values: readonly string[] = []): boolean {
  return SECRET_SHAPE.test(text) || values.some((value) => text.includes(value));
}

/**
 * A name that a program could have chosen: a short one, or one of up to 60 signs in words, where digits end a word. Anything else may
 * be data, even a secret of which nothing is known here; of 30 random letters and digits, about one in 80 looks like words.
 */
const PLAIN_NAME =
  /^(?=.{1,60}$)[A-Za-z_$](?:[\w$.:/-]{0,23}|(?:[A-Za-z]|[-_$.:/]|\d{1,4}(?=[A-Z][a-z]{2}|[-_$.:/]|$))*)$/;

/** The path of a property in words, with every part that may hold a value left out. */
export function describePath(path: readonly (string | number)[], values: readonly string[]): string {
  const parts = path.map((part) => {
    if (typeof part === "number") return `[${part}]`;
    return PLAIN_NAME.test(part) && !holdsSecret(part, values) ? `.${part}` : ".(a name that is not shown)";
  });
  return parts.join("").replace(/^\./, "");
}
