/** What both languages' sources are written with. */
import { CLASSES } from "./description.mjs";

/** The line under which a generated file stands. */
export const HEADER = "Written by tools/sdk/generate.mjs from provider/src/records/description.ts. Do not edit.";

const NAMES = new Set(CLASSES.flatMap(({ inputs, outputs }) => [...inputs, ...outputs].map(({ name }) => name)));

/** A docstring with the names of properties as the language writes them. @param {string} doc @param {(name: string) => string} toName */
export function inLanguage(doc, toName) {
  return doc.replace(/`(\w+)`/g, (text, name) =>
    NAMES.has(name) || name === "auditRecords" ? `\`${toName(name)}\`` : text,
  );
}

/** Text in lines of at most so many characters. @param {string} text @param {number} width */
export function wrap(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
