import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalizeUsage, type TokenUsage } from "../src/index.ts";

describe("Anthropic", () => {
  test("the input includes the cache that the provider counts apart", () => {
    expect(
      normalizeUsage({
        input_tokens: 10,
        cache_read_input_tokens: 90,
        cache_creation_input_tokens: 50,
        cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 },
        output_tokens: 7,
        output_tokens_details: { thinking_tokens: 3 },
      }),
    ).toEqual({
      inputTokens: 150,
      outputTokens: 7,
      totalTokens: 157,
      cacheReadInputTokens: 90,
      cacheWriteInputTokens: 50,
      cacheWrite5mInputTokens: 20,
      cacheWrite1hInputTokens: 30,
      reasoningOutputTokens: 3,
    });
  });

  test("counts that are null or missing stay missing", () => {
    expect(
      normalizeUsage({ input_tokens: 10, output_tokens: 1, cache_read_input_tokens: null }),
    ).toEqual({ inputTokens: 10, outputTokens: 1, totalTokens: 11 });
    expect(normalizeUsage({ output_tokens: 4 })).toEqual({ outputTokens: 4 });
    expect(normalizeUsage({ input_tokens: null, cache_read_input_tokens: 5 })).toEqual({
      cacheReadInputTokens: 5,
    });
  });

  test("cache writes are found by their age where the sum is missing", () => {
    expect(
      normalizeUsage({
        input_tokens: 1,
        output_tokens: 1,
        cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 },
      }),
    ).toMatchObject({ inputTokens: 6, cacheWriteInputTokens: 5 });
  });
});

describe("OpenAI Chat", () => {
  test("the input includes the cache already", () => {
    expect(
      normalizeUsage({
        prompt_tokens: 100,
        completion_tokens: 40,
        total_tokens: 140,
        prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 6, audio_tokens: 5 },
        completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 4 },
      }),
    ).toEqual({
      inputTokens: 100,
      outputTokens: 40,
      totalTokens: 140,
      cacheReadInputTokens: 64,
      cacheWriteInputTokens: 6,
      reasoningOutputTokens: 30,
      inputAudioTokens: 5,
      outputAudioTokens: 4,
    });
  });

  test("reasoning that the server's total counts beside the completion belongs to the output", () => {
    expect(
      normalizeUsage({
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 35,
        completion_tokens_details: { reasoning_tokens: 20 },
      }),
    ).toEqual({ inputTokens: 10, outputTokens: 25, totalTokens: 35, reasoningOutputTokens: 20 });
  });

  test("a total that is the sum of input and completion leaves the output as it is", () => {
    const details = { completion_tokens_details: { reasoning_tokens: 0 } };

    expect(normalizeUsage({ prompt_tokens: 8, total_tokens: 8, ...details })).toEqual({
      inputTokens: 8,
      totalTokens: 8,
      reasoningOutputTokens: 0,
    });
  });

  test("an embedding has an input and a total but no output", () => {
    expect(normalizeUsage({ prompt_tokens: 8, total_tokens: 8 })).toEqual({
      inputTokens: 8,
      totalTokens: 8,
    });
    expect(normalizeUsage({ total_tokens: 8 })).toEqual({ totalTokens: 8 });
  });

  test("a completion alone is an output", () => {
    expect(normalizeUsage({ completion_tokens: 3 })).toEqual({ outputTokens: 3 });
  });

  test("DeepSeek's cache hits are cache reads", () => {
    expect(
      normalizeUsage({ prompt_tokens: 10, completion_tokens: 1, prompt_cache_hit_tokens: 6 }),
    ).toMatchObject({ cacheReadInputTokens: 6 });
  });
});

test("OpenAI Responses: the input includes the cache already", () => {
  expect(
    normalizeUsage({
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 80, cache_write_tokens: 10 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 12 },
      total_tokens: 120,
    }),
  ).toEqual({
    inputTokens: 100,
    outputTokens: 20,
    totalTokens: 120,
    cacheReadInputTokens: 80,
    cacheWriteInputTokens: 10,
    reasoningOutputTokens: 12,
  });
});

