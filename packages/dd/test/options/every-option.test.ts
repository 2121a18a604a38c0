import { ConfigurationError, createClient, DatadogAPMError, type Logger } from "@llmdevops/dd";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { clientOptionNames } from "../../src/client-option-names.ts";
import { accepted } from "./accepted-values.ts";
import { badValues, password, secret } from "./bad-values.ts";
import { type OptionPlace, optionPlaces } from "./option-paths.ts";

const places = optionPlaces(clientOptionNames, {
  budgets: { name: "", entry: { name: "daily", limitUsd: 1 } },
  prices: { name: "own-model", entry: { inputPerMillion: 1, outputPerMillion: 1 } },
  "content.sampling": { name: "", entry: { rate: 1 } },
  modelAliases: { name: "own-name", entry: { model: "gpt-4o" } },
  "redaction.rules": { name: "email", entry: {} },
  "redaction.customRules": { name: "", entry: { name: "own", words: ["alpha"] } },
});

beforeAll(() => {
  for (const name of Object.keys(process.env)) {
    if (/^(DD|OTEL)_/.test(name)) vi.stubEnv(name, undefined);
  }
});
afterAll(() => vi.unstubAllEnvs());

describe("every option of the composed client", () => {
  test("has a rule here for what it accepts, and nothing else has one", () => {
    expect(places.map(({ path }) => path).sort()).toEqual(Object.keys(accepted).sort());
  });

  test.concurrent.each(places)(
    "$path is in effect, or refused by an error that helps",
    async (place) => {
      // Together, since each shutdown takes its time.
      const faults = await Promise.all(
        Object.entries(badValues).map(async ([name, value]) =>
          [...faultsOf(await attempt(place, value), place, value)].map(
            (fault) => `${name}: ${fault}`,
          ),
        ),
      );

      expect(faults.flat()).toEqual([]);
    },
  );
});

type Settings = Readonly<Record<string, { readonly value: unknown; readonly source: string }>>;

interface Outcome {
  readonly error: unknown;
  readonly settings: Settings;
  /** Everything that a person could read. */
  readonly said: string;
}

async function attempt(place: OptionPlace, value: unknown): Promise<Outcome> {
  const lines: string[] = [];
  const logger: Logger = {
    error: (line) => lines.push(line),
    warn: (line) => lines.push(line),
    info: (line) => lines.push(line),
    debug: (line) => lines.push(line),
  };
  try {
    const client = createClient({
      service: "shop",
      enabled: false,
      // No metrics, and so no sockets.
      selfTelemetryIntervalMs: 0,
      logger,
      onError: (error) => lines.push(error.message),
      ...place.with(value),
    });
    const configuration = client.configuration();
    lines.push(String(configuration), JSON.stringify(configuration));
    await client.shutdown();
    return {
      error: undefined,
      settings: configuration.settings as Settings,
      said: lines.join("\n"),
    };
  } catch (error) {
    return { error, settings: {}, said: `${lines.join("\n")}${texts(error)}` };
  }
}

/** What an error says, and what its causes say; without stacks, which would take most of the time here. */
function texts(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` < ${texts(error.cause)}`;
  return `${error.name}: ${error.message}${cause}`;
}

/** What is wrong with an outcome. */
function* faultsOf(
  { error, settings, said }: Outcome,
  place: OptionPlace,
  value: unknown,
): Iterable<string> {
  const isRight = accepted[place.path]?.(value);
  if (error === undefined) {
    if (isRight === false) yield "accepted";
    if (!isInEffect(settings, place, value)) yield "not in effect";
  } else {
    if (isRight === true) yield `refused: ${texts(error)}`;
    yield* missingFacts(error, place);
  }
  for (const text of [secret, password]) if (said.includes(text)) yield `shown: ${said}`;
}

/** What an error lacks of its class and the four facts: option, variable, value and remedy. */
function* missingFacts(error: unknown, { path, variable }: OptionPlace): Iterable<string> {
  if (!DatadogAPMError.isInstance(error)) {
    yield `not of the family: ${texts(error)}`;
    return;
  }
  const { message, code } = error;
  const isName = code === "INVALID_METRIC_NAME" && path === "metrics.prefix";
  if (!isName && !ConfigurationError.isInstance(error)) yield `class: ${code}`;
  const parts = path.split(/[.[\]]+/).filter((part) => part !== "" && !/^\d+$/.test(part));
  const facts = [...parts, ...(variable === undefined ? [] : [variable])];
  for (const fact of facts) if (!message.includes(fact)) yield `no ${fact}: ${message}`;
  if (!/, not |cannot be |was given/.test(message)) yield `no value: ${message}`;
  if (!/[Ss]et the option|Set it to/.test(message)) yield `no remedy: ${message}`;
  if (message.length > 700) yield `too long: ${message.length}`;
}

/** Where the configuration shows a setting, it shows what was given. */
function isInEffect(settings: Settings, { path }: OptionPlace, value: unknown): boolean {
  const report = settings[path];
  const isShown = typeof value === "number" || typeof value === "boolean" || value === "text";
  if (report === undefined || !isShown || value === Number.POSITIVE_INFINITY) return true;
  return report.value === value && report.source === "option";
}
