import { expect, test } from "vitest";
import { type AuditEntry, auditDetails, auditSentence, placeOfResource } from "./audit_sentence";
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
    "ana@example.com rotated the key k1 in production",
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

test("what has an id is called by its name", () => {
  const entry = {
    actor_kind: "user",
    actor_id: "u_1",
    actor_email: "ana@example.com",
    action: "key.created",
    resource: "projects/web/environments/production/keys/k_7",
    before: null,
    after: { id: "k_7", name: "Checkout" },
  };
  expect(plainText(auditSentence(entry))).toBe("ana@example.com created the key Checkout in production");
  expect(plainText(auditSentence({ ...entry, after: { id: "k_7" } }))).toBe(
    "ana@example.com created the key k_7 in production",
  );
});