describe("Gemini", () => {
  test("thoughts belong to the output and tool-use prompts to the input", () => {
    expect(
      normalizeUsage({
        promptTokenCount: 100,
        toolUsePromptTokenCount: 10,
        candidatesTokenCount: 20,
        thoughtsTokenCount: 30,
        totalTokenCount: 160,
        cachedContentTokenCount: 60,
        promptTokensDetails: [
          { modality: "TEXT", tokenCount: 60 },
          { modality: "AUDIO", tokenCount: 40 },
        ],
        cacheTokensDetails: [{ modality: "AUDIO", tokenCount: 15 }],
        candidatesTokensDetails: [{ modality: "AUDIO", tokenCount: 2 }],
      }),
    ).toEqual({
      inputTokens: 110,
      outputTokens: 50,
      totalTokens: 160,
      cacheReadInputTokens: 60,
      reasoningOutputTokens: 30,
      inputAudioTokens: 40,
      cacheReadAudioInputTokens: 15,
      outputAudioTokens: 2,
    });
  });

  test("the Live API's response counts are the output", () => {
    expect(
      normalizeUsage({
        promptTokenCount: 3,
        responseTokenCount: 4,
        responseTokensDetails: [{ modality: "AUDIO", tokenCount: 4 }],
      }),
    ).toEqual({ inputTokens: 3, outputTokens: 4, totalTokens: 7, outputAudioTokens: 4 });
  });

  test.each([
    ["candidatesTokenCount", { outputTokens: 4 }],
    ["responseTokenCount", { outputTokens: 4 }],
    ["thoughtsTokenCount", { outputTokens: 4, reasoningOutputTokens: 4 }],
    ["totalTokenCount", { totalTokens: 4 }],
    ["promptTokenCount", { inputTokens: 4 }],
  ])("%s alone is recognised", (field, expected) => {
    expect(normalizeUsage({ [field]: 4 })).toEqual(expected);
  });
});

describe("camel case", () => {
  test("the AI SDK's details are read", () => {
    expect(
      normalizeUsage({
        inputTokens: 100,
        inputTokenDetails: { noCacheTokens: 20, cacheReadTokens: 70, cacheWriteTokens: 10 },
        outputTokens: 9,
        outputTokenDetails: { textTokens: 4, reasoningTokens: 5 },
        totalTokens: 109,
      }),
    ).toEqual({
      inputTokens: 100,
      outputTokens: 9,
      totalTokens: 109,
      cacheReadInputTokens: 70,
      cacheWriteInputTokens: 10,
      reasoningOutputTokens: 5,
    });
  });

  test("the older AI SDK's flat fields are read", () => {
    expect(
      normalizeUsage({
        inputTokens: 10,
        outputTokens: 5,
        cachedInputTokens: 4,
        reasoningTokens: 2,
      }),
    ).toMatchObject({ cacheReadInputTokens: 4, reasoningOutputTokens: 2 });
  });

  test("Amazon Bedrock's input excludes the cache, as its own total says", () => {
    expect(
      normalizeUsage({
        inputTokens: 10,
        outputTokens: 5,
        cacheReadInputTokens: 80,
        cacheWriteInputTokens: 5,
        totalTokens: 100,
      }),
    ).toMatchObject({ inputTokens: 95, outputTokens: 5, totalTokens: 100 });
  });

  test("the normal form stays as it is", () => {
    const usage: TokenUsage = {
      inputTokens: 100,
      outputTokens: 9,
      totalTokens: 109,
      cacheReadInputTokens: 50,
      cacheWriteInputTokens: 30,
      cacheWrite5mInputTokens: 10,
      cacheWrite1hInputTokens: 20,
      reasoningOutputTokens: 5,
      inputAudioTokens: 7,
      cacheReadAudioInputTokens: 2,
      outputAudioTokens: 3,
    };

    expect(normalizeUsage(usage)).toEqual(usage);
  });
});

