/** What an error says of itself and of its causes, outermost first. */
export interface ErrorFacts {
  readonly names: readonly string[];
  /** In lower case. */
  readonly codes: readonly string[];
  /** In lower case, the beginning only. */
  readonly messages: readonly string[];
  /** The HTTP status of the outermost error that has one. */
  readonly status: number | undefined;
}

const maximumCauses = 5;
const maximumMessage = 2_000;

/** Reads a thrown value of any kind; getters and proxies may throw, this does not. */
export function readErrorFacts(error: unknown): ErrorFacts {
  const names: string[] = [];
  const codes: string[] = [];
  const messages: string[] = [];
  let status: number | undefined;
  let current = error;
  for (let depth = 0; depth <= maximumCauses && isObject(current); depth += 1) {
    names.push(...texts(current, "name"), ...texts(propertyOf(current, "constructor"), "name"));
    codes.push(...texts(current, "code"), ...texts(current, "type"), ...awsCode(current));
    messages.push(...texts(current, "message"));
    status ??=
      numberOf(current, "status") ??
      numberOf(current, "statusCode") ??
      numberOf(propertyOf(current, "$metadata"), "httpStatusCode");
    current = propertyOf(current, "cause");
  }
  return {
    names,
    codes: codes.map((code) => code.toLowerCase()),
    messages: messages.map((message) => message.slice(0, maximumMessage).toLowerCase()),
    status,
  };
}

/** The AWS SDK has its codes as names, and marks its errors. */
function awsCode(error: object): string[] {
  return propertyOf(error, "$fault") === undefined ? [] : texts(error, "name");
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function propertyOf(source: unknown, key: string): unknown {
  if (!isObject(source)) return undefined;
  try {
    return Reflect.get(source, key);
  } catch {
    return undefined;
  }
}

function texts(source: unknown, key: string): string[] {
  const value = propertyOf(source, key);
  return typeof value === "string" && value !== "" ? [value] : [];
}

function numberOf(source: unknown, key: string): number | undefined {
  const value = propertyOf(source, key);
  return typeof value === "number" ? value : undefined;
}
