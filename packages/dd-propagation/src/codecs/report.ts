import type { InvalidReason } from "../errors/invalid-trace-context-error.ts";

/** How a codec says that a header, or a part of it, was not used. */
export type Report = (header: string, reason: InvalidReason) => void;
