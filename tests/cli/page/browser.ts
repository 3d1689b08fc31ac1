/** A real Chromium with the audit's page in it, served from this machine; everything that the browser asks for is written down. */
import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, type BrowserContextOptions, chromium, type LaunchOptions, type Page } from "playwright-core";
import type { AuditReport } from "../../../cli/src/audit/report.js";
import { renderHtml } from "../../../cli/src/render/html.js";

const FINDER = join(__dirname, "../../helpers/chromium.mjs");

/** Until the page was drawn: of one that never was, a busy machine's browser can take no picture. */
const DRAWN = "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))";

/** A page that is open, with what went on in it. */
export interface OpenPage {
  readonly page: Page;
  readonly text: string;
  /** Paths that the server was asked for, by this page or for it. */
  readonly requests: readonly string[];
  /** Everything that the browser tried to load. */
  readonly loaded: readonly string[];
  /** Errors and warnings of the console, and errors that nobody caught. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** How the page is looked at. */
export type Look = Pick<BrowserContextOptions, "colorScheme" | "javaScriptEnabled" | "viewport" | "bypassCSP">;

/** The report as the command writes it. */
export async function toPageText(report: AuditReport): Promise<string> {
  return renderHtml(report, { hasColors: false });
}

/** One browser for the tests of a file. */
export class TestBrowser {
  #browser: Browser | undefined;
  readonly #servers = new Set<Server>();

  async launch(): Promise<void> {
    const { stdout } = await promisify(execFile)(process.execPath, [FINDER]);
    this.#browser = await chromium.launch(JSON.parse(stdout) as LaunchOptions);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await Promise.all([...this.#servers].map(closeServer));
  }

  /** Opens a text as a page of a server of its own. */
  async openText(text: string, look: Look = {}): Promise<OpenPage> {
    if (!this.#browser) throw new Error("the browser is not launched");
    const [requests, loaded, complaints]: [string[], string[], string[]] = [[], [], []];
    const server = createServer((request, response) => {
      requests.push(String(request.url));
      response.setHeader("content-type", "text/html");
      response.end(text);
    });
    this.#servers.add(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...look });
    const page = await context.newPage();
    page.on("request", (request) => loaded.push(request.url()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/audit.html`);
    if (look.javaScriptEnabled !== false) await page.evaluate(DRAWN);
    return { page, text, requests, loaded, complaints, close: () => context.close() };
  }

  /** Opens the page of a report. */
  async open(report: AuditReport, look?: Look): Promise<OpenPage> {
    return this.openText(await toPageText(report), look);
  }
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
