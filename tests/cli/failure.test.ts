/** What the terminal is told of a failure: one sentence, and nothing that could be a value. */
import { CliFailure, toToldFailure } from "../../cli/src/failure.js";
import { parseSource } from "../../cli/src/sources/files.js";
import { toExport } from "./sources/states.js";

const VALUES = {
  secret: "mdb_sa_sk_FAKE-not-a-real-secret-000000000000",
  ciphertext: "v1:RkFLRSBub3QgcmVhbA==:RkFLRS1jaXBoZXJ0ZXh0LW5vdC1hLXJlYWwtb25l",
  token: "eyJGQUtF.bm90LWEtcmVhbC10b2tlbg.RkFLRQ",
};

describe("a failure", () => {
  it.each(Object.entries(VALUES))("that nobody foresaw tells no %s", (_, value) => {
    for (const text of [value, `cannot read '${value}'`, `a="${value}", b`]) {
      const { message, exitCode } = toToldFailure(new TypeError(text));
      expect(message).toMatch(/^unexpected failure \(TypeError\): .*\[withheld\]/);
      expect(message).not.toContain(value.slice(-12));
      expect(exitCode).toBe(2);
    }
  });

  it("is one line, whatever its text holds", () => {
    expect(toToldFailure(new CliFailure("a\n  b\u001b[2J")).message).toBe("a b\\u{1b}[2J");
  });
});

describe("a source", () => {
  it("may begin with a byte order mark", () => {
    expect(parseSource(`\ufeff${toExport([])}`, "state.json").source).toEqual({
      name: "state.json",
      kind: "stack-export",
    });
  });
});
