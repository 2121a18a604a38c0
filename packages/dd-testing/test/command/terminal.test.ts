import { expect, test } from "vitest";
import { printArrivals } from "../../src/command/print-arrivals.ts";
import { createTerminal, wantsColour } from "../../src/command/terminal.ts";
import { startTestAgent } from "../../src/index.ts";
import { oneSpanPayload, putTraces } from "../support/trace-payload.ts";

function recorder(isTTY: boolean): { isTTY: boolean; written: string; write(text: string): void } {
  return {
    isTTY,
    written: "",
    write(text) {
      this.written += text;
    },
  };
}

test.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "" }, true],
  [true, { TERM: "dumb" }, false],
  [false, { FORCE_COLOR: "1" }, true],
  [true, { FORCE_COLOR: "0" }, false],
  [true, { FORCE_COLOR: "1", NO_COLOR: "1" }, true],
])("in a terminal (%s) with %j colours are wanted: %s", (isTTY, environment, wanted) => {
  expect(wantsColour(recorder(isTTY), environment)).toBe(wanted);
});

test("progress is one line that changes in a terminal, and a line each time elsewhere", () => {
  const [person, file] = [recorder(true), recorder(false)];
  for (const errors of [person, file]) {
    const terminal = createTerminal(recorder(false), errors, {});
    terminal.progress("1 of 2");
    terminal.progress("2 of 2");
    terminal.write("table");
    terminal.note("done\n");
  }

  expect(person.written).toBe("\r1 of 2\u001B[K\r2 of 2\u001B[K\ndone\n");
  expect(file.written).toBe("1 of 2\n2 of 2\ndone\n");
});

test("failed spans and refusals are red, and names from outside cannot move the cursor", async () => {
  await using agent = await startTestAgent();
  const output = recorder(true);
  const stop = printArrivals(agent, createTerminal(output, recorder(false), {}));
  const name = "evil\u001B[2J\u0007";
  await putTraces(agent.url, oneSpanPayload({ name, service: name, error: 1 }));
  await putTraces(agent.url, new Uint8Array([0xc1]));
  stop();

  expect(output.written).not.toContain("\u001B[2J");
  expect(output.written).not.toContain("\u0007");
  const readable = output.written.replaceAll("\u001B", "<esc>");
  expect(readable).toContain("<esc>[1mtrace ");
  expect(readable).toMatch(/<esc>\[31mevil \[2J .* ms ERROR<esc>\[39m/);
  expect(readable).toMatch(/<esc>\[31mrefused \/v0\.4\/traces 400 .*<esc>\[39m\n/);
});

test("what is no trace is counted by its kind, each time anew", async () => {
  await using agent = await startTestAgent();
  const output = recorder(false);
  const terminal = createTerminal(output, recorder(false), {});
  const send = async (...lines: readonly string[]): Promise<void> => {
    await fetch(`${agent.url}/dogstatsd/v2/proxy`, { method: "POST", body: lines.join("\n") });
  };
  const stop = printArrivals(agent, terminal);
  await send("a:1|c", "b:1|c", "_sc|db|0");
  stop();
  const first = output.written;
  output.written = "";
  const again = printArrivals(agent, terminal);
  await fetch(`${agent.url}/api/v2/logs`, { method: "POST", body: "one line" });
  again();

  expect(first).toBe("2 metrics, 1 service check\n");
  expect(output.written).toContain("1 log\n");
});
