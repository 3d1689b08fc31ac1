/** Tells which credential each request of a simulator was signed with, and so which run of a test sent it. */
import type { Exchange } from "pulumi-atlas-secrets-simulator";

/** A request that was served. */
export interface SentRequest {
  readonly method: string;
  /** Path with query. */
  readonly target: string;
  readonly status: number | undefined;
  /**
   * Client id of the credential. A mint with a secret that a run created counts as that run's, since nobody else knows the
   * value.
   */
  readonly sender: string;
}

export class Traffic {
  readonly sent: SentRequest[] = [];
  /** Senders by the value that they present: an access token, or a secret that they created. */
  readonly #owners = new Map<string, string>();

  /** To be given to the simulator. */
  readonly observe = (exchange: Exchange): void => {
    const { method, target, outcome } = exchange;
    const sender = this.#toSender(exchange);
    this.sent.push({ method, target, status: outcome.kind === "closed" ? undefined : outcome.status, sender });
    if (outcome.kind === "closed") return;
    const { access_token: token, secret } = parse(outcome.body);
    for (const value of [token, secret]) if (value !== undefined) this.#owners.set(value, sender);
  };

  /** What a sender sent since the given number of requests in all. */
  sentBy(sender: string, since = 0): SentRequest[] {
    return this.sent.slice(since).filter((request) => request.sender === sender);
  }

  #toSender({ headers }: Exchange): string {
    const [scheme, value = ""] = String(headers.authorization ?? "").split(" ");
    if (scheme === "Bearer") return this.#owners.get(value) ?? "unknown";
    const [clientId = "", ...secret] = Buffer.from(value, "base64").toString("utf8").split(":");
    return this.#owners.get(secret.join(":")) ?? clientId;
  }
}

function parse(body: string): { access_token?: string; secret?: string } {
  try {
    return JSON.parse(body) as { access_token?: string; secret?: string };
  } catch {
    return {};
  }
}
