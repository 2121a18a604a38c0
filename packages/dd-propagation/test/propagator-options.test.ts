import { describe, expect, test, vi } from "vitest";
import {
  ConfigurationError,
  createPropagator,
  type EnvironmentVariables,
  PropagationError,
  type PropagatorOptions,
} from "../src/index.ts";
import { fullContext } from "./support/full-context.ts";

const headerOf = { datadog: "x-datadog-trace-id", tracecontext: "traceparent", b3: "b3" } as const;
const { baggage: _, ...context } = fullContext;

/** The styles a propagator writes, told by what it writes. */
function injected(options: PropagatorOptions): string[] {
  const headers = createPropagator(options).inject(context, {});
  const styles = Object.entries({ ...headerOf, b3multi: "x-b3-traceid" });
  return styles.filter(([, name]) => name in headers).map(([style]) => style);
}

/** The styles a propagator reads, told by what it reads. */
function extracted(options: PropagatorOptions): string[] {
  const propagator = createPropagator(options);
  return Object.keys(headerOf).filter((style) => {
    const sent = createPropagator({ env: {}, inject: [style as "datadog"] }).inject(context, {});
    return propagator.extract(sent) !== null;
  });
}

describe("styles", () => {
  test.each<[EnvironmentVariables, string[], string[]]>([
    [{}, ["datadog", "tracecontext"], ["datadog", "tracecontext"]],
    [{ DD_TRACE_PROPAGATION_STYLE: "b3" }, ["b3"], ["b3"]],
    [
      { DD_TRACE_PROPAGATION_STYLE: " B3 Single Header , DATADOG" },
      ["datadog", "b3"],
      ["datadog", "b3"],
    ],
    [{ OTEL_PROPAGATORS: "tracecontext,b3multi" }, ["tracecontext", "b3multi"], ["tracecontext"]],
    [{ OTEL_PROPAGATORS: "b3", DD_TRACE_PROPAGATION_STYLE: "datadog" }, ["datadog"], ["datadog"]],
    [
      { DD_TRACE_PROPAGATION_STYLE: "b3", DD_TRACE_PROPAGATION_STYLE_INJECT: "datadog" },
      ["datadog"],
      ["b3"],
    ],
    [
      { DD_TRACE_PROPAGATION_STYLE: "b3", DD_TRACE_PROPAGATION_STYLE_EXTRACT: "datadog" },
      ["b3"],
      ["datadog"],
    ],
    [{ DD_TRACE_PROPAGATION_STYLE: "none" }, [], []],
    [
      { DD_TRACE_PROPAGATION_STYLE: " , " },
      ["datadog", "tracecontext"],
      ["datadog", "tracecontext"],
    ],
  ])("of the environment %j are %j written and %j read", (env, written, read) => {
    expect(injected({ env })).toEqual(written);
    expect(extracted({ env })).toEqual(read);
  });

  test("that are arguments beat the environment", () => {
    const env = { DD_TRACE_PROPAGATION_STYLE: "b3" };

    expect(injected({ env, inject: ["datadog"] })).toEqual(["datadog"]);
    expect(extracted({ env, extract: ["tracecontext"] })).toEqual(["tracecontext"]);
  });

  test("that the environment misspells are reported, and the others used", () => {
    const errors: string[] = [];

    const written = injected({
      env: { DD_TRACE_PROPAGATION_STYLE: "datadgo,b3,constructor" },
      onError: (error) => errors.push(error.message),
    });

    expect(written).toEqual(["b3"]);
    expect(errors).toContain('Unknown propagation style in the environment: "datadgo"');
    expect(errors).toContain('Unknown propagation style in the environment: "constructor"');
  });
});

