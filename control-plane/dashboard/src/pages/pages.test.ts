import { describe, expect, it } from "vitest";
import { agentName } from "./me/agent_name";
import { localTarget } from "./signin/target";

describe("signing in leads", () => {
  it.each([
    ["/acme/web/flags?q=x", "/acme/web/flags?q=x"],
    [undefined, "/"],
    ["https://evil.example", "/"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["javascript:alert(1)", "/"],
    ["/-/signin?to=/-/signin", "/"],
  ])("from %s to %s", (given, target) => expect(localTarget(given)).toBe(target));
});

describe("the program of a session", () => {
  it.each([
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
      "Chrome 156, Linux",
    ],
    ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge 140, Windows"],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 14) AppleWebKit/605.1.15 Version/18.4 Safari/605.1.15",
      "Safari 18, macOS",
    ],
    ["fanion/0.1.0", "fanion/0.1.0"],
    ["", ""],
  ])("%s", (agent, name) => expect(agentName(agent)).toBe(name));
});
