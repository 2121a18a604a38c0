import "../support/use-oldest-dd-trace.ts";
import "../process.test.ts";
