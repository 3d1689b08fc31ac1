/**
 * The calendar for calendar programs. An event keeps its identity from one day to the next, so that a later file updates it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5545
 */
import { toTitle } from "../audit/names.js";
import { toVisible } from "../wording.js";
import { type Calendar, isAction, type PlannedEvent } from "./calendar.js";

/** A line has at most so many octets. */
const MAX_OCTETS = 75;

/** The text, in lines that end as the format wants it. */
export function toIcs({ events, now, unreadSources }: Calendar): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//atlas-secrets//plan//EN",
    ...unreadSources.map(({ source, message }) => toText("COMMENT", `Not read, ${source}: ${message}`)),
    ...events.flatMap((event) => toEvent(event, now)),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join("");
}

function toEvent(event: PlannedEvent, now: string): string[] {
  const { at, what, clientId, secretId, message, stacks, needsRun, isOverdue } = event;
  const run = needsRun ? ` Run 'pulumi up' of ${stacks.join(", ")}.` : "";
  return [
    "BEGIN:VEVENT",
    `UID:${secretId}-${what}@atlas-secrets`,
    `DTSTAMP:${toStamp(now)}`,
    // What is overdue is to be done today.
    `DTSTART:${toStamp(isOverdue ? now : at)}`,
    toText("SUMMARY", `${what}: ${toTitle(event, event)}`),
    toText("DESCRIPTION", `${message}${run} Service account ${clientId}.`),
    `TRANSP:${isAction(event) ? "OPAQUE" : "TRANSPARENT"}`,
    "END:VEVENT",
  ];
}

/** `2026-06-15T12:00:00Z` as `20260615T120000Z`. */
function toStamp(time: string): string {
  return time.replace(/[-:]/g, "");
}

function toText(name: string, text: string): string {
  return `${name}:${toVisible(text).replace(/[\\;,]/g, "\\$&")}`;
}

/** A longer line goes on in the next, behind a space; no character is broken. */
function fold(line: string): string {
  let [folded, octets] = ["", 0];
  for (const sign of line) {
    const own = Buffer.byteLength(sign);
    const isFull = octets + own > MAX_OCTETS;
    folded += isFull ? `\r\n ${sign}` : sign;
    octets = isFull ? 1 + own : octets + own;
  }
  return folded;
}
