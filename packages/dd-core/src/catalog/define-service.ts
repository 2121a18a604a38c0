import { shown } from "../configuration/setting.ts";
import { ConfigurationError } from "../errors/configuration-error.ts";

/** A service as Datadog's catalog describes it. */
export interface ServiceDescription {
  /** The service's name on spans. */
  readonly name: string;
  /** The team that owns it, by its handle. */
  readonly team: string;
  /** How important it is, for example `"1"` or `"critical"`. */
  readonly tier?: string;
  readonly lifecycle?: "experimental" | "production" | "deprecated";
  readonly description?: string;
  /** @default [] */
  readonly contacts?: readonly {
    readonly type: "email" | "slack" | "microsoft-teams";
    readonly contact: string;
    readonly name?: string;
  }[];
  /** @default [] */
  readonly links?: readonly {
    readonly name: string;
    readonly url: string;
    readonly type: "doc" | "repo" | "dashboard" | "other";
  }[];
  /** Addresses of runbooks by title. @default {} */
  readonly runbooks?: Readonly<Record<string, string>>;
  /** Services that it calls, by name. @default [] */
  readonly dependsOn?: readonly string[];
}

/** Declared dependencies beside those that were seen. */
export interface DependencyComparison {
  /** Called, and not declared. */
  readonly undeclared: readonly string[];
  /** Declared, and not called. */
  readonly unseen: readonly string[];
}

/** A service's entry for the catalog. */
export interface ServiceDefinition {
  /** The entity of schema v3 (https://github.com/DataDog/schema/tree/main/service-catalog/v3). */
  readonly entity: Readonly<Record<string, unknown>>;
  /** The content of `entity.datadog.yaml`: JSON, which every YAML 1.2 parser reads. */
  toYAML(): string;
  /** Compares with the values of `peer.service` that were seen at run time. */
  compareDependencies(seen: Iterable<string>): DependencyComparison;
}

/**
 * Describes a service for Datadog's service catalog.
 *
 * @throws {ConfigurationError} When a part is missing or of the wrong kind.
 * @example
 * ```ts
 * import { defineService } from "@llmdevops/dd-core";
 *
 * const checkout = defineService({ name: "checkout", team: "orders", tier: "1", dependsOn: ["payments"] });
 * await writeFile("entity.datadog.yaml", checkout.toYAML());
 * ```
 */
export function defineService(service: ServiceDescription): ServiceDefinition {
  const { contacts = [], links = [], runbooks = {}, dependsOn = [] } = service;
  const text = (path: string, value: unknown): string => {
    if (typeof value === "string" && value.trim() !== "") return value;
    throw new ConfigurationError(`The service's ${path} must be text, not ${shown(value)}.`);
  };
  const address = (path: string, value: unknown): string => {
    const url = text(path, value);
    if (URL.canParse(url)) return url;
    throw new ConfigurationError(`The service's ${path} must be an address with a scheme.`);
  };
  const called = dependsOn.map((name, index) => text(`dependsOn[${index}]`, name));
  const entity = withoutAbsent({
    apiVersion: "v3",
    kind: "service",
    metadata: withoutAbsent({
      name: text("name", service.name),
      owner: text("team", service.team),
      description: service.description,
      contacts: contacts.map(({ type, contact, name }, index) =>
        withoutAbsent({ name, type, contact: text(`contacts[${index}].contact`, contact) }),
      ),
      links: [
        ...links.map(({ name, url, type }, index) => ({
          name: text(`links[${index}].name`, name),
          type,
          url: address(`links[${index}].url`, url),
        })),
        ...Object.entries(runbooks).map(([name, url]) => ({
          name,
          type: "runbook",
          url: address(`runbooks.${name}`, url),
        })),
      ],
    }),
    spec: withoutAbsent({
      tier: service.tier,
      lifecycle: service.lifecycle,
      dependsOn: called.map((name) => `service:${name}`),
    }),
  });
  return Object.freeze({
    entity,
    toYAML: () => `# entity.datadog.yaml\n${JSON.stringify(entity, null, 2)}\n`,
    compareDependencies(seen: Iterable<string>) {
      const found = new Set(seen);
      return {
        undeclared: [...found].filter((name) => !called.includes(name)).toSorted(),
        unseen: called.filter((name) => !found.has(name)).toSorted(),
      };
    },
  });
}

/** Leaves out what is absent and lists that are empty. */
function withoutAbsent(
  parts: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const present = Object.entries(parts).filter(
    ([, part]) => part !== undefined && !(Array.isArray(part) && part.length === 0),
  );
  return Object.freeze(Object.fromEntries(present));
}
