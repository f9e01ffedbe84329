import { describe, expect, it } from "vitest";
import type { LifecycleOfFlag } from "../../api/queries/lifecycle";
import { candidatesOf, filtered } from "./candidates";

const lifecycle: LifecycleOfFlag[] = [
  {
    flag: "old",
    name: "Old",
    owner: "web",
    lifetime: "release",
    created_at: "2026-01-01T00:00:00Z",
    snoozed: null,
    findings: [{ reason: "expired", since: "2026-03-01T00:00:00Z" }],
    environments: {
      production: {
        evaluated_at: "2026-07-01T00:00:00Z",
        finding: { reason: "constant", since: "2026-05-01T00:00:00Z", keep: "on" },
      },
      staging: { evaluated_at: "2026-07-02T00:00:00Z", finding: null },
    },
  },
];
const never = [{ key: "unasked", name: "", owner: "", lifetime: null, created_at: "2026-02-01T00:00:00Z" }];

describe("flags that could go", () => {
  it("come with the oldest reason first, and when they were asked for last", () =>
    expect(candidatesOf(lifecycle, never, undefined).map(({ key, askedAt }) => [key, askedAt])).toEqual([
      ["unasked", undefined],
      ["old", "2026-07-02T00:00:00Z"],
    ]));
  it("are those of one environment, where one is asked for", () => {
    expect(candidatesOf(lifecycle, never, "production")[0]?.findings).toEqual([
      { reason: "constant", since: "2026-05-01T00:00:00Z", keep: "on" },
    ]);
    expect(candidatesOf(lifecycle, never, "staging")).toEqual([]);
  });
  it("have every reason once in one line", () => {
    const [both] = candidatesOf(lifecycle, [{ ...never[0], key: "old" } as never], undefined);
    expect(both?.findings.map((finding) => finding.reason)).toEqual(["expired", "never"]);
  });
  it("are listed while they are snoozed, whatever is found of them now", () => {
    const snoozed = {
      until: "2027-01-01T00:00:00Z",
      by: { kind: "user", id: "u" },
      comment: "",
      created_at: "",
    } as const;
    const [given] = lifecycle;
    const [one] = candidatesOf([{ ...given, findings: [], snoozed } as LifecycleOfFlag], [], undefined);
    expect(one?.snoozed?.until).toBe("2027-01-01T00:00:00Z");
  });
  it("are filtered by reason and owner", () => {
    const all = candidatesOf(lifecycle, never, undefined);
    expect(filtered(all, "never", undefined).map((one) => one.key)).toEqual(["unasked"]);
    expect(filtered(all, undefined, "web").map((one) => one.key)).toEqual(["old"]);
    expect(filtered(all, "constant", undefined)).toEqual([]);
  });
});
