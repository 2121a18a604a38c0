import "./use-oldest-dd-trace.ts";
import "../client.test.ts";
