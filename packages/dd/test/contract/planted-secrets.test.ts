import "./use-oldest-dd-trace.ts";
import "../privacy/planted-secrets.test.ts";
