// A link to the source that leads to no file of this repository is as wrong as one between pages, and less often tried.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Application, ReflectionKind } from "typedoc";

const root = join(import.meta.dirname, "..", "..");

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    // Once, when the packages have been put together.
    if (application.options.packageDir !== undefined) return;
    const [start = ""] = application.options.getValue("sourceLinkTemplate").split("{path}");
    const missing = new Set();
    for (const { sources } of project.getReflectionsByKind(ReflectionKind.All)) {
      for (const { url } of sources ?? []) {
        const path = url?.startsWith(start) ? url.slice(start.length).replace(/#.*/, "") : "";
        if (path === "" || !existsSync(join(root, path))) missing.add(url ?? "no address");
      }
    }
    for (const url of missing) {
      application.logger.validationWarning(`${url} leads to no file of this repository`);
    }
  });
}
