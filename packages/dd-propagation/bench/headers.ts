/** The headers of an ordinary request with a context in dd-trace's default formats. */
export function requestHeaders(seed: number): Record<string, string> {
  const low = (0x1234_5678_9abcn + BigInt(seed)).toString(16).padStart(16, "0");
  const span = (0xfedc_ba98_7654n + BigInt(seed)).toString(16).padStart(16, "0");
  return {
    host: "api.example.com",
    connection: "keep-alive",
    "content-type": "application/json",
    "content-length": "512",
    accept: "*/*",
    "accept-encoding": "gzip, deflate",
    "user-agent": "node",
    "x-datadog-trace-id": BigInt(`0x${low}`).toString(),
    "x-datadog-parent-id": BigInt(`0x${span}`).toString(),
    "x-datadog-sampling-priority": "1",
    "x-datadog-tags": "_dd.p.tid=690f5f8d00000000,_dd.p.dm=-1",
    traceparent: `00-690f5f8d00000000${low}-${span}-01`,
    tracestate: `dd=s:1;p:${span};t.dm:-1;t.tid:690f5f8d00000000,vendor=value`,
    baggage: "user.id=4711,plan=free",
  };
}
