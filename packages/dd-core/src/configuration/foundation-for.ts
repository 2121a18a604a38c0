import { coreOptionNames } from "./core-option-names.ts";
import type { CoreOptions } from "./core-options.ts";
import { type Foundation, foundationOf } from "./foundation.ts";
import { pickOptions, type ReadOptions } from "./read-options.ts";
import { reportUnknown } from "./unknown-options.ts";

/**
 * The foundation of a client whose options are those of the core and more; what is unknown of them is said there.
 *
 * @param foundation The one that is shared with other clients. @default a new one from the options
 * @throws {ConfigurationError} When an option or environment variable is missing or wrong.
 */
export function foundationFor(
  { options, unknown }: ReadOptions<CoreOptions>,
  foundation?: Foundation,
): Foundation {
  if (foundation === undefined) {
    return foundationOf({ options: pickOptions(options, coreOptionNames), unknown });
  }
  reportUnknown(unknown, foundation.diagnostics);
  return foundation;
}
