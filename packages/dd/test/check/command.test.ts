import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CommandHost, runCommand } from "../../src/command/run-command.ts";
import { runRegistered } from "../register/run-registered.ts";

let agent: TestAgent;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  agent = await startTestAgent();
  environment = { ...agent.env, DD_SERVICE: "shop", DD_ENV: "test", DD_VERSION: "1" };
});
afterAll(() => agent.stop());

/** Runs the command in this process; returns what it has written. */
async function command(commandArguments: readonly string[], host: Partial<CommandHost> = {}) {
  let output = "";
  let errors = "";
  const code = await runCommand(commandArguments, {
    environment,
    folder: import.meta.dirname,
    isTerminal: false,
    write: (part) => {
      output += part;
    },
    writeError: (part) => {
      errors += part;
    },
    ...host,
  });
  return { code, output, errors };
}

describe("the exit code", () => {
  test("is 0 where nothing is broken, 1 where something is", async () => {
    const broken = { ...environment, DD_TRACE_AGENT_URL: "http://127.0.0.1:1" };

    expect((await command(["check"])).code).toBe(0);
    expect((await command(["check"], { environment: broken })).code).toBe(1);
  });

  test.each([[["chek"]], [["check", "twice"]], [["check", "--jsn"]], [["check", "--json=yes"]]])(
    "is 2 for a command line that is wrong: %j",
    async (commandArguments) => {
      const { code, output, errors } = await command(commandArguments);

      expect(code).toBe(2);
      expect(output).toBe("");
      expect(errors).toContain("Usage: npx @llmdevops/dd check");
    },
  );

  test.each([[[]], [["help"]], [["--help"]], [["check", "-h"]]])(
    "is 0 for help: %j",
    async (commandArguments) => {
      const { code, output } = await command(commandArguments);

      expect(code).toBe(0);
      expect(output).toContain("Usage: npx @llmdevops/dd check");
    },
  );

  test("is 0 for the version", async () => {
    expect(await command(["--version"])).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
    });
  });
});

