import type { DatadogAPMClient } from "@llmdevops/dd";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  forgetClient,
  markRegistered,
  processClient,
  rememberClient,
} from "../../src/process/process-client.ts";

const client = () => ({}) as DatadogAPMClient;
const forget = () => {
  const kept = processClient();
  if (kept !== undefined) forgetClient(kept);
};
beforeEach(forget);
afterEach(forget);

test("the newest client is that of the process", () => {
  const [first, second] = [client(), client()];
  rememberClient(first, vi.fn());
  rememberClient(second, vi.fn());

  expect(processClient()).toBe(second);
});

test("a registered client stops reporting on the process when code has built one", () => {
  const retire = vi.fn();
  const registered = client();
  rememberClient(registered, retire);
  markRegistered(registered);

  expect(retire).not.toHaveBeenCalled();
  rememberClient(client(), vi.fn());
  expect(retire).toHaveBeenCalledOnce();
});

test("a client that code has built goes on reporting beside the next one", () => {
  const retire = vi.fn();
  rememberClient(client(), retire);
  markRegistered(client());
  rememberClient(client(), vi.fn());

  expect(retire).not.toHaveBeenCalled();
});

test("a client that is shut down is let go of, unless another one has taken its place", () => {
  const [first, second] = [client(), client()];
  rememberClient(first, vi.fn());
  rememberClient(second, vi.fn());
  forgetClient(first);
  expect(processClient()).toBe(second);

  forgetClient(second);
  expect(processClient()).toBeUndefined();
});
