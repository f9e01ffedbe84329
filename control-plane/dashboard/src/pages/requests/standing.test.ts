import { describe, expect, it } from "vitest";
import type { ChangeRequest } from "../../api/queries/requests";
import { approvalsMissing, lineName, resourcesOf, standingOf } from "./standing";

const request = (digest: string, stands: boolean[], required = 2) =>
  ({
    result: { digest, changes: [], approvals_required: required, base: "1.2" },
    approvals: stands.map((each, i) => ({ user: `u_${i}`, digest, stands: each, comment: "", at: "" })),
  }) as unknown as ChangeRequest;

describe("a request", () => {
  it("applies, differs or is broken", () => {
    expect(standingOf(request("5a", [true]))).toBe("applies");
    expect(standingOf(request("5a", [true, false]))).toBe("differs");
    expect(standingOf(request("", [true]))).toBe("broken");
  });

  it("counts only approvals that stand", () => {
    expect(approvalsMissing(request("5a", [true, false]))).toBe(1);
    expect(approvalsMissing(request("5a", [true, true, true]))).toBe(0);
  });

  it("names what it is about", () => {
    const at = (path: string) => ({ method: "PATCH" as const, path });
    const flag = "projects/web/flags/a/environments/production";
    expect(resourcesOf([at(flag), at(flag), at("projects/web/environments/production/promote")])).toEqual([flag]);
  });

  it("has lines that comments are about, which read by themselves and fit", () => {
    expect(lineName("new-checkout", { kind: "added", text: "  fallthrough: on" })).toBe(
      "new-checkout: + fallthrough: on",
    );
    const long = lineName("new-checkout", { kind: "same", text: "🎉".repeat(100) });
    expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(200);
    expect(long).toMatch(/^new-checkout: 🎉+…$/u);
  });
});
