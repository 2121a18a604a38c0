import type { SpanContext } from "@llmdevops/dd-propagation";

export type { SpanContext };
