import { loadCorpus } from "./corpus.ts";
import { precision, recall, scoreCorpus } from "./score.ts";

const minimum = 0.98;

const lines = loadCorpus();
const { rules, mistakes } = scoreCorpus(lines);
const rows = [...rules].sort((left, right) => left.rule.localeCompare(right.rule));
const print = (text: string): void => void process.stdout.write(`${text}\n`);

print(`${lines.length} lines\n`);
print("rule              found  wrong  missed  precision  recall");
for (const score of rows) {
  const { rule, truePositives, falsePositives, falseNegatives } = score;
  print(
    `${rule.padEnd(17)} ${String(truePositives).padStart(5)}  ${String(falsePositives).padStart(5)}` +
      `  ${String(falseNegatives).padStart(6)}  ${precision(score).toFixed(3).padStart(9)}` +
      `  ${recall(score).toFixed(3).padStart(6)}`,
  );
}
for (const { line, output } of mistakes) {
  print(`\n${line.file}:${line.number}\n  ${line.text}\n  ${output}`);
}
const failed = rows.filter((score) => !(precision(score) >= minimum && recall(score) >= minimum));
if (failed.length > 0) {
  print(`\nbelow ${minimum}: ${failed.map(({ rule }) => rule).join(", ")}`);
  process.exitCode = 1;
}
