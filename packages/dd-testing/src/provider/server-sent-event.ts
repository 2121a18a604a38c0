/** Writes one server-sent event; JSON text holds no line break, so one data line is enough. */
export function serverSentEvent(data: unknown, event?: string): string {
  const name = event === undefined ? "" : `event: ${event}\n`;
  return `${name}data: ${JSON.stringify(data)}\n\n`;
}
