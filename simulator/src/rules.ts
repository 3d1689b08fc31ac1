/**
 * Small rules for plain data that comes from outside: each says what is wrong with a value, or nothing. They combine into a
 * table, so that what may be given stands in one place. What is refused is named as it is given, without anything secret.
 */
import { withoutValues } from "./ids.js";

/** What is wrong with a value of that name, in words; `undefined` when nothing is. */
export type Rule = (value: unknown, name: string) => string | undefined;

/** A rule from a test and the words for what passes it. */
export function be(what: string, test: (value: unknown) => boolean): Rule {
  return (value, name) => (test(value) ? undefined : `${name} must be ${what}, not ${show(value)}`);
}

/** One of these values, nothing else. */
export function oneOf(...values: readonly unknown[]): Rule {
  return be(`one of ${values.map(show).join(", ")}`, (value) => values.includes(value));
}

/** A number, which may have a lower limit that is included. */
export function number(min = Number.NEGATIVE_INFINITY): Rule {
  return be(`a number${toLimits(min)}`, (value) => Number.isFinite(value) && Number(value) >= min);
}

/** A whole number, which may have limits that are included. */
export function whole(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): Rule {
  const isWithin = (value: number) => value >= min && value <= max;
  return be(`a whole number${toLimits(min, max)}`, (value) => Number.isInteger(value) && isWithin(Number(value)));
}

function toLimits(min: number, max = Number.POSITIVE_INFINITY): string {
  return `${Number.isFinite(min) ? ` from ${min}` : ""}${Number.isFinite(max) ? ` to ${max}` : ""}`;
}

/** A text of a form. */
export function text(what = "a text", form = /./s): Rule {
  return be(what, (value) => typeof value === "string" && form.test(value));
}

export const boolean = be("true or false", (value) => typeof value === "boolean");
export const anything: Rule = () => undefined;

/** What passes one of them; else what each says. */
export function either(...rules: readonly Rule[]): Rule {
  return (value, name) => {
    const problems = rules.map((rule) => rule(value, name));
    return problems.includes(undefined) ? undefined : problems.join(", or ");
  };
}

/** A list whose items all pass. */
export function listOf(rule: Rule): Rule {
  return (value, name) =>
    Array.isArray(value)
      ? firstOf(value.map((item, at) => rule(item, `${name}[${at}]`)))
      : `${name} must be a list, not ${show(value)}`;
}

/** An object that has all the required fields, and no others than the optional ones. */
export function fields(required: Readonly<Record<string, Rule>>, optional: Readonly<Record<string, Rule>> = {}): Rule {
  const rules = { ...optional, ...required };
  return (value, name) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return `${name} must be an object, not ${show(value)}`;
    const given = value as Readonly<Record<string, unknown>>;
    return firstOf(
      [...new Set([...Object.keys(given), ...Object.keys(required)])].map((key) => {
        const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
        return rule
          ? rule(given[key], `${name}.${key}`)
          : `${name} has no ${show(key)}; it may have ${Object.keys(rules).join(", ")}`;
      }),
    );
  };
}

function firstOf(problems: readonly (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined);
}

function show(value: unknown): string {
  return withoutValues(JSON.stringify(value) ?? String(value));
}
