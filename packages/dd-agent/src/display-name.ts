const maximumLength = 200;

/** A name as text, whatever was given for it. */
export function displayName(name: unknown, fallback: string): string {
  if (typeof name !== "string" || name === "") return fallback;
  return name.length > maximumLength ? name.slice(0, maximumLength) : name;
}

/** The names of a list, at most 64, without what is no name. */
export function displayNames(names: unknown): string[] {
  if (!Array.isArray(names)) return [];
  return names.slice(0, 64).flatMap((name: unknown) => displayName(name, "") || []);
}
