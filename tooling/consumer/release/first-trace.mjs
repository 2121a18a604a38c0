import { getClient } from "@llmdevops/dd";

getClient().trace("hello.world", (span) => {
  span.setTag("greeting", "hi");
});
