/** A variable of Datadog's that sets an option where code does not. */
export type OptionVariable = `DD_${string}`;

/**
 * What is known of one option: `true` or its variable for a value that is taken as it is, `plain` for lists and records
 * of data, the names of a section, or a list or record whose entries are all of one kind, with its variable.
 */
export type OptionKind =
  | true
  | OptionVariable
  | "plain"
  | OptionSection
  | readonly [container: "list" | "record", entries: OptionKind, variable?: OptionVariable];

/** The options of a section by name. */
export interface OptionSection {
  readonly [name: string]: OptionKind;
}

/** All options of a type by name: the compiler refuses a table that lacks one or has one too many. */
export type OptionNames<Options> = { readonly [Name in keyof Required<Options>]: OptionKind };

/** How a client's options are called where it is part of a composed one, for errors. */
export type OptionPath = (name: string) => string;
