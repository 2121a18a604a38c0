import "../support/use-oldest-dd-trace.ts";
import "../llm-observability.test.ts";
