import { expect, test } from "vitest";
import { type AuditEntry, auditDetails, auditSentence, placeOfResource, receiptSentence } from "./audit_sentence";
import { plainText, quotedText } from "./phrases";
import { colours } from "./testing_flags";

test("entries of the audit log", () => {
  const entry = (action: string, resource: string, more: Partial<AuditEntry> = {}): AuditEntry => ({
    actor_kind: "user",
    actor_id: "u_1",
    actor_email: "ana@example.com",
    action,
    resource,
    before: null,
    after: null,
    ...more,
  });
  const text = (one: AuditEntry): string => plainText(auditSentence(one, new Map([["u_2", "Bob"]])));
  expect(text(entry("flag.configured", "projects/web/flags/new-checkout/environments/production"))).toBe(
    "ana@example.com configured new-checkout in production",
  );
  expect(text(entry("flag.created", "projects/web/flags/f", { actor_id: "u_2" }))).toBe("Bob created f");
  expect(text(entry("key.rotated", "projects/web/environments/production/keys/k1"))).toBe(
    "ana@example.com rotated k1 in production",
  );
  const { actor_email: _mail, ...unnamed } = entry("audit.purged", "", { actor_kind: "system", actor_id: "" });
  expect(text(unnamed)).toBe("Fanion deleted old entries of the audit log");
  expect(text(entry("member.teleported_far", "members/u_9"))).toBe("ana@example.com teleported far u_9");
  expect(placeOfResource("projects/web/segments/s/environments/e")).toEqual({
    what: { kind: "segment", text: "s" },
    environment: "e",
  });
  expect(placeOfResource("settings").what).toEqual({ kind: "resource", text: "settings" });
  expect(
    auditDetails(entry("flag.configured", "x", { before: colours, after: { ...colours, enabled: false } })).map(
      quotedText,
    ),
  ).toEqual(["Turns the flag off."]);
  expect(auditDetails(entry("flag.created", "x", { after: colours }))).toEqual([]);
});

test("receipts", () => {
  const relays = (list: string) =>
    list
      .split(" ")
      .filter(Boolean)
      .map((each) => {
        const [relay = "", standing = ""] = each.split(":");
        return { relay, standing: standing as "pending" };
      });
  const text = (list: string): string =>
    plainText(receiptSentence({ version: "13", environment: "production", relays: relays(list) }));
  expect(text("")).toBe("Version 13 of production is published; no relay serves this environment.");
  expect(text("a:up_to_date")).toBe("Version 13 of production is on the one relay.");
  expect(text("a:up_to_date b:up_to_date")).toBe("Version 13 of production is on all 2 relays.");
  expect(text("a:up_to_date b:pending c:rejected d:silent")).toBe(
    "Version 13 of production is on 1 of 4 relays; 1 behind; rejected by c; nothing heard of d.",
  );
});
