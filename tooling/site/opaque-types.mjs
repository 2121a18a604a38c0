// A type that the reference names has a page in it, but for these: nobody makes one or looks into it, it is only
// handed from one call to the next.
import { basename } from "node:path";

const opaque = {
  "dd-core": ["SpanNames"],
  "dd-llm": ["AISDKTelemetryTracer"],
  "dd-redaction": ["OptionNames"],
  "dd-testing": ["Outcome"],
};

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.options.addReader({
    name: "opaque-types",
    order: 1000,
    supportsPackages: true,
    read(options, _logger, folder) {
      const names = opaque[basename(folder)];
      if (names !== undefined) options.setValue("intentionallyNotExported", names, folder);
    },
  });
}
