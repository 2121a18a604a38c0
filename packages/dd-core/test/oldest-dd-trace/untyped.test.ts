import "../support/use-oldest-dd-trace.ts";
import "../untyped.test.ts";
