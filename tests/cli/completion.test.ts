/** The scripts by which shells complete: run by the shells themselves. */
import { execFileSync } from "node:child_process";
import { COMMANDS } from "../../cli/src/program.js";
import { runHere } from "./audit/command.js";

const script = async (shell: string) => (await runHere(["completion", shell])).stdout;

/** What bash would offer for the last of these words. */
function complete(text: string, words: readonly string[]): string[] {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const ask = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _atlas_secrets; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", `${text}\n${ask}`], { encoding: "utf8" })
    .split("\n")
    .filter(Boolean);
}

describe("atlas-secrets completion", () => {
  it("offers bash the commands, their options, and the choices of one", async () => {
    const text = await script("bash");
    expect(complete(text, ["atlas-secrets", ""])).toEqual([...COMMANDS.map(({ name }) => name), "--help", "--version"]);
    expect(complete(text, ["atlas-secrets", "audit", "--all"])).toEqual(
      ["--all-stacks", "--allow-empty"].filter((one) => one.startsWith("--all")),
    );
    expect(complete(text, ["atlas-secrets", "plan", "--format", ""])).toContain("ics");
    expect(complete(text, ["atlas-secrets", "remove", "--format", "-"])).not.toContain("--format");
  });

  it("prints a script for zsh and for fish, and refuses another shell", async () => {
    expect(await script("zsh")).toContain("bashcompinit");
    const fish = await script("fish");
    for (const { name } of COMMANDS) expect(fish).toContain(`-a ${name} `);
    expect(fish).toMatch(/^complete -c atlas-secrets -n '__fish_seen_subcommand_from audit' -l stack -s s -r -d '/m);
    const { code, stderr } = await runHere(["completion", "tcsh"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: "atlas-secrets: There is a script for bash, zsh, fish.\n" });
  });
});
