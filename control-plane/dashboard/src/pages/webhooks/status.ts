// What a webhook and a delivery are, in a glyph and a word.
import type { DeliveryState, Webhook } from "../../api/queries/webhooks";
import { webhookWords as texts } from "../../text/en/webhooks";
import { ago } from "../../text/format";
import type { StatusKind } from "../../ui/Status";

interface Shown {
  kind: StatusKind;
  text: string;
}

export function statusOf({ enabled, failing_since, disabled_reason }: Webhook): Shown {
  if (!enabled) return { kind: disabled_reason ? "rejected" : "off", text: texts.off };
  if (failing_since) return { kind: "stale", text: texts.failing(ago(failing_since)) };
  return { kind: "on", text: texts.on };
}

const kinds: Record<DeliveryState, StatusKind> = {
  pending: "scheduled",
  failed: "stale",
  delivered: "on",
  dead: "rejected",
};
export const deliveryStatus = (state: DeliveryState): Shown => ({ kind: kinds[state], text: texts.states[state] });
