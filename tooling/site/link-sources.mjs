// A link to a file of the repository leads to the repository: a browser would download a copy of it instead of showing it.
import { join, relative } from "node:path";
import { PageEvent } from "typedoc";

const root = join(import.meta.dirname, "..", "..");
const repository = "https://github.com/llmdevops/dd/blob/main";
/** What a browser shows, or what is there to be downloaded. */
const keptAsFile = /\.(svg|png|jpg|gif)$|^(metrics|record)\.json$/;

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.renderer.on(PageEvent.END, (page) => {
    const files = page.project.files.getNameToAbsoluteMap();
    page.contents = page.contents?.replace(/href="(?:\.\.\/)*media\/([^"#]+)/g, (link, name) => {
      const file = files.get(decodeURIComponent(name));
      if (file === undefined || keptAsFile.test(name)) return link;
      return `href="${repository}/${relative(root, file)}`;
    });
  });
}