describe("other settings", () => {
  const disagreeing = {
    "x-datadog-trace-id": "1",
    "x-datadog-parent-id": "2",
    "x-datadog-tags": "_dd.p.a=1",
    traceparent: "00-640cfd8d00000000abcdefab12345678-000000003ade68b1-01",
    baggage: "a=1,b=2",
  };
  const read = (env: EnvironmentVariables, options: PropagatorOptions = {}) =>
    createPropagator({ env, ...options }).extract(disagreeing);

  test("come from the environment", () => {
    expect(read({})?.links).toHaveLength(1);
    expect(read({ DD_TRACE_PROPAGATION_EXTRACT_FIRST: "true" })?.links).toBeUndefined();
    expect(read({ DD_TRACE_PROPAGATION_BEHAVIOR_EXTRACT: "Ignore" })).toBeNull();
    expect(read({ DD_TRACE_X_DATADOG_TAGS_MAX_LENGTH: "0" })?.tags).toBeUndefined();
    expect(read({ DD_TRACE_BAGGAGE_MAX_ITEMS: "1" })?.baggage).toEqual({ a: "1" });
    expect(read({ DD_TRACE_BAGGAGE_MAX_BYTES: "4" })?.baggage).toEqual({ a: "1" });
    expect(read({ DD_TRACE_BAGGAGE_TAG_KEYS: " a ,," })?.tags).toHaveProperty(["baggage.a"]);
  });

  test("that are arguments beat the environment", () => {
    const env = {
      DD_TRACE_PROPAGATION_EXTRACT_FIRST: "true",
      DD_TRACE_PROPAGATION_BEHAVIOR_EXTRACT: "ignore",
    };

    expect(read(env, { extractFirst: false, behavior: "continue" })?.links).toHaveLength(1);
  });

  test("that the environment misspells are reported and left at their default", () => {
    const errors: string[] = [];
    const env = {
      DD_TRACE_PROPAGATION_BEHAVIOR_EXTRACT: "stop",
      DD_TRACE_BAGGAGE_MAX_ITEMS: "-1",
      DD_TRACE_PROPAGATION_EXTRACT_FIRST: "yes",
    };

    const context = read(env, { onError: (error) => errors.push(error.message) });

    expect(context?.baggage).toEqual({ a: "1", b: "2" });
    expect(context?.links).toHaveLength(1);
    expect(errors).toHaveLength(2);
  });

  test("are read from process.env when no environment is given", () => {
    vi.stubEnv("DD_TRACE_PROPAGATION_STYLE", "b3");
    try {
      expect(injected({})).toEqual(["b3"]);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe("wrong arguments throw at once", () => {
  test.each<[string, object]>([
    ["extract", { extract: ["datadgo"] }],
    ["extract", { extract: "datadog" }],
    ["inject", { inject: [7] }],
    ["extractFirst", { extractFirst: "yes" }],
    ["behavior", { behavior: "stop" }],
    ["maximumTagsLength", { maximumTagsLength: -1 }],
    ["baggage.maximumItems", { baggage: { maximumItems: 1.5 } }],
    ["baggage.maximumBytes", { baggage: { maximumBytes: Number.NaN } }],
    ["baggage.tagKeys", { baggage: { tagKeys: [7] } }],
    ["env", { env: "x" }],
    ["baggage", { baggage: true }],
    ["onError", { onError: "x" }],
    ["cacheSize", { cacheSize: 10_001 }],
  ])("for %s: %j", (option, options) => {
    const make = (): unknown => createPropagator({ env: {}, ...options });

    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(option);
  });
});

test.each([null, "x", 7])("the options %j throw at once", (options) => {
  expect(() => createPropagator(options as never)).toThrow(ConfigurationError);
});

describe("options that do not help", () => {
  const secret = "sk-ant-api03-0123456789abcdefghij";
  const fail = () => {
    throw new Error(secret);
  };
  const throwing = new Proxy({}, { get: fail, ownKeys: fail });

  test.each<[string, unknown]>([
    ["themselves", throwing],
    ["extract", { extract: new Proxy([], { get: fail }) }],
    ["inject", Object.defineProperty({}, "inject", { get: fail })],
    ["baggage", { baggage: throwing }],
    ["env", { env: throwing }],
  ])("as they cannot be read (%s) are refused without what was thrown", (_name, options) => {
    const make = (): unknown => createPropagator(options as never);

    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(/read/);
    expect(make).not.toThrow(secret);
  });

  test.each(["extract", "behavior", "extractFirst", "cacheSize", "env", "onError", "baggage"])(
    "as %s is a secret are refused without it, with what to do",
    (option) => {
      for (const value of [secret, [secret], Symbol(secret), 5n]) {
        const make = (): unknown => createPropagator({ env: {}, [option]: value });
        const isAccepted = option === "env" && Array.isArray(value);
        if (isAccepted || (option === "baggage" && Array.isArray(value))) continue;

        expect(make).toThrow(new RegExp(`${option} must be .*, not .*Set the option ${option} or`));
        expect(make).not.toThrow(secret);
      }
    },
  );

  test("as nothing knows them are said once, counted, and stop nothing", () => {
    const errors: string[] = [];
    const options = { env: {}, extarct: ["b3"], baggage: { maxItems: 1 }, [secret]: 1 };
    const propagator = createPropagator({
      ...(options as object),
      onError: (error) => errors.push(error.message),
    });

    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/extarct.*baggage\.maxItems.*Known are extract, inject/);
    expect(errors[0]).not.toContain(secret);
    expect(propagator.faults()).toEqual({ "options:unknown": 1 });
    expect(propagator.inject(context, {})).toHaveProperty("traceparent");
  });

  test("as nothing knows them become a warning of the process where nobody listens", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    try {
      createPropagator({ env: {}, extarct: ["b3"] } as object);
      createPropagator({ env: {}, extract: ["b3"] });

      expect(warn).toHaveBeenCalledExactlyOnceWith(
        expect.stringContaining("extarct"),
        "PropagationWarning",
      );
    } finally {
      warn.mockRestore();
    }
  });

  test("a list that is changed later changes nothing", () => {
    const inject: ("b3" | "datadog")[] = ["b3"];
    const propagator = createPropagator({ env: {}, inject });
    inject[0] = "datadog";

    expect(propagator.fields()).toContain("b3");
  });
});

test("errors are marked as of this family and have a code", () => {
  const error = new ConfigurationError("x");

  expect(error).toBeInstanceOf(PropagationError);
  expect(error).toMatchObject({ name: "ConfigurationError", code: "CONFIGURATION" });
  expect(Reflect.get(error, Symbol.for("@llmdevops/dd-core/error"))).toBe(true);
});
