import "../support/use-oldest-dd-trace.ts";
import "../span-starter.test.ts";
