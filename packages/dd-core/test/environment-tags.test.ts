import { describe, expect, test } from "vitest";
import { readEnvironmentTags } from "../src/configuration/environment-tags.ts";
import { resolveConfiguration } from "../src/index.ts";

describe("tags of the environment", () => {
  test("come from DD_TAGS before DD_TRACE_TAGS before OTEL_RESOURCE_ATTRIBUTES", () => {
    const { tags } = readEnvironmentTags({
      DD_TAGS: "a:1",
      DD_TRACE_TAGS: "a:2,b:2",
      OTEL_RESOURCE_ATTRIBUTES: "a=3,b=3,c=3",
    });

    expect(tags).toEqual({ a: "1", b: "2", c: "3" });
    expect(readEnvironmentTags({ DD_TRACE_GLOBAL_TAGS: "a:4" }).tags).toEqual({ a: "4" });
  });

  test("of OpenTelemetry are percent-decoded; a pair without a key, or that cannot be decoded, does no harm", () => {
    const { tags } = readEnvironmentTags({
      OTEL_RESOURCE_ATTRIBUTES:
        "team=a%2Cb, spaced = x=y ,=none,alone,broken=%zz,__proto__=p,toString=t",
    });

    expect(Object.entries(tags)).toEqual([
      ["team", "a,b"],
      ["spaced", "x=y"],
      ["broken", "%zz"],
      ["__proto__", "p"],
      ["toString", "t"],
    ]);
    expect(readEnvironmentTags({}).tags).toEqual({});
  });
});

describe("service, env and version", () => {
  const attributes = "service.name=otel,deployment.environment.name=staging,service.version=7,x=y";

  test("come from OpenTelemetry's variables where Datadog's do not say", () => {
    const configuration = resolveConfiguration({}, { OTEL_RESOURCE_ATTRIBUTES: attributes });

    expect(configuration).toMatchObject({
      service: "otel",
      env: "staging",
      version: "7",
      tags: { x: "y" },
    });
    expect(configuration.settings["service"]).toMatchObject({
      variable: "OTEL_RESOURCE_ATTRIBUTES",
    });
  });

  test.each([
    [{ OTEL_SERVICE_NAME: " named " }, "named"],
    [{ OTEL_SERVICE_NAME: "named", DD_TAGS: "service:tagged" }, "tagged"],
    [{ OTEL_SERVICE_NAME: "named", DD_TAGS: "service:tagged", DD_SERVICE: "own" }, "own"],
  ])("with %o the service is %s", (environment, service) => {
    const all = { ...environment, OTEL_RESOURCE_ATTRIBUTES: attributes };
    expect(resolveConfiguration({}, all).service).toBe(service);
  });
});
