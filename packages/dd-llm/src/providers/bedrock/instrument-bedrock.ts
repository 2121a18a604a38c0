import { ConfigurationError } from "@llmdevops/dd-core";
import { isRecord, recordAt, type UnknownRecord } from "../../formats/unknown-record.ts";
import { warnOfDuplicateCapture } from "../duplicate-capture.ts";
import {
  type InstrumentationOptions,
  type ResolvedInstrumentation,
  resolveInstrumentation,
} from "../instrumentation-options.ts";
import { ObservedModelCall, quietly } from "../observed-model-call.ts";
import { isInstrumented, rememberRestore, replaceMethod } from "../replaced-method.ts";
import { type BedrockOperation, isBedrockOperation } from "./bedrock-operation.ts";
import { readBedrockRequest } from "./bedrock-request.ts";
import { type CommandResult, observeCommand } from "./observed-command.ts";

/** What is needed of a `BedrockRuntimeClient`, or of a `BedrockRuntime`, of the AWS SDK for JavaScript v3. */
export interface BedrockClient {
  /** Asked for the region. */
  readonly config: object;
  /** Gets one middleware more. */
  readonly middlewareStack: {
    /** Adds a middleware. */
    add(middleware: never, options: never): void;
    /** Takes it off again. */
    remove(middleware: never): boolean;
  };
  /** Sends one command; watched for the abort signal of each call. */
  send: unknown;
}

type Step = (args: UnknownRecord) => Promise<CommandResult>;
type Middleware = (next: Step, context: UnknownRecord) => Step;

/** The client's own list of middleware, as far as it is used here. */
interface MiddlewareStack {
  add(middleware: Middleware, options: Readonly<Record<string, string>>): void;
  remove(middleware: Middleware): boolean;
}

const integration = {
  name: "aws-sdk",
  channel: "apm:aws:request:start:bedrockruntime",
  instrument: "instrumentBedrock",
  disable: 'tracer.use("aws-sdk", { bedrockruntime: false });',
};

/**
 * Records every model call of a Bedrock runtime client of the AWS SDK v3, 3.587 to 3: `Converse`, `ConverseStream`,
 * `InvokeModel` and `InvokeModelWithResponseStream`. The bidirectional stream of Nova Sonic is not recorded.
 *
 * The client gets one middleware more, as the SDK means it to be extended; results, streams, callbacks and abort
 * signals are the SDK's own. Doing it twice changes nothing; {@link uninstrument} takes it off.
 *
 * @param client The client to observe; it is changed in place.
 * @param options Where calls are recorded, and tags for all of them.
 * @returns The same client.
 * @throws {ConfigurationError} When the client or an option is not what it should be; nothing throws later.
 * @example
 * ```ts
 * import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
 * import { instrumentBedrock } from "@llmdevops/dd-llm";
 *
 * const bedrock = instrumentBedrock(new BedrockRuntimeClient({ region: "eu-west-1" }), { llm });
 * ```
 */
export function instrumentBedrock<C extends BedrockClient>(
  client: C,
  options: InstrumentationOptions,
): C {
  const instrumentation = resolveInstrumentation(options);
  const settings: unknown = client;
  const stack = isRecord(settings) ? settings["middlewareStack"] : undefined;
  if (!isRecord(settings) || !isMiddlewareStack(stack)) {
    throw new ConfigurationError("The client must be one of @aws-sdk/client-bedrock-runtime.");
  }
  if (isInstrumented(client)) return client;
  const region = regionOf(recordAt(settings, "config"));
  // The SDK gathers its middleware while `send` runs, which alone knows the options of one command.
  let signal: AbortSignal | undefined;
  const restoreSend = replaceMethod(client, "send", (original) => (...args) => {
    signal = abortSignalOf(args[1]);
    try {
      return Reflect.apply(original, client, args);
    } finally {
      signal = undefined;
    }
  });
  const middleware: Middleware = (next, { commandName }) => {
    if (!isBedrockOperation(commandName)) return next;
    const signalOfCommand = signal;
    return (args) => {
      quietly(() => warnOfDuplicateCapture(integration, instrumentation.logger));
      const call = begin(commandName, args["input"], region(), instrumentation);
      return call === undefined
        ? next(args)
        : observeCommand(call, () => next(args), signalOfCommand);
    };
  };
  stack.add(middleware, { step: "initialize", priority: "high", name: "llmdevopsObservation" });
  rememberRestore(client, [restoreSend, () => stack.remove(middleware)]);
  return client;
}

function abortSignalOf(options: unknown): AbortSignal | undefined {
  const signal = isRecord(options) ? options["abortSignal"] : undefined;
  return signal instanceof AbortSignal ? signal : undefined;
}

function isMiddlewareStack(stack: unknown): stack is MiddlewareStack {
  return (
    isRecord(stack) && typeof stack["add"] === "function" && typeof stack["remove"] === "function"
  );
}

/** The region is known only after the SDK's own look-up, so the first call may go without. */
function regionOf(config: UnknownRecord): () => string | undefined {
  const lookUp = config["region"];
  let isAsked = false;
  let region: string | undefined;
  return () => {
    if (isAsked || typeof lookUp !== "function") return region;
    isAsked = true;
    Promise.resolve(Reflect.apply(lookUp, config, [])).then(
      (found: unknown) => {
        if (typeof found === "string") region = found;
      },
      () => {
        // The call itself fails of the same, and says so.
      },
    );
    return region;
  };
}

function begin(
  operation: BedrockOperation,
  input: unknown,
  region: string | undefined,
  instrumentation: ResolvedInstrumentation,
): ObservedModelCall | undefined {
  let call: ObservedModelCall | undefined;
  quietly(() => {
    const { provider = "aws" } = instrumentation;
    const request = readBedrockRequest(operation, isRecord(input) ? input : {}, provider, region);
    call = new ObservedModelCall(request, instrumentation);
  });
  return call;
}
