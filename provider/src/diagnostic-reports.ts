/**
 * Keeps the environment, which can hold the credential, out of Node's diagnostic reports. A report is written on a crash or a
 * signal when `NODE_OPTIONS` asks for it, and people attach it to bug reports.
 *
 * @see https://nodejs.org/api/report.html
 */

/** Makes every later report of this process leave its environment out. Repeated calls do nothing. */
export function withholdEnvironmentFromReports(): void {
  const report = process.report as (NodeJS.Process["report"] & { excludeEnv?: boolean }) | undefined;
  if (report) report.excludeEnv = true;
}
