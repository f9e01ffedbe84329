import { describe, expect, it } from "vitest";
import { patiently, type World } from "./code";

function world(answers: readonly boolean[], mayReload = true) {
  const seen: string[] = [];
  const left = [...answers];
  const given: World = {
    answers: async () => left.shift() ?? true,
    pause: async () => void seen.push("pause"),
    reload: () => {
      seen.push("reload");
      return mayReload;
    },
  };
  return { seen, given };
}

const failing = (times: number) => {
  let left = times;
  return async () => {
    left -= 1;
    if (left >= 0) throw new Error("gone");
    return "code";
  };
};

describe("code that comes after the page", () => {
  it("is asked for once where it comes", async () => {
    const { seen, given } = world([]);
    expect(await patiently(failing(0), given)).toBe("code");
    expect(seen).toEqual([]);
  });
  it("is waited for while nothing answers, without a reload", async () => {
    const { seen, given } = world([false, false, true]);
    expect(await patiently(failing(1), given)).toBe("code");
    expect(seen).toEqual(["pause", "pause"]);
  });
  it("has the page loaded again where it is gone", async () => {
    const { seen, given } = world([true]);
    const never = patiently(failing(1), given).then(() => "ended");
    expect(await Promise.race([never, new Promise((resolve) => setTimeout(resolve, 10, "waits"))])).toBe("waits");
    expect(seen).toEqual(["reload"]);
  });
  it("is not waited for where it is only fetched ahead, nor is the page loaded again for it", async () => {
    const { seen, given } = world([false]);
    await expect(patiently(failing(1), given, () => false)).rejects.toThrow("gone");
    expect(seen).toEqual([]);
  });
  it("fails where the page has been loaded again just now", async () => {
    const { given } = world([true], false);
    await expect(patiently(failing(1), given)).rejects.toThrow("gone");
  });
});