test("what is no usage says nothing", () => {
  const hostile = new Proxy(
    {},
    {
      has: () => {
        throw new Error("no");
      },
    },
  );
  for (const value of [undefined, null, 5, "usage", [], {}, hostile]) {
    expect(normalizeUsage(value)).toEqual({});
  }
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, "12", 2 ** 60, true])(
  "%s is no count",
  (value) => {
    expect(normalizeUsage({ input_tokens: value, output_tokens: 1 })).toEqual({ outputTokens: 1 });
  },
);

test("a fraction of a token is not counted", () => {
  expect(normalizeUsage({ prompt_tokens: 1.9 })).toEqual({ inputTokens: 1 });
});

const count = fc.nat({ max: 10_000_000 });

/** Usage objects of each provider, built from disjoint buckets that are known. */
const providerUsages = fc
  .record({
    uncached: count,
    read: count,
    written5m: count,
    written1h: count,
    visible: count,
    reasoning: count,
  })
  .chain((buckets) => {
    const { uncached, read, written5m, written1h, visible, reasoning } = buckets;
    const written = written5m + written1h;
    const input = uncached + read + written;
    const output = visible + reasoning;
    const usages: object[] = [
      {
        input_tokens: uncached,
        cache_read_input_tokens: read,
        cache_creation_input_tokens: written,
        cache_creation: {
          ephemeral_5m_input_tokens: written5m,
          ephemeral_1h_input_tokens: written1h,
        },
        output_tokens: output,
        output_tokens_details: { thinking_tokens: reasoning },
      },
      {
        prompt_tokens: input,
        completion_tokens: output,
        total_tokens: input + output,
        prompt_tokens_details: { cached_tokens: read, cache_write_tokens: written },
        completion_tokens_details: { reasoning_tokens: reasoning },
      },
      {
        input_tokens: input,
        input_tokens_details: { cached_tokens: read, cache_write_tokens: written },
        output_tokens: output,
        output_tokens_details: { reasoning_tokens: reasoning },
        total_tokens: input + output,
      },
      {
        inputTokens: input,
        inputTokenDetails: { cacheReadTokens: read, cacheWriteTokens: written },
        outputTokens: output,
        outputTokenDetails: { reasoningTokens: reasoning },
        totalTokens: input + output,
      },
      {
        inputTokens: uncached,
        cacheReadInputTokens: read,
        cacheWriteInputTokens: written,
        outputTokens: output,
        reasoningOutputTokens: reasoning,
        totalTokens: input + output,
      },
    ];
    return fc
      .constantFrom(...usages)
      .map((usage) => ({ usage, input, output, read, written, reasoning }));
  });

test("property: every provider's buckets come out the same and add up to its own total", () => {
  fc.assert(
    fc.property(providerUsages, ({ usage, input, output, read, written, reasoning }) => {
      expect(normalizeUsage(usage)).toMatchObject({
        inputTokens: input,
        outputTokens: output,
        totalTokens: input + output,
        cacheReadInputTokens: read,
        cacheWriteInputTokens: written,
        reasoningOutputTokens: reasoning,
      });
    }),
  );
});

test("property: Gemini's buckets add up to its own total", () => {
  fc.assert(
    fc.property(count, count, count, count, (prompt, toolUse, candidates, thoughts) => {
      const usage = normalizeUsage({
        promptTokenCount: prompt,
        toolUsePromptTokenCount: toolUse,
        candidatesTokenCount: candidates,
        thoughtsTokenCount: thoughts,
        totalTokenCount: prompt + toolUse + candidates + thoughts,
      });

      expect((usage.inputTokens ?? 0) + (usage.outputTokens ?? 0)).toBe(usage.totalTokens);
    }),
  );
});