describe("the output", () => {
  test("as JSON has every finding and setting", async () => {
    const { output } = await command(["check", "--json"]);

    expect(JSON.parse(output)).toMatchObject({
      ok: true,
      items: expect.arrayContaining([expect.objectContaining({ topic: "Agent", status: "ok" })]),
      settings: { service: { value: "shop", source: "environment", variable: "DD_SERVICE" } },
    });
  });

  test("is coloured on a terminal only, and not with NO_COLOR", async () => {
    const plain = (await command(["check"])).output;
    const colored = (await command(["check"], { isTerminal: true })).output;
    const declined = await command(["check"], {
      isTerminal: true,
      environment: { ...environment, NO_COLOR: "1" },
    });

    expect(plain).not.toContain("\u001b");
    expect(colored).toContain("\u001b[32m");
    expect(declined.output).not.toContain("\u001b");
    expect(plain.trimEnd().split("\n").at(-1)).toBe("0 errors, 0 warnings");
  });

  test("is coloured in a pipe where FORCE_COLOR says so, and not in a terminal where it is 0", async () => {
    const forced = await command(["check"], { environment: { ...environment, FORCE_COLOR: "1" } });
    const refused = await command(["check"], {
      isTerminal: true,
      environment: { ...environment, FORCE_COLOR: "0" },
    });

    expect(forced.output).toContain("\u001b[32m");
    expect(refused.output).not.toContain("\u001b");
  });

  test("fits the width of a terminal, and is whole lines in a pipe", async () => {
    const wide = { ...environment, DD_LLMDEVOPS_INTEGRATIONS: "http,unheard-of" };
    const piped = (await command(["check"], { environment: wide })).output;
    const narrow = (await command(["check"], { environment: wide, columns: 80 })).output;

    expect(piped.split("\n").some((line) => line.length > 500)).toBe(true);
    expect(narrow.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(narrow.replaceAll(/\s+/g, " ")).toBe(piped.replaceAll(/\s+/g, " "));
  });

  test("may go to a pipe whose reader is gone", async () => {
    const main = fileURLToPath(new URL("../../src/command/main.ts", import.meta.url));
    const child = spawn(process.execPath, ["--conditions=@llmdevops/source", main, "check"], {
      env: { PATH: process.env["PATH"], ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "exit")]);

    expect({ errors, code }).toEqual({ errors: "", code: 0 });
  });
});

describe("settings that cannot be used", () => {
  const secret = "sk-ant-api03-0123456789abcdefghijABCDEFGHIJ-example";

  test.each([
    ["DD_TRACE_SAMPLE_RATE", "abc", 'sampling.rate must be a number from 0 to 1, not "abc"'],
    ["DD_TRACE_SAMPLE_RATE", secret, "sampling.rate must be a number from 0 to 1, not"],
    ["DD_TRACE_AGENT_URL", "http://ada:hunter2@x y", "The Agent's address cannot be"],
    ["DD_DOGSTATSD_URL", "http://ada:hunter2@agent", "DD_DOGSTATSD_URL must be udp://"],
    ["DD_TRACE_SAMPLING_RULES", secret, "sampling.rules must hold JSON"],
    ["DD_SERVICE", "", "No service name"],
  ])(
    "by %s=%s are the finding, with what to do below it and nothing secret",
    async (name, value, finding) => {
      const { code, output } = await command(["check"], {
        environment: { ...environment, [name]: value },
        folder: "/",
      });
      const [found = "", remedy = ""] = output.split("\n");

      expect(code).toBe(1);
      expect(found).toMatch(/^error {4}Settings {11}/);
      expect(found).toContain(finding);
      expect(remedy).toMatch(/^ +→ Set .*(DD_|options dogstatsd)/);
      expect(output).not.toMatch(/hunter2|api03/);
    },
  );

  test("are followed by the variables that nothing reads, also as JSON", async () => {
    const wrong = { ...environment, DD_TRACE_SAMPLE_RATE: "abc", DD_LLMDEVOPS_CONTNET: "full" };
    const { code, output } = await command(["check", "--json"], { environment: wrong });

    expect(code).toBe(1);
    expect(JSON.parse(output)).toMatchObject({
      ok: false,
      items: [
        { topic: "Settings", status: "error", remedy: expect.stringContaining("Set the option") },
        {
          topic: "Variables",
          remedy: expect.stringContaining("did you mean DD_LLMDEVOPS_CONTENT?"),
        },
      ],
    });
  });

  test("as a content mode that is none are a warning, and one that is known is shown", async () => {
    const lineFor = async (mode: string) => {
      const settings = { ...environment, DD_LLMDEVOPS_CONTENT: mode };
      const { output } = await command(["check"], { environment: settings });
      return output.split("\n").find((line) => line.includes("Content "));
    };

    expect(await lineFor("everything")).toMatch(/^warning .*cannot be "everything"/);
    expect(await lineFor("Preview")).toMatch(/^info .*preview of prompts/);
    expect(await lineFor(" ")).toBeUndefined();
  });
});

describe("the check at start", () => {
  test("is made once by the first client, and the look at the Agent is no span", async () => {
    const { errors, code } = await runRegistered("second-client.mjs", {
      environment: {
        ...environment,
        DD_LLMDEVOPS_CHECK: "1",
        DD_LLMDEVOPS_INTEGRATIONS: "http",
      },
    });

    expect(code).toBe(0);
    expect(errors.match(/^\w+ +Agent .*$/gm)).toHaveLength(1);
    await agent.waitFor({ spans: 3 });
    expect(agent.spans().filter(({ name }) => name === "http.request")).toEqual([]);
  });

  test("is not made unless it is asked for", async () => {
    const { errors } = await runRegistered("second-client.mjs", {
      environment: { ...environment, DD_LLMDEVOPS_CHECK: "0" },
    });

    expect(errors).not.toContain("DogStatsD");
  });
});
