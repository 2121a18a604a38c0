/**
 * How the packages of this family read the options of their factories. It is an internal seam: its types may change in
 * a minor version.
 *
 * @module
 */
export { coreOptionNames } from "./configuration/core-option-names.ts";
export { foundationFor } from "./configuration/foundation-for.ts";
export { knownVariables, nearestVariable } from "./configuration/known-variables.ts";
export type {
  OptionKind,
  OptionNames,
  OptionPath,
  OptionSection,
  OptionVariable,
} from "./configuration/option-names.ts";
export { hasMethod } from "./configuration/option-shapes.ts";
export { pickOptions, type ReadOptions, readOptions } from "./configuration/read-options.ts";
export { maskedName, type Refusal, refusalText, refused, shown } from "./configuration/refusal.ts";
export { reportUnknown, warnUnknown } from "./configuration/unknown-options.ts";
