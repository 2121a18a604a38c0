/**
 * What Datadog's JSON Schema of an entity of the kind `service` demands, in words of our own
 * (https://github.com/DataDog/schema/tree/main/service-catalog/v3: `service`, `entity`, `metadata`; `integrations`,
 * `datadog` and `extensions` are left out, since nothing of ours writes them).
 */
type Check = (value: unknown, path: string) => string[];

const fails = (path: string, expected: string) => [`${path} must be ${expected}`];

const text =
  (leastLength = 0, isValid: (value: string) => boolean = () => true): Check =>
  (value, path) =>
    typeof value === "string" && value.length >= leastLength && isValid(value)
      ? []
      : fails(path, `text of at least ${leastLength} characters, of its form`);

const one =
  (...allowed: readonly string[]): Check =>
  (value, path) =>
    allowed.includes(value as string) ? [] : fails(path, allowed.join(" or "));

const list =
  (item: Check): Check =>
  (value, path) =>
    Array.isArray(value)
      ? value.flatMap((entry, index) => item(entry, `${path}[${index}]`))
      : fails(path, "a list");

const object =
  (fields: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return fails(path, "an object");
    }
    const missing = required.filter((name) => !Object.hasOwn(value, name));
    return [
      ...missing.map((name) => `${path}.${name} is missing`),
      ...Object.entries(value).flatMap(([name, part]) =>
        Object.hasOwn(fields, name)
          ? (fields[name]?.(part, `${path}.${name}`) ?? [])
          : [`${path}.${name} is not allowed`],
      ),
    ];
  };

const isEmail = (value: string) => /^[^\s@]+@[^\s@]+$/.test(value);

const contact: Check = (value, path) => {
  const fields = { name: text(2), type: text(), contact: text() };
  const violations = object(fields, ["type", "contact"])(value, path);
  const { type, contact: given } = Object(value) as Record<string, unknown>;
  return type === "email" && !(typeof given === "string" && isEmail(given))
    ? [...violations, `${path}.contact must be an e-mail address`]
    : violations;
};

const link = object({ name: text(), type: text(), url: text(1, URL.canParse), provider: text() }, [
  "name",
  "type",
  "url",
]);

const metadata = object(
  {
    name: text(1),
    owner: text(),
    description: text(),
    displayName: text(),
    tags: list(text()),
    contacts: list(contact),
    links: list(link),
  },
  ["name"],
);

const spec = object({
  lifecycle: text(1),
  tier: text(1),
  type: text(),
  languages: list(text()),
  dependsOn: list(text()),
});

/** Where an entity breaks the schema; empty for a valid one. */
export const violationsOfEntity = (entity: unknown): string[] =>
  object({ apiVersion: one("v3"), kind: one("service"), metadata, spec }, [
    "apiVersion",
    "kind",
    "metadata",
  ])(entity, "entity");
