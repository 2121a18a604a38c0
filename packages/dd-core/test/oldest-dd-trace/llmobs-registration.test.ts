import "../support/use-oldest-dd-trace.ts";
import "../llmobs-registration.test.ts";
