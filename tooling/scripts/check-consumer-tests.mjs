// A user's project outside the workspace, with node:test, vitest and jest, written as the README of dd-testing says:
// its tests pass, and the messages of those that fail on purpose are the ones that the README shows.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const readme = readFileSync(join(root, "packages", "dd-testing", "README.md"), "utf8");
const catalog = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
const source = join(root, "tooling", "consumer", "testing");

/** How each runner is called for one file; jest needs a flag of Node for ES modules. */
const runners = {
  node: { command: "node", options: ["--test", "--test-reporter=tap"] },
  vitest: { command: "npx", options: ["vitest", "run"] },
  jest: {
    command: "npx",
    options: ["jest", "--ci", "--config", "jest/jest.config.json", "--rootDir", "."],
    env: { NODE_OPTIONS: "--experimental-vm-modules --no-warnings" },
  },
};

/** What the project installs beside the packages under test. */
export const runnerPackages = ["vitest", "jest"].map((name) => `${name}@${catalogVersion(name)}`);

/**
 * Runs the project in a folder where everything is installed.
 *
 * @throws Error for the first thing that is not as the README says.
 */
export function checkConsumerTests(project, execute) {
  cpSync(source, project, { recursive: true });
  writeFileSync(join(project, "package.json"), packageJson(project));
  for (const [name, runner] of Object.entries(runners)) {
    run(project, execute, runner, `${name}/ticket.test.js`);
    const output = failing(project, execute, runner, `${name}/failing.test.js`);
    const message = shownIn(`${name}/failing.test.js`, "text");
    if (!normalise(output).includes(normalise(message))) {
      throw new Error(`${name}/failing.test.js prints\n${output}\ninstead of\n${message}`);
    }
    const code = readFileSync(join(source, name, "ticket.test.js"), "utf8");
    if (shownIn(`${name}/ticket.test.js`, "js") !== code) {
      throw new Error(
        `The README shows other code than tooling/consumer/testing/${name}/ticket.test.js`,
      );
    }
  }
  const help = execute(project, "npx", ["dd-testing", "load", "--help"]);
  if (!help.startsWith("Usage: dd-testing load")) throw new Error(`dd-testing prints\n${help}`);
  return `${Object.keys(runners).join(", ")}: tests pass, and fail with the messages of the README; dd-testing runs\n`;
}

function run(project, execute, { command, options, env = {} }, file) {
  return execute(project, command, [...options, file], { NO_COLOR: "1", ...env });
}

/** The output of a run that has to fail. */
function failing(project, execute, runner, file) {
  let output = "";
  try {
    output = run(project, execute, runner, file);
  } catch (error) {
    return error.message;
  }
  throw new Error(`${file} passes, though it must not:\n${output}`);
}

/** The block of the README that belongs to a file. */
function shownIn(file, language) {
  const mark = `<!-- consumer: ${file} -->\n\`\`\`${language}\n`;
  const start = readme.indexOf(mark);
  if (start < 0) throw new Error(`The README of dd-testing has no ${language} block for ${file}`);
  return readme.slice(start + mark.length, readme.indexOf("```", start + mark.length));
}

/** Without what differs from run to run and from runner to runner: durations, indentation, signs. */
function normalise(text) {
  const lines = text.replace(/\b\d+(?:\.\d+)? ms\b/g, "N ms").split("\n");
  return lines
    .map((line) => line.trim())
    .join("\n")
    .trim();
}

/** What npm wrote, as a project of ES modules. */
function packageJson(project) {
  const written = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  return `${JSON.stringify({ ...written, type: "module" }, undefined, 2)}\n`;
}

function catalogVersion(name) {
  const version = new RegExp(`^  ${name}: (\\S+)$`, "m").exec(catalog)?.[1];
  if (version === undefined) throw new Error(`The catalog has no version of ${name}`);
  return version;
}
