import "./use-oldest-dd-trace.ts";
import "../accounting/identity.test.ts";
