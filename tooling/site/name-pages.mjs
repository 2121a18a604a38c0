// A page is named by its first heading and listed under the folder it is in, so that the pages need no front matter.
import { Converter } from "typedoc";

const categories = [
  [/\/docs\/decisions\//, "Decisions"],
  [/\/docs\/migration\//, "Migration"],
  [/\/docs\/(acceptance|configuration|metrics|names|performance|comparison)\.md$/, "Reference"],
  [/\/examples\//, "Examples"],
  [/\/docs\//, "Guide"],
];

/** @param {import("typedoc").Application} application */
export function load(application) {
  application.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const file =
      document.sources?.[0]?.fullFileName ?? application.files.getReflectionPath(document) ?? "";
    const first = document.content[0];
    const heading = first?.kind === "text" ? /^\s*# (.+)\n/.exec(first.text) : null;
    if (heading?.[1] !== undefined) document.name = heading[1].replaceAll("`", "");
    const category = categories.find(([folder]) => folder.test(file))?.[1];
    if (category !== undefined) document.frontmatter["category"] = category;
  });
}
