/** The formats by name. */
import { renderCsv } from "./csv.js";
import { renderHtml } from "./html.js";
import { toJson } from "./json.js";
import { renderOpenMetrics } from "./openmetrics.js";
import type { Renderer } from "./renderer.js";
import { renderSarif } from "./sarif.js";
import { renderTable } from "./table.js";

/** Every format with its renderer. */
export const RENDERERS = {
  table: renderTable,
  json: toJson,
  csv: renderCsv,
  openmetrics: renderOpenMetrics,
  sarif: renderSarif,
  html: renderHtml,
} as const satisfies Readonly<Record<string, Renderer>>;

/** Name of a format. */
export type Format = keyof typeof RENDERERS;

/** The names, for messages. */
export const FORMATS = Object.keys(RENDERERS) as readonly Format[];
