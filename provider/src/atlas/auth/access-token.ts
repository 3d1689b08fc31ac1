/** A ready access token from the settings: used as it is, never renewed. */
import { Sensitive } from "../../sensitive.js";
import { type Authenticator, STOP } from "./authenticator.js";

/** Authenticates with an access token that somebody else minted. */
export function createAccessTokenAuthenticator(token: Sensitive): Authenticator {
  const header = new Sensitive(`Bearer ${Sensitive.reveal(token)}`);
  return {
    fetchAuthorization: async () => header,
    decideRetry: () => STOP,
    knownValues: () => [token],
  };
}
