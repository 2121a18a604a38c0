import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import type { TagGuard } from "../guard/tag-guard.ts";

/** A copy of a log record in which every field has passed the guard; it can be written as JSON without an error. */
export function guardedRecord<R extends object>(
  record: R,
  guard: TagGuard,
  diagnostics: Diagnostics,
): R {
  const guarded = guard.structure(record, "logs");
  if (typeof guarded === "object" && guarded !== null && !Array.isArray(guarded)) {
    return guarded as R;
  }
  diagnostics.count("log_record_unreadable");
  return { message: guarded } as object as R;
}
