/** The shapes of Atlas's ids. What lacks its shape may be a credential that was put in the wrong place: it is never shown. */

/** A project, an organization or a secret. */
export const OBJECT_ID = /^[a-f0-9]{24}$/;

/** A service account. Atlas writes it in lower case; both cases mean the same. */
export const CLIENT_ID = /^mdb_sa_id_[a-fA-F\d]{24}$/;

/** The one form of a client id in which two that mean the same are equal. */
export function toComparableClientId(clientId: string): string {
  return clientId.toLowerCase();
}

/** Whether two client ids name one service account. */
export function isSameClientId(a: string, b: string): boolean {
  return toComparableClientId(a) === toComparableClientId(b);
}

/** An id for a message; what is not shaped like one is not repeated. */
export function describeId(id: string): string {
  return OBJECT_ID.test(id) || CLIENT_ID.test(id) ? id : "[not an id]";
}
