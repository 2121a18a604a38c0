/** What the provider's own answer says and what that costs, worked out without the code under test. */
export interface ProviderNumbers {
  readonly uncachedInput?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly cacheWrite1h?: number;
  readonly output?: number;
  readonly reasoning?: number;
}

type Counts = Readonly<Record<string, unknown>>;

/** Published prices (USD per million tokens): input, output, cache read, cache write, one-hour cache write. */
const prices: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^gpt-4o-mini/, [0.15, 0.6, 0.075]],
  [/^gpt-4o/, [2.5, 10, 1.25]],
  [/^gpt-4-0613|^gpt-4$/, [30, 60]],
  [/^gpt-3\.5-turbo-instruct/, [1.5, 2]],
  [/^gpt-3\.5-turbo/, [0.5, 1.5]],
  [/^text-embedding-ada-002/, [0.1, 0]],
  [/^gpt-audio/, [2.5, 10]],
  [/claude-haiku-4-5/, [1, 5, 0.1, 1.25, 2]],
  [/claude-(3-[57]-sonnet|sonnet-4)/, [3, 15, 0.3, 3.75, 6]],
  [/claude-3-haiku/, [0.25, 1.25, 0.03, 0.3]],
  [/^gemini-2\.0-flash/, [0.1, 0.4, 0.025]],
  [/^gemini-2\.5-flash/, [0.3, 2.5, 0.03]],
  [/nova-pro/, [0.8, 3.2, 0.2]],
];

/** Cost by the published prices (USD), bucket by bucket. */
export interface PublishedCost {
  readonly uncachedInput: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

/** What a call costs by the published prices; `undefined` for a model that is not in the table above. */
export function publishedCost(model: string, numbers: ProviderNumbers): PublishedCost | undefined {
  const price = prices.find(([name]) => name.test(model))?.[1];
  if (price === undefined || numbers.uncachedInput === undefined) return undefined;
  const [input = 0, output = 0, read = input, write = input, write1h = write] = price;
  const { cacheRead = 0, cacheWrite = 0, cacheWrite1h = 0 } = numbers;
  return {
    uncachedInput: (numbers.uncachedInput * input) / 1e6,
    cacheRead: (cacheRead * read) / 1e6,
    cacheWrite: ((cacheWrite - cacheWrite1h) * write + cacheWrite1h * write1h) / 1e6,
    output: ((numbers.output ?? 0) * output) / 1e6,
  };
}

/** The provider's own last counts in a complete answer or in the frames of a stream, by the meaning of its field names. */
export function numbersIn(text: string): ProviderNumbers {
  return Object.assign({}, ...countsIn(text).map((counts) => known(read(counts))));
}

function read(counts: Counts): Record<keyof ProviderNumbers, number | undefined> {
  const at = (...path: string[]): number | undefined => {
    let value: unknown = counts;
    for (const key of path) value = (value as Counts | undefined)?.[key];
    return typeof value === "number" ? value : undefined;
  };
  const isOpenAI = "prompt_tokens" in counts || "input_tokens_details" in counts;
  const cachedInside =
    at("prompt_tokens_details", "cached_tokens") ??
    at("input_tokens_details", "cached_tokens") ??
    at("cachedContentTokenCount");
  const input =
    at("prompt_tokens") ??
    at("promptTokenCount") ??
    at("input_tokens") ??
    at("inputTokens") ??
    at("inputTokenCount");
  const output =
    at("completion_tokens") ??
    at("candidatesTokenCount") ??
    at("output_tokens") ??
    at("outputTokens") ??
    at("outputTokenCount");
  const thoughts = at("thoughtsTokenCount");
  return {
    uncachedInput: input === undefined ? undefined : input - (cachedInside ?? 0),
    cacheRead: cachedInside ?? at("cache_read_input_tokens") ?? at("cacheReadInputTokenCount"),
    cacheWrite: isOpenAI
      ? undefined
      : (at("cache_creation_input_tokens") ?? at("cacheWriteInputTokenCount")),
    cacheWrite1h: at("cache_creation", "ephemeral_1h_input_tokens"),
    output: output === undefined ? undefined : output + (thoughts ?? 0),
    reasoning:
      at("completion_tokens_details", "reasoning_tokens") ??
      at("output_tokens_details", "reasoning_tokens") ??
      at("output_tokens_details", "thinking_tokens") ??
      thoughts,
  };
}

/** Every usage object of a text, found by its key; a nested one (`iterations`) belongs to its parent. */
function countsIn(text: string): Counts[] {
  const found: Counts[] = [];
  const pattern = /"(?:usage|usageMetadata|amazon-bedrock-invocationMetrics)":\s*(?=\{)/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const start = match.index + match[0].length;
    let depth = 0;
    let end = start;
    do {
      if (text[end] === "{") depth += 1;
      if (text[end] === "}") depth -= 1;
      end += 1;
    } while (depth > 0 && end < text.length);
    found.push(JSON.parse(text.slice(start, end)) as Counts);
    pattern.lastIndex = end;
  }
  return found;
}

function known(values: Record<keyof ProviderNumbers, number | undefined>): ProviderNumbers {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
