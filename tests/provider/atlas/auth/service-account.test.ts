import type { Authenticator } from "../../../../provider/src/atlas/auth/authenticator.js";
import { createServiceAccountAuthenticator } from "../../../../provider/src/atlas/auth/service-account.js";
import type { Answer } from "../../../../provider/src/atlas/transport.js";
import type { MintedToken } from "../../../../provider/src/atlas/wire.js";
import { AuthenticationError } from "../../../../provider/src/errors.js";
import { Sensitive } from "../../../../provider/src/sensitive.js";
import { createFakeClock, SECRET_VALUE } from "../../fixtures/values.js";

const REQUEST = { method: "GET", path: "/" };

function toAnswer(status: number): Answer {
  return { kind: "answer", status, headers: {}, body: "" };
}

/** Whether it would send a request again that was answered so, after `tries` tries with `used`. */
function shouldRetry(authenticator: Authenticator, answer: Answer, used: Sensitive | undefined, tries = 1): boolean {
  return authenticator.decideRetry(answer, used ? Array(tries).fill(used) : []).action === "retry";
}

/** An authenticator whose mints give `token-1`, `token-2`, ... that live `lifetimeMs`. */
function create(lifetimeMs = 3_600_000) {
  const clock = createFakeClock();
  const state = { mints: 0, revoked: [] as string[], failure: undefined as AuthenticationError | undefined };
  const mint = async (): Promise<MintedToken> => {
    state.mints += 1;
    const number = state.mints;
    await Promise.resolve();
    if (state.failure) throw state.failure;
    return { token: new Sensitive(`token-${number}`), lifetimeMs };
  };
  const revoke = async (token: Sensitive) => void state.revoked.push(Sensitive.reveal(token));
  const clientSecret = new Sensitive(SECRET_VALUE);
  const authenticator = createServiceAccountAuthenticator({ clientSecret, mint, revoke, clock });
  const fetchHeader = async () => {
    const header = await authenticator.fetchAuthorization(REQUEST);
    return header && Sensitive.reveal(header);
  };
  return { clock, state, authenticator, fetchHeader };
}

describe("createServiceAccountAuthenticator", () => {
  it("mints nothing before the first request", () => {
    expect(create().state.mints).toBe(0);
  });

  it("mints once for requests that come at once, and for those that follow", async () => {
    const { state, fetchHeader } = create();
    const headers = await Promise.all(Array.from({ length: 50 }, fetchHeader));
    expect(new Set([...headers, await fetchHeader()])).toEqual(new Set(["Bearer token-1"]));
    expect(state.mints).toBe(1);
  });

  it.each([
    { name: "an hour, by two minutes", lifetimeMs: 3_600_000, renewAfterMs: 3_480_000 },
    { name: "20 minutes, by two minutes", lifetimeMs: 1_200_000, renewAfterMs: 1_080_000 },
    { name: "ten minutes, by a tenth", lifetimeMs: 600_000, renewAfterMs: 540_000 },
    { name: "one second, by a tenth", lifetimeMs: 1_000, renewAfterMs: 900 },
  ])("renews a token of $name before its end", async ({ lifetimeMs, renewAfterMs }) => {
    const { clock, state, fetchHeader } = create(lifetimeMs);
    await fetchHeader();
    clock.advance(renewAfterMs - 1);
    expect(await fetchHeader()).toBe("Bearer token-1");
    clock.advance(1);
    expect(await fetchHeader()).toBe("Bearer token-2");
    expect(state.mints).toBe(2);
  });

  it("mints once when many requests find the token at its end", async () => {
    const { clock, state, fetchHeader } = create();
    await fetchHeader();
    clock.advance(3_600_000);
    expect(new Set(await Promise.all([fetchHeader(), fetchHeader(), fetchHeader()]))).toEqual(
      new Set(["Bearer token-2"]),
    );
    expect(state.mints).toBe(2);
  });

  it("rejects all waiting requests with the mint's error, and mints anew for the next", async () => {
    const { state, fetchHeader } = create();
    const failure = new AuthenticationError("not accepted", { status: 401 });
    state.failure = failure;
    const results = await Promise.allSettled([fetchHeader(), fetchHeader()]);
    expect(results).toEqual([
      { status: "rejected", reason: failure },
      { status: "rejected", reason: failure },
    ]);
    expect(state.mints).toBe(1);
    state.failure = undefined;
    expect(await fetchHeader()).toBe("Bearer token-2");
  });
});

