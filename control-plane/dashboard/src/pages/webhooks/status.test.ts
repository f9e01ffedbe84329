import { expect, test } from "vitest";
import type { Webhook } from "../../api/queries/webhooks";
import { deliveryStatus, statusOf } from "./status";

const webhook = (changes: Partial<Webhook>) =>
  ({ enabled: true, failing_since: null, disabled_reason: null, ...changes }) as Webhook;

test("a webhook is enabled, failing, disabled by somebody, or disabled by what its receiver did", () => {
  expect(statusOf(webhook({})).kind).toBe("on");
  expect(statusOf(webhook({ failing_since: "2026-07-01T09:30:00Z" })).kind).toBe("stale");
  expect(statusOf(webhook({ enabled: false })).kind).toBe("off");
  expect(
    statusOf(webhook({ enabled: false, disabled_reason: "gone", failing_since: "2026-07-01T09:30:00Z" })).kind,
  ).toBe("rejected");
});

test("every state of a delivery has a word of its own", () => {
  const texts = (["pending", "failed", "delivered", "dead"] as const).map((state) => deliveryStatus(state).text);
  expect(new Set(texts).size).toBe(4);
});
