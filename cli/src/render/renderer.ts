/** A format: the report in, text out. Pure; nothing is printed here. */
import type { AuditReport } from "../audit/report.js";

/** What the place that the text goes to can show. */
export interface RenderOptions {
  /** Columns; absent when it is no terminal, and lines may be as long as they are. */
  readonly width?: number;
  readonly hasColors: boolean;
}

/** Renders a report, with a line break at its end. */
export type Renderer = (report: AuditReport, options: RenderOptions) => string | Promise<string>;
