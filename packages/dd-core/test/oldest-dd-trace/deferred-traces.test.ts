import "../support/use-oldest-dd-trace.ts";
import "../deferred-traces.test.ts";
