/** Whether a value of an option is right; `undefined` where both a client and an error that helps will do. */
type Rule = (value: unknown) => boolean | undefined;

const never: Rule = () => false;
const anyText: Rule = (value) => typeof value === "string";
const text: Rule = (value) => typeof value === "string" && value !== "";
const flag: Rule = (value) => typeof value === "boolean";
const callable: Rule = (value) => typeof value === "function";
const oneOf =
  (...values: readonly unknown[]): Rule =>
  (value) =>
    values.includes(value);
const number =
  (least: number, most: number): Rule =>
  (value) =>
    typeof value === "number" && value >= least && value <= most;
const above =
  (least: number, most = Number.MAX_VALUE): Rule =>
  (value) =>
    typeof value === "number" && value > least && value <= most;
const whole =
  (least: number, most: number): Rule =>
  (value) =>
    Number.isInteger(value) && number(least, most)(value);
/** Whether something is an object and no list; what cannot be told is not. */
function isPlain(value: unknown): boolean {
  try {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** A section takes objects; what they hold is for the options in it, or unknown. */
const section: Rule = (value) => (isPlain(value) ? undefined : false);
function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}
const listOf =
  (rule: Rule): Rule =>
  (value) =>
    isList(value) && value.every(rule);
const timer = 2_147_483_647;
const styles = oneOf("label", "mask", "hash");
const targets = listOf(oneOf("tags"));
/** Of an address that is text, the test of addresses says more. */
const address: Rule = (value) => (typeof value === "string" ? undefined : false);
const amount = number(0, Number.MAX_VALUE);
const budgetLimit = number(1, Number.MAX_VALUE);

/** What every option accepts, by path. */
export const accepted: Readonly<Record<string, Rule>> = {
  service: (value) => typeof value === "string" && value.trim() !== "",
  env: anyText,
  version: anyText,
  tags: (value) => (isPlain(value) ? undefined : false),
  enabled: flag,
  agent: section,
  "agent.url": address,
  "agent.host": address,
  "agent.port": whole(1, 65_535),
  "agent.socketPath": address,
  site: address,
  git: section,
  "git.commitSha": anyText,
  "git.repositoryUrl": anyText,
  sampling: section,
  "sampling.rate": number(0, 1),
  "sampling.rules": listOf(never),
  "sampling.spanRules": listOf(never),
  "sampling.targetTracesPerSecond": above(0, Number.POSITIVE_INFINITY),
  "sampling.keepErrors": flag,
  llmobs: section,
  "llmobs.enabled": flag,
  "llmobs.mlApp": anyText,
  "llmobs.agentlessEnabled": flag,
  redaction: section,
  "redaction.preset": oneOf("default", "gdpr", "hipaa", "off"),
  "redaction.rules": section,
  "redaction.rules.email.enabled": flag,
  "redaction.rules.email.replacement": styles,
  "redaction.rules.email.label": never,
  "redaction.rules.email.targets": targets,
  "redaction.customRules": listOf(never),
  "redaction.customRules[0].name": oneOf("text"),
  "redaction.customRules[0].pattern": never,
  "redaction.customRules[0].find": never,
  "redaction.customRules[0].words": (value) => listOf(text)(value) && !listOf(never)(value),
  "redaction.customRules[0].replacement": styles,
  "redaction.customRules[0].label": never,
  "redaction.customRules[0].targets": targets,
  "redaction.replacement": styles,
  "redaction.hashKey": (value) => typeof value === "string" && value.length >= 16,
  "redaction.keys": section,
  "redaction.keys.block": listOf(anyText),
  "redaction.keys.allow": listOf(anyText),
  "redaction.keys.builtIn": flag,
  "redaction.sensitiveKeys": oneOf("replace", "block"),
  "redaction.keyPolicies": section,
  "redaction.limits": section,
  "redaction.limits.maxDepth": whole(1, 200),
  "redaction.limits.maxWidth": whole(1, Number.MAX_SAFE_INTEGER),
  "redaction.limits.maxNodes": whole(1, Number.MAX_SAFE_INTEGER),
  "redaction.limits.maxCharacters": whole(1, Number.MAX_SAFE_INTEGER),
  "redaction.memo": flag,
  "redaction.customRuleBudgetMs": above(0, timer),
  integrations: listOf(anyText),
  buffer: section,
  "buffer.maxSpans": whole(1, Number.MAX_SAFE_INTEGER),
  "buffer.maxBytes": whole(1, Number.MAX_SAFE_INTEGER),
  "buffer.spoolDirectory": text,
  "buffer.maxSpoolBytes": whole(1, 2 ** 40),
  "buffer.maxSpoolAgeMs": whole(1, 31_536_000_000),
  delivery: section,
  "delivery.connectTimeoutMs": whole(1, timer),
  "delivery.responseTimeoutMs": whole(1, timer),
  "delivery.retryBaseMs": whole(1, timer),
  "delivery.retryCapMs": whole(1, timer),
  "delivery.breakerFailures": whole(1, 1_000_000),
  "delivery.breakerOpenMs": whole(1, timer),
  "delivery.healthIntervalMs": whole(1, timer),
  "delivery.flushOnExit": flag,
  "delivery.exitTimeoutMs": whole(1, timer),
  logInjection: flag,
  flushTimeoutMs: number(0, timer),
  shutdownTimeoutMs: number(0, timer),
  credentials: never,
  audit: never,
  logger: never,
  onError: callable,
  dogstatsd: section,
  "dogstatsd.host": address,
  "dogstatsd.port": whole(1, 65_535),
  "dogstatsd.socketPath": address,
  budgets: listOf(never),
  "budgets[0].name": text,
  "budgets[0].limitUsd": above(0),
  "budgets[0].warnAt": above(0, 1),
  "budgets[0].period": oneOf("hour", "day", "month"),
  "budgets[0].tag": text,
  "budgets[0].onWarning": callable,
  "budgets[0].onLimit": callable,
  content: section,
  "content.mode": oneOf("none", "metadata", "preview", "full"),
  "content.kinds": section,
  "content.parts": section,
  "content.sampling": section,
  "content.sampling.rate": number(0, 1),
  "content.sampling.slowMs": amount,
  "content.sampling.expensiveUsd": amount,
  "content.previewLength": whole(1, 5_000),
  "content.hashKey": text,
  modelAliases: section,
  "modelAliases.own-name.model": text,
  "modelAliases.own-name.provider": text,
  prices: section,
  "prices.own-model.inputPerMillion": amount,
  "prices.own-model.outputPerMillion": amount,
  "prices.own-model.cacheReadPerMillion": amount,
  "prices.own-model.cacheWritePerMillion": amount,
  "prices.own-model.cacheWrite1hPerMillion": amount,
  "prices.own-model.tierFactors": section,
  tagConventions: listOf(oneOf("llm.request")),
  metricsFlushIntervalMs: number(50, 60_000),
  metrics: section,
  "metrics.prefix": (value) => value === "" || value === "text",
  "metrics.aggregation": section,
  "metrics.aggregation.enabled": flag,
  "metrics.aggregation.except": listOf(anyText),
  "metrics.aggregation.packValues": flag,
  "metrics.cardinality": section,
  "metrics.cardinality.maxValuesPerTag": whole(1, 10_000),
  "metrics.cardinality.maxSeriesPerMetric": whole(1, 100_000),
  "metrics.cardinality.blockedTags": listOf(anyText),
  "metrics.cardinality.allowedTags": listOf(anyText),
  "metrics.cardinality.enabled": flag,
  "metrics.maxBufferedLines": whole(1, 1_000_000),
  "metrics.offWithTracing": flag,
  selfTelemetryIntervalMs: number(0, timer),
  recordAgentContent: flag,
  agentBudget: section,
  "agentBudget.maximumSteps": budgetLimit,
  "agentBudget.maximumDepth": budgetLimit,
  "agentBudget.maximumToolCalls": budgetLimit,
  "agentBudget.maximumTokens": budgetLimit,
  "agentBudget.maximumCostUsd": above(0),
  "agentBudget.maximumDurationMs": number(1, timer),
  "agentBudget.maximumIdenticalToolCalls": budgetLimit,
  "agentBudget.maximumAlternatingHandoffs": budgetLimit,
  "agentBudget.action": oneOf("warn", "abort"),
  "agentBudget.onViolation": callable,
};
