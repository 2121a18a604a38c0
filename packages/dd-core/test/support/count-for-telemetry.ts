// A test file that imports this first, and then another one, repeats that one on a dd-trace that counts for its telemetry.
process.env["DD_INSTRUMENTATION_TELEMETRY_ENABLED"] = "true";
