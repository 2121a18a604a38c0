// The navigation lists pages in the order in which they are read; a page that is not named here follows those that are.
import { globSync } from "node:fs";
import { join, relative } from "node:path";
import { Application } from "typedoc";

const root = join(import.meta.dirname, "..", "..");
const first = [
  "docs/getting-started.md",
  "docs/architecture.md",
  "docs/privacy.md",
  "docs/failure-behaviour.md",
  "docs/troubleshooting.md",
  "docs/faq.md",
  "docs/migration/README.md",
  "docs/configuration.md",
  "docs/names.md",
  "docs/metrics.md",
  "docs/performance.md",
  "docs/comparison.md",
  "docs/acceptance.md",
  "examples/support-desk/README.md",
  "docs/decisions/README.md",
];

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.on(Application.EVENT_BOOTSTRAP_END, () => {
    const { options } = application;
    if (options.getValue("projectDocuments").length === 0) return;
    const pages = ["docs/**/*.md", "examples/*/README.md"]
      .flatMap((pattern) => globSync(join(root, pattern)))
      .map((file) => relative(root, file))
      .sort();
    const ordered = [...first, ...pages.filter((page) => !first.includes(page))];
    options.setValue(
      "projectDocuments",
      ordered.map((page) => join(root, page)),
    );
  });
}
