import "../support/use-oldest-dd-trace.ts";
import "../span.test.ts";
