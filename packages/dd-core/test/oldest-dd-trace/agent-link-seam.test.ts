import "../support/use-oldest-dd-trace.ts";
import "../agent-link-seam.test.ts";
