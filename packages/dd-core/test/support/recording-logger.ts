import type { Logger } from "../../src/ports/logger.ts";

/** A logger that keeps its lines, each as `LEVEL text`. */
export function recordingLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return {
    lines,
    error: keep("ERROR"),
    warn: keep("WARN"),
    info: keep("INFO"),
    debug: keep("DEBUG"),
  };
}
