import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { dynamicPartOf, withoutDynamicParts } from "./dynamic-part.ts";

const maximumNames = 1_024;
const maximumDependencies = 256;
const maximumLength = 200;

type Kind = "operation" | "resource";

const remedies: Readonly<Record<Kind, string>> = {
  operation: "Name the kind of work, for example order.place, and put what differs into tags.",
  resource:
    "Name what is worked on as a template, for example GET /users/:id (httpResource does it), and put what differs into tags.",
};

/**
 * Looks at the names that spans are given: warns once where operations or resources have values in them that differ from
 * call to call, since Datadog keeps statistics for each; and remembers the services that were called. All of it is
 * bounded, and a name is looked at once.
 */
export class SpanNames {
  readonly #diagnostics: Diagnostics;
  readonly #known: Readonly<Record<Kind, Set<string>>> = {
    operation: new Set(),
    resource: new Set(),
  };
  readonly #dependencies = new Set<string>();

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /** Notes a name, after the guard. */
  note(kind: Kind, name: string): void {
    const known = this.#known[kind];
    if (known.has(name)) return;
    if (known.size >= maximumNames) {
      this.#warn(kind, "many", `More than ${maximumNames} different ${kind} names have been used.`);
      return;
    }
    if (name.length <= maximumLength) known.add(name);
    const part = dynamicPartOf(name);
    if (part === undefined) return;
    this.#diagnostics.count(`dynamic_${kind}_name`);
    const shown = JSON.stringify(withoutDynamicParts(name));
    this.#warn(
      kind,
      "dynamic",
      `The ${kind} name ${shown} holds ${part}, which makes it a new one each time.`,
    );
  }

  /** Notes the value of `peer.service`, after the guard. */
  noteDependency(name: string): void {
    if (this.#dependencies.has(name)) return;
    if (this.#dependencies.size < maximumDependencies && name.length <= maximumLength) {
      this.#dependencies.add(name);
    } else this.#diagnostics.count("dependencies_over_limit");
  }

  /** The services that were called, by name. */
  dependencies(): readonly string[] {
    return [...this.#dependencies].toSorted();
  }

  #warn(kind: Kind, topic: string, finding: string): void {
    this.#diagnostics.warnOnce(`${topic}-${kind}-names`, `${finding} ${remedies[kind]}`);
  }
}