const anyCount = fc.option(fc.oneof(count, fc.constant(-1), fc.double(), fc.string()), {
  nil: undefined,
});
const anyFields = fc.dictionary(
  fc.constantFrom(
    "input_tokens",
    "output_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "promptTokenCount",
    "candidatesTokenCount",
    "cachedContentTokenCount",
    "thoughtsTokenCount",
    "inputTokens",
    "outputTokens",
    "totalTokens",
    "cacheReadInputTokens",
    "cacheWriteInputTokens",
    "cacheWrite5mInputTokens",
    "cacheWrite1hInputTokens",
    "reasoningOutputTokens",
    "inputAudioTokens",
    "cacheReadAudioInputTokens",
    "outputAudioTokens",
  ),
  anyCount,
);

test("property: whatever comes in, buckets are non-negative and disjoint, parts fit their whole", () => {
  fc.assert(
    fc.property(anyFields, (fields) => {
      const usage = normalizeUsage(fields);

      for (const value of Object.values(usage)) expect(value).toBeGreaterThanOrEqual(0);
      if (usage.inputTokens !== undefined) {
        expect(
          (usage.cacheReadInputTokens ?? 0) + (usage.cacheWriteInputTokens ?? 0),
        ).toBeLessThanOrEqual(usage.inputTokens);
        expect(usage.inputAudioTokens ?? 0).toBeLessThanOrEqual(usage.inputTokens);
      }
      if (usage.cacheWriteInputTokens !== undefined) {
        expect(
          (usage.cacheWrite5mInputTokens ?? 0) + (usage.cacheWrite1hInputTokens ?? 0),
        ).toBeLessThanOrEqual(usage.cacheWriteInputTokens);
      }
      if (usage.outputTokens !== undefined) {
        expect(usage.reasoningOutputTokens ?? 0).toBeLessThanOrEqual(usage.outputTokens);
        expect(usage.outputAudioTokens ?? 0).toBeLessThanOrEqual(usage.outputTokens);
      }
      if (usage.cacheReadInputTokens !== undefined && usage.inputAudioTokens !== undefined) {
        expect(usage.cacheReadAudioInputTokens ?? 0).toBeLessThanOrEqual(
          Math.min(usage.cacheReadInputTokens, usage.inputAudioTokens),
        );
      }
    }),
  );
});

test("property: normalising a normal usage changes nothing", () => {
  fc.assert(
    fc.property(anyFields, (fields) => {
      const usage = normalizeUsage(fields);

      expect(normalizeUsage(usage)).toEqual(usage);
    }),
  );
});

test("OpenAI's Realtime API and transcriptions divide input and cache by modality", () => {
  expect(
    normalizeUsage({
      total_tokens: 253,
      input_tokens: 132,
      output_tokens: 121,
      input_token_details: {
        text_tokens: 72,
        audio_tokens: 40,
        image_tokens: 20,
        cached_tokens: 64,
        cached_tokens_details: { text_tokens: 40, audio_tokens: 16, image_tokens: 8 },
      },
      output_token_details: { text_tokens: 30, audio_tokens: 91 },
    }),
  ).toEqual({
    inputTokens: 132,
    outputTokens: 121,
    totalTokens: 253,
    cacheReadInputTokens: 64,
    inputAudioTokens: 40,
    cacheReadAudioInputTokens: 16,
    inputImageTokens: 20,
    cacheReadImageInputTokens: 8,
    outputAudioTokens: 91,
  });
});

test("more cached than there was input at all means that the cache stands beside the input", () => {
  expect(
    normalizeUsage({
      inputTokens: 10,
      outputTokens: 5,
      totalTokens: 15,
      cacheReadInputTokens: 90,
      cacheWriteInputTokens: 20,
    }),
  ).toEqual({
    inputTokens: 120,
    outputTokens: 5,
    totalTokens: 125,
    cacheReadInputTokens: 90,
    cacheWriteInputTokens: 20,
  });
});
