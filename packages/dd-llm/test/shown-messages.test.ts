import { expect, test } from "vitest";
import type { ContentPolicy } from "../src/content/content-policy.ts";
import type { ConversationMessage } from "../src/content/conversation.ts";
import { shownMessages } from "../src/content/shown-messages.ts";
import { testFoundation } from "./support/foundation.ts";

const { guard } = testFoundation();
const full: ContentPolicy = {
  mode: "full",
  previewLength: 10,
  hashKey: undefined,
  kinds: {},
  parts: {},
  sampling: undefined,
};
const preview: ContentPolicy = { ...full, mode: "preview" };

function shown(messages: ConversationMessage[], maximumBytes: number, policy = full) {
  return shownMessages(messages, policy, guard, maximumBytes);
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

test("everything is shown in full where it fits", () => {
  const messages: ConversationMessage[] = [
    { role: "user", content: "q" },
    { role: "assistant", toolCalls: [{ name: "f", arguments: {} }] },
  ];

  expect(shown(messages, 1_000)).toEqual(messages);
});

test("a preview shows the beginning of each message, of its tool calls and results too", () => {
  expect(
    shown(
      [
        { role: "user", content: "0123456789abc" },
        { role: "tool", toolResults: [{ result: "result text", type: "tool_result" }] },
        { content: "no role" },
      ],
      1_000,
      preview,
    ),
  ).toEqual([
    { role: "user", content: "0123456789...[truncated, 13 characters in all]" },
    { role: "tool", content: "result tex...[truncated, 11 characters in all]" },
    { content: "no role" },
  ]);
});

test("the newest messages stay when the conversation is too large, and the rest is counted", () => {
  const messages = Array.from({ length: 10 }, (_, index) => ({
    role: "user",
    content: `${index}${"x".repeat(1_000)}`,
  }));

  const result = shown(messages, 2_500);

  expect(result[0]).toEqual({
    role: "system",
    content: "[7 earlier messages left out: too large]",
  });
  expect(result.at(-1)).toEqual(messages[9]);
  expect(result.at(-2)).toEqual(messages[8]);
  expect(result[1]?.content).toMatch(/^7x+\.\.\.\[truncated \d+ characters\]$/);
  expect(bytes(result.slice(1))).toBeLessThanOrEqual(2_510);
});

test("a single message that is too large is cut, whatever its characters take as JSON", () => {
  for (const character of ["x", "ü", "😀", "\n", "\u0001", '"']) {
    const [message] = shown([{ role: "user", content: character.repeat(20_000) }], 5_000);

    expect(bytes(message)).toBeLessThanOrEqual(5_000);
    expect(message?.content).toContain("truncated");
    expect(message?.content?.length).toBeGreaterThan(300);
  }
});

test("a secret at the cut is redacted before the cut", () => {
  const secret = "sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKl";
  const message = { role: "user", content: `${"x ".repeat(100)}${secret} ${"y ".repeat(300)}` };

  for (let room = 120; room < 600; room += 7) {
    expect(JSON.stringify(shown([message], room))).not.toContain("sk-ant");
  }
});

test("no more entries are shown than the guard lets through, note included", () => {
  const messages = Array.from({ length: 1_500 }, () => ({ role: "user", content: "x" }));

  const result = shown(messages, 1_000_000);

  expect(result).toHaveLength(1_000);
  expect(result[0]?.content).toBe("[501 earlier messages left out: too large]");
});

test("an empty conversation shows nothing", () => {
  expect(shown([], 1_000)).toEqual([]);
});
