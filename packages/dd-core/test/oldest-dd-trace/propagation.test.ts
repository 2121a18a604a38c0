import "../support/use-oldest-dd-trace.ts";
import "../propagation.test.ts";
