import "../support/use-oldest-dd-trace.ts";
import "../hosts.test.ts";
