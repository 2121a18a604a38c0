import { createRequire } from "node:module";
import { DeepRedact } from "@hackylabs/deep-redact";
import { sixRules } from "./six-rules.ts";

// The two path redactors are CommonJS, one of them without types.
const require = createRequire(import.meta.url);

type PathRedact = (value: object) => string;
type PathRedactFactory = (options: { readonly paths: readonly string[] }) => PathRedact;

const fastRedact = require("fast-redact") as PathRedactFactory;
const pinoRedact = require("@pinojs/redact") as PathRedactFactory;

const deepRedact = new DeepRedact({
  serialise: false,
  stringTests: sixRules.map(([pattern, replacement]) => ({
    pattern,
    replacer: (value: string, test: RegExp) => value.replace(test, replacement),
  })),
});

/** The six rules as string tests of `@hackylabs/deep-redact`; it stops at the first that matches. */
export function redactWithDeepRedact(text: string): unknown {
  return deepRedact.redact(text);
}

const paths = ["user.password", "headers.authorization", "headers.cookie"];

/** Redacts three known paths; values are not searched. Changes and restores the object. */
export const redactPathsWithFastRedact: PathRedact = fastRedact({ paths });

/** Redacts three known paths in a copy; values are not searched. */
export const redactPathsWithPinoRedact: PathRedact = pinoRedact({ paths });
