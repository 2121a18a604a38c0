import { expect, test } from "vitest";
import { BoundedMap } from "../../src/providers/ai-sdk/bounded-map.ts";

test("the oldest entry gives way to one too many, and is handed out", () => {
  const dropped: number[] = [];
  const map = new BoundedMap<number>(2, (value) => dropped.push(value));

  map.set("a", 1);
  map.set("b", 2);
  map.set("c", 3);

  expect(dropped).toEqual([1]);
  expect(map.get("a")).toBeUndefined();
  expect(map.get("b")).toBe(2);
  expect(map.take("c")).toBe(3);
  expect(map.take("c")).toBeUndefined();
});
