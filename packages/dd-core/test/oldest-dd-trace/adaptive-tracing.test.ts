import "../support/use-oldest-dd-trace.ts";
import "../sampling/adaptive-tracing.test.ts";