describe("createServiceAccountAuthenticator, after a 401", () => {
  it("mints once more for a token that worked before", async () => {
    const { state, authenticator, fetchHeader } = create();
    const used = await authenticator.fetchAuthorization(REQUEST);
    expect(shouldRetry(authenticator, toAnswer(200), used)).toBe(false);
    expect(shouldRetry(authenticator, toAnswer(401), used)).toBe(true);
    expect(await fetchHeader()).toBe("Bearer token-2");
    expect(state.mints).toBe(2);
  });

  it("gives up on a token that never worked, and does not keep it", async () => {
    const { authenticator, fetchHeader } = create();
    const used = await authenticator.fetchAuthorization(REQUEST);
    expect(shouldRetry(authenticator, toAnswer(401), used, 2)).toBe(false);
    expect(await fetchHeader()).toBe("Bearer token-2");
  });

  it("sends a request once more after a moment when its token was never accepted yet, without another mint", async () => {
    const { state, authenticator, fetchHeader } = create();
    const used = await authenticator.fetchAuthorization(REQUEST);
    const verdict = authenticator.decideRetry(toAnswer(401), used ? [used] : []);
    expect(verdict).toEqual({ action: "retry", waitMs: 1_500 });
    expect(await fetchHeader()).toBe("Bearer token-1");
    expect(state.mints).toBe(1);
  });

  it.each(["USER_UNAUTHORIZED", "NOT_ORG_OWNER", "NOT_IN_GROUP"])(
    "keeps its token when the 401 says that a role is missing: %s",
    async (errorCode) => {
      const { state, authenticator, fetchHeader } = create();
      const used = await authenticator.fetchAuthorization(REQUEST);
      const answer = { ...toAnswer(401), body: JSON.stringify({ error: 401, errorCode }) };
      expect(shouldRetry(authenticator, answer, used)).toBe(false);
      expect(await fetchHeader()).toBe("Bearer token-1");
      expect(state.mints).toBe(1);
    },
  );

  it("gives up for all requests that were sent with a token that never worked, without another mint", async () => {
    const { state, authenticator } = create();
    const used = await authenticator.fetchAuthorization(REQUEST);
    expect([1, 2, 3].map(() => shouldRetry(authenticator, toAnswer(401), used, 2))).toEqual([false, false, false]);
    // Also for one whose first answer comes only then.
    expect(shouldRetry(authenticator, toAnswer(401), used)).toBe(false);
    expect(state.mints).toBe(1);
  });

  it("gives up when the token minted for the retry is refused as well", async () => {
    const { authenticator } = create();
    const first = await authenticator.fetchAuthorization(REQUEST);
    shouldRetry(authenticator, toAnswer(200), first);
    shouldRetry(authenticator, toAnswer(401), first);
    const second = await authenticator.fetchAuthorization(REQUEST);
    expect(shouldRetry(authenticator, toAnswer(401), second, 2)).toBe(false);
  });

  it("mints once for several requests that were refused with the same token", async () => {
    const { state, authenticator, fetchHeader } = create();
    const used = await authenticator.fetchAuthorization(REQUEST);
    shouldRetry(authenticator, toAnswer(200), used);
    expect([1, 2, 3].map(() => shouldRetry(authenticator, toAnswer(401), used))).toEqual([true, true, true]);
    await Promise.all([fetchHeader(), fetchHeader(), fetchHeader()]);
    expect(state.mints).toBe(2);
  });

  it("keeps a newer token when a late 401 comes for an older one", async () => {
    const { state, authenticator, fetchHeader } = create();
    const old = await authenticator.fetchAuthorization(REQUEST);
    shouldRetry(authenticator, toAnswer(200), old);
    shouldRetry(authenticator, toAnswer(401), old);
    await fetchHeader();
    expect(shouldRetry(authenticator, toAnswer(401), old)).toBe(true);
    expect(await fetchHeader()).toBe("Bearer token-2");
    expect(state.mints).toBe(2);
  });

  it.each([200, 403, 404, 429, 500])("does not retry for status %i", async (status) => {
    const { authenticator } = create();
    const used = await authenticator.fetchAuthorization(REQUEST);
    expect(shouldRetry(authenticator, toAnswer(status), used)).toBe(false);
  });

  it("names the secret and the token as what no message may hold, also a token that was just refused", async () => {
    const { authenticator } = create();
    expect(authenticator.knownValues().map(Sensitive.reveal)).toEqual([SECRET_VALUE]);
    const used = await authenticator.fetchAuthorization(REQUEST);
    expect(authenticator.knownValues().map(Sensitive.reveal)).toEqual([SECRET_VALUE, "token-1"]);
    shouldRetry(authenticator, toAnswer(401), used);
    expect(authenticator.knownValues().map(Sensitive.reveal)).toContain("token-1");
  });
});

describe("createServiceAccountAuthenticator, at the end", () => {
  it("gives the token back that it holds, once, and mints another one for a request that comes all the same", async () => {
    const { authenticator, state, fetchHeader } = create();
    await fetchHeader();
    await authenticator.revoke?.();
    await authenticator.revoke?.();
    expect(state.revoked).toEqual(["token-1"]);
    expect(await fetchHeader()).toBe("Bearer token-2");
  });

  it("gives nothing back when it minted nothing", async () => {
    const { authenticator, state } = create();
    await authenticator.revoke?.();
    expect(state).toMatchObject({ mints: 0, revoked: [] });
  });
});
