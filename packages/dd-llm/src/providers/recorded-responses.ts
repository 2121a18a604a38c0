import { isRecord, textAt } from "../formats/unknown-record.ts";
import { processWide } from "./process-wide.ts";

const maximumIds = 1_000;
const ids = processWide("recorded-responses", () => new Set<string>());

/** Notes that the answer to a model call has been recorded by an instrumented client; of many the latest 1,000. */
export function noteRecordedResponse(response: unknown): void {
  const id = isRecord(response) ? textAt(response, "id") : undefined;
  if (id === undefined) return;
  ids.add(id);
  const oldest = ids.size > maximumIds ? ids.values().next().value : undefined;
  if (oldest !== undefined) ids.delete(oldest);
}

/** Whether an instrumented client has recorded the answer with this id. */
export function isResponseRecorded(id: string | undefined): boolean {
  return id !== undefined && ids.has(id);
}
