import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, LineBuffer } from "../../src/delivery/line-buffer.ts";

const line = (number: number): Line => ({ text: String(number), bytes: 1, calls: number });

test("a full buffer drops the oldest line, and says which", () => {
  const dropped: Line[] = [];
  const buffer = new LineBuffer(2, (oldest) => dropped.push(oldest));
  for (const number of [1, 2, 3]) buffer.push(line(number));

  expect(dropped).toEqual([line(1)]);
  expect(buffer.calls).toBe(5);
  expect([buffer.shift(), buffer.shift(), buffer.shift()]).toEqual([line(2), line(3), undefined]);
});

test("lines that are put back come first again, as far as there is room", () => {
  const dropped: Line[] = [];
  const buffer = new LineBuffer(3, (oldest) => dropped.push(oldest));
  for (const number of [3, 4]) buffer.push(line(number));

  buffer.putBack([line(1), line(2)]);

  expect(dropped).toEqual([line(1)]);
  expect([buffer.shift(), buffer.shift(), buffer.shift()]).toEqual([line(2), line(3), line(4)]);
});

test("whatever is done with it, it behaves like a list and every line is taken or dropped once", () => {
  const step = fc.oneof(
    fc.constant("push" as const),
    fc.constant("shift" as const),
    fc.integer({ min: 1, max: 4 }),
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: 1, max: 8 }),
      (steps, size) => {
        const model: number[] = [];
        const taken: number[] = [];
        const dropped: number[] = [];
        const buffer = new LineBuffer(size, ({ calls }) => dropped.push(calls));
        let next = 1;
        let droppedByModel = 0;
        for (const action of steps) {
          if (action === "push") {
            if (model.length >= size) {
              model.shift();
              droppedByModel += 1;
            }
            model.push(next);
            buffer.push(line(next));
            next += 1;
          } else if (action === "shift") {
            const expected = model.shift();
            expect(buffer.peek()?.calls).toBe(expected);
            expect(buffer.shift()?.calls).toBe(expected);
            if (expected !== undefined) taken.push(expected);
          } else {
            const back = taken.splice(-action);
            const kept = back.slice(Math.max(0, back.length - (size - model.length)));
            droppedByModel += back.length - kept.length;
            model.unshift(...kept);
            buffer.putBack(back.map(line));
          }
          expect(buffer.length).toBe(model.length);
        }
        expect(buffer.calls).toBe(model.reduce((sum, number) => sum + number, 0));
        expect(dropped).toHaveLength(droppedByModel);
        expect(taken.length + dropped.length + model.length).toBe(next - 1);
      },
    ),
  );
});
