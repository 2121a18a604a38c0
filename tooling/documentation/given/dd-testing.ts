// What the examples in the docstrings of dd-testing take for granted.
import type { MockDatadogAPMClient, ProviderServer, TestAgent } from "@llmdevops/dd-testing";

export declare const agent: TestAgent;
export declare const client: MockDatadogAPMClient;
export declare const provider: ProviderServer;
