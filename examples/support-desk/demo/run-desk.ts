import type { ClientHealthReport } from "@llmdevops/dd";
import { startProviderServer, startTestAgent, type TestAgent } from "@llmdevops/dd-testing";
import { type DemoProcess, startProcess } from "./child-process.ts";
import { scriptProviders } from "./provider-script.ts";

/** What a run of the example has left behind. */
export interface DeskRun {
  /** What arrived at the embedded Agent; absent where a real Agent was used. */
  readonly agent: TestAgent | undefined;
  readonly health: readonly ClientHealthReport[];
  readonly logLines: readonly string[];
  /** Requests that reached the provider server. */
  readonly providerCalls: number;
  /** Tokens that the provider server has told its clients. */
  readonly tokensSent: { readonly input: number; readonly output: number };
  stop(): Promise<void>;
}

const arrivalTimeoutMs = 10_000;

/** Starts Agent, provider server and both processes, and waits until everything has arrived. */
export async function runDesk(say: (step: string) => void): Promise<DeskRun> {
  const { env } = process;
  const hasRealAgent = Boolean(env["DD_AGENT_HOST"] || env["DD_TRACE_AGENT_URL"]);
  const agent = hasRealAgent ? undefined : await startTestAgent();
  const providers = await startProviderServer();
  scriptProviders(providers);
  say(
    agent ? `embedded Agent listens on ${agent.url}` : "using the Agent named in the environment",
  );
  say(`provider server listens on ${providers.url}${realProviders()}`);
  const environment = { ...agent?.env, ...providerEnvironment(providers.baseUrls) };

  const processes: DemoProcess[] = [];
  const stop = async () => {
    for (const child of processes) child.stop();
    await Promise.all([providers.stop(), agent?.stop()]);
  };
  try {
    const billing = startProcess("billing.ts", environment);
    processes.push(billing);
    const port = await billing.message<number>("port");
    say("billing service is up; the support desk handles two tickets");
    const url = `http://127.0.0.1:${port}`;
    const desk = startProcess("desk.ts", { ...environment, BILLING_URL: url });
    processes.push(desk);
    const deskHealth = await desk.message<ClientHealthReport>("health");
    await expectSuccess("desk.ts", desk);
    billing.stop();
    const billingHealth = await billing.message<ClientHealthReport>("health");
    await expectSuccess("billing.ts", billing);
    const health = [deskHealth, billingHealth];
    await waitForArrival(agent, health);
    say("both processes have ended and everything has arrived");
    const totals = providers.usageSent();
    return {
      agent,
      health,
      logLines: byTime(processes.flatMap((child) => child.logLines)),
      providerCalls: providers.requests().length,
      tokensSent: {
        input: totals.reduce((sum, { usage }) => sum + usage.inputTokens, 0),
        output: totals.reduce((sum, { usage }) => sum + usage.outputTokens, 0),
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function byTime(lines: readonly string[]): string[] {
  const time = (line: string) => Number((JSON.parse(line) as { readonly time: number }).time);
  return [...lines].sort((a, b) => time(a) - time(b));
}

async function expectSuccess(module: string, child: DemoProcess): Promise<void> {
  const code = await child.exited;
  if (code !== 0) throw new Error(`${module} ended with exit code ${code}.`);
}

/** Waits for the spans that were made; what has not come by then is reported as lost. */
async function waitForArrival(
  agent: TestAgent | undefined,
  health: readonly ClientHealthReport[],
): Promise<void> {
  const created = health.reduce((sum, { spans }) => sum + spans.created, 0);
  await agent?.waitFor({ spans: created }, { timeoutMs: arrivalTimeoutMs }).catch(() => {});
}

function providerEnvironment(urls: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { env } = process;
  return {
    ...(env["ANTHROPIC_API_KEY"]
      ? {}
      : { ANTHROPIC_API_KEY: "demo", ANTHROPIC_BASE_URL: urls["anthropic"] }),
    ...(env["OPENAI_API_KEY"] ? {} : { OPENAI_API_KEY: "demo", OPENAI_BASE_URL: urls["openai"] }),
    ...(env["GEMINI_API_KEY"]
      ? {}
      : { GEMINI_API_KEY: "demo", GOOGLE_GEMINI_BASE_URL: urls["gemini"] }),
  };
}

function realProviders(): string {
  const real = ["ANTHROPIC", "OPENAI", "GEMINI"].filter((name) => process.env[`${name}_API_KEY`]);
  return real.length === 0 ? "" : `; real providers: ${real.join(", ").toLowerCase()}`;
}
