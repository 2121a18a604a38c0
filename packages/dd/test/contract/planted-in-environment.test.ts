import "./use-oldest-dd-trace.ts";
import "../privacy/planted-in-environment.test.ts";
