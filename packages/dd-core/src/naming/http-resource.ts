import { safeText } from "../guard/safe-read.ts";
import { dynamicWord } from "./dynamic-part.ts";

const maximumLength = 200;

/**
 * The resource of an HTTP request as Datadog groups them: the method and the path, with `:id` for segments that differ
 * from call to call, and without query, fragment, host and credentials. A route that your framework knows is better
 * still; it stays as it is.
 *
 * @param target A path, a route or a URL.
 * @example
 * ```ts
 * httpResource("get", "/users/42/orders?page=2"); // "GET /users/:id/orders"
 * ```
 */
export function httpResource(method: string, target: string): string {
  const [path = ""] = pathOf(safeText(target)).split(/[?#]/, 1);
  const segments = path
    .slice(0, maximumLength)
    .split("/")
    .map((segment) => (dynamicWord(segment, true) === undefined ? segment : ":id"));
  return `${safeText(method).toUpperCase()} ${segments.join("/") || "/"}`;
}

function pathOf(target: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(target) && URL.canParse(target)
    ? new URL(target).pathname
    : target;
}
