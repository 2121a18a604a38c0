import type Anthropic from "@anthropic-ai/sdk";

/** The tools that the researcher may use, in Anthropic's form. */
export const researchTools: Anthropic.Tool[] = [
  {
    name: "search_guide",
    description: "Finds articles of the help centre.",
    input_schema: {
      type: "object",
      properties: { query: { type: "string" } },
      required: ["query"],
    },
  },
  {
    name: "look_up_order",
    description: "Finds an order and its charges.",
    input_schema: {
      type: "object",
      properties: { order: { type: "string" } },
      required: ["order"],
    },
  },
];

/** Runs one of the tools. */
export async function runResearchTool(name: string, input: unknown): Promise<unknown> {
  const wanted = JSON.stringify(input);
  switch (name) {
    case "search_guide":
      return { articles: [{ title: "Settings: language", url: "/guide/language" }], wanted };
    case "look_up_order":
      return { order: "4711", charges: [{ amountUsd: 49 }, { amountUsd: 49 }], wanted };
    default:
      throw new Error(`There is no tool named ${name}.`);
  }
}
