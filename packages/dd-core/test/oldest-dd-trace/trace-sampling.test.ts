import "../support/use-oldest-dd-trace.ts";
import "../sampling/trace-sampling.test.ts";
