import { shown } from "../configuration/refusal.ts";
import { ConfigurationError } from "../errors/configuration-error.ts";

/** A service as Datadog's catalog describes it. */
export interface ServiceDescription {
  /** The service's name on spans. */
  readonly name: string;
  /** The team that owns it, by its handle. */
  readonly team: string;
  /** How important it is, for example `"1"` or `"critical"`. */
  readonly tier?: string;
  /** How far it has come in its life. */
  readonly lifecycle?: "experimental" | "production" | "deprecated";
  /** What it does, in a sentence for people. */
  readonly description?: string;
  /** What kind of service it is, for example `"web"`, `"grpc"` or `"graphql"`. */
  readonly type?: string;
  /** Programming languages it is written in. @default ["js"] */
  readonly languages?: readonly string[];
  /** How its team is reached. @default [] */
  readonly contacts?: readonly {
    /** How the contact is reached. */
    readonly type: "email" | "slack" | "microsoft-teams";
    /** An e-mail address for `email`, else the address of a channel. */
    readonly contact: string;
    /** Name of the contact, at least two characters. */
    readonly name?: string;
  }[];
  /** Pages about it. @default [] */
  readonly links?: readonly {
    /** Text under which the link is shown. */
    readonly name: string;
    /** Address of the link. */
    readonly url: string;
    /** What the link leads to. */
    readonly type: "doc" | "repo" | "dashboard" | "other";
  }[];
  /** Addresses of runbooks by title. @default {} */
  readonly runbooks?: Readonly<Record<string, string>>;
  /**
   * What it calls, by the value of `peer.service`: services by name, other things with their kind, for example
   * `"datastore:orders"` or `"queue:mails"`. @default []
   */
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
  /** Compares with the values of `peer.service` that were seen at run time, which `client.health().dependencies` has. */
  compareDependencies(seen: Iterable<string>): DependencyComparison;
}

/** Kinds of the catalog that a service can depend on. */
const reference = /^(service|datastore|queue|api|frontend|library|system):(?=.)/;

/**
 * Describes a service for Datadog's service catalog.
 *
 * @throws {ConfigurationError} When a part is missing, of the wrong kind, or nothing that the catalog takes.
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { defineService } from "@llmdevops/dd-core";
 *
 * const checkout = defineService({ name: "checkout", team: "orders", tier: "1", dependsOn: ["payments"] });
 * await writeFile("entity.datadog.yaml", checkout.toYAML());
 * ```
 */
export function defineService(service: ServiceDescription): ServiceDefinition {
  if (typeof service !== "object" || service === null) {
    throw new ConfigurationError("The service must be described by an object.");
  }
  const { runbooks = {}, languages = ["js"] } = service;
  const references = list("dependsOn", service.dependsOn).map((name, index) => {
    const given = text(`dependsOn[${index}]`, name);
    return reference.test(given) ? given : `service:${given}`;
  });
  const entity = withoutAbsent({
    apiVersion: "v3",
    kind: "service",
    metadata: withoutAbsent({
      name: text("name", service.name),
      owner: text("team", service.team),
      description: optionalText("description", service.description),
      contacts: list("contacts", service.contacts).map(contactEntry),
      links: [
        ...list("links", service.links).map(({ name, url, type }, index) => ({
          name: text(`links[${index}].name`, name),
          type: text(`links[${index}].type`, type),
          url: address(`links[${index}].url`, url),
        })),
        ...Object.entries(record("runbooks", runbooks)).map(([name, url]) => ({
          name,
          type: "runbook",
          url: address(`runbooks.${name}`, url),
        })),
      ],
    }),
    spec: withoutAbsent({
      tier: optionalText("tier", service.tier),
      lifecycle: optionalText("lifecycle", service.lifecycle),
      type: optionalText("type", service.type),
      languages: list("languages", languages).map((language, index) =>
        text(`languages[${index}]`, language),
      ),
      dependsOn: references,
    }),
  });
  const called = references.map((name) => name.replace(reference, ""));
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

type Contact = NonNullable<ServiceDescription["contacts"]>[number];

function contactEntry({ type, contact, name }: Contact, index: number): object {
  const path = `contacts[${index}]`;
  const given = text(`${path}.contact`, contact);
  if (type === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(given)) {
    throw new ConfigurationError(`The service's ${path}.contact must be an e-mail address.`);
  }
  if (name !== undefined && text(`${path}.name`, name).length < 2) {
    throw new ConfigurationError(`The service's ${path}.name must have at least two characters.`);
  }
  return withoutAbsent({ name, type: text(`${path}.type`, type), contact: given });
}

function list<T>(path: string, value: readonly T[] | undefined): readonly T[] {
  const isList = Array.isArray(value) && value.every((item) => item !== undefined && item !== null);
  if (value === undefined || isList) return value ?? [];
  throw new ConfigurationError(`The service's ${path} must be a list, not ${shown(value)}.`);
}

function record(path: string, value: Readonly<Record<string, string>>): Record<string, string> {
  if (typeof value === "object" && value !== null) return value;
  throw new ConfigurationError(`The service's ${path} must be addresses by title.`);
}

function text(path: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new ConfigurationError(`The service's ${path} must be text, not ${shown(value)}.`);
}

function optionalText(path: string, value: unknown): string | undefined {
  return value === undefined ? undefined : text(path, value);
}

function address(path: string, value: unknown): string {
  const url = text(path, value);
  if (URL.canParse(url)) return url;
  throw new ConfigurationError(`The service's ${path} must be an address with a scheme.`);
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
