/** The alerts of the guide ask for what the audit writes: every metric and label of theirs has a sample. */
import parsePrometheus from "parse-prometheus-text-format";
import { parse } from "yaml";
import { RENDERERS } from "../../cli/src/render/index.js";
import { SHOP_REPORT } from "../cli/page/shop.js";
import { findCodeBlocks } from "./documents.js";

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

const blocks = findCodeBlocks("docs/guides/monitoring.md");
const { groups } = parse(blocks.find(({ language }) => language === "yaml")?.code ?? "") as Rules;
const rules = groups.flatMap((group) => group.rules);
const families = parsePrometheus(
  String(RENDERERS.openmetrics(SHOP_REPORT, { hasColors: false })).replace("# EOF\n", ""),
);

/** Whether the audit writes a sample with these labels. */
function hasSample(name: string, labels: string): boolean {
  const wanted = [...labels.matchAll(/(\w+)="([^"]*)"/g)];
  const samples = families.find((family) => family.name === name)?.metrics ?? [];
  return samples.some((sample) => wanted.every(([, label = "", value]) => sample.labels?.[label] === value));
}

it.each(rules)("$alert asks for what there is", ({ expr }) => {
  const selectors = [...expr.matchAll(/\b(atlas_sa_\w+)(?:\{([^}]*)\})?/g)];
  expect(selectors.length).toBeGreaterThan(0);
  expect(selectors.filter(([, name = "", labels = ""]) => !hasSample(name, labels)).map(([text]) => text)).toEqual([]);
});

it("has alerts for an audit that does not run, secrets that end, and rotations that do not come", () => {
  expect(rules.length).toBe(5);
});

it("joins names by a label that both metrics have", () => {
  const joined = blocks.find(({ code }) => code.includes("group_left"))?.code ?? "";
  const [, label = ""] = /on \((\w+)\)/.exec(joined) ?? [];
  const metrics = [...joined.matchAll(/atlas_sa_\w+/g)].map(([name]) =>
    families.find((family) => family.name === name),
  );
  expect(metrics.map((family) => family?.metrics.every(({ labels }) => labels?.[label] !== undefined))).toEqual([
    true,
    true,
  ]);
});
