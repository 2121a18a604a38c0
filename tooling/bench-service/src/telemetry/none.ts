import type { StartTelemetry } from "./telemetry.ts";

/** No telemetry at all: what the service itself takes. */
export const start: StartTelemetry = () => ({
  request: (fn) => fn(),
  agent: (_name, fn) => fn(undefined),
  span: (_name, _tags, fn) => fn(),
  tool: (_run, _name, _input, fn) => fn(),
  model: (_model, fn) => fn(),
  stop: async () => {},
});
