import { styleText } from "node:util";

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Styles text for a terminal; plain in a pipe and with NO_COLOR (https://no-color.org). */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Pads to a width; the text must hold no styles yet. */
export function column(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

/** The same, aligned to the right. */
export function cell(text: string, width: number): string {
  return text.padStart(width);
}

/** A duration. */
export function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}

/** An amount in USD with as many digits as small amounts need. */
export function dollars(value: number): string {
  return `$${value.toFixed(6)}`;
}
