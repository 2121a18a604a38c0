import "../support/use-oldest-dd-trace.ts";
import "../flush.test.ts";
