import "../support/use-oldest-dd-trace.ts";
import "../llmobs-event-text.test.ts";
