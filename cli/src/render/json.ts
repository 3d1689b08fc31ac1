/** The report as JSON, as it is. */
import type { Renderer } from "./renderer.js";

export const renderJson: Renderer = (report) => `${JSON.stringify(report, null, 2)}\n`;
