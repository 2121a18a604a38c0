import "../support/use-oldest-dd-trace.ts";
import "../trace.test.ts";
