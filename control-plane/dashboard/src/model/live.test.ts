import { expect, test } from "vitest";
import {
  isStale,
  type Live,
  type LiveChange,
  type LiveEvent,
  noLive,
  othersAt,
  pathsOf,
  presenceMillis,
  queryKeys,
  reduceLive,
} from "./live";

const change = (seq: number, resource: string, more: Partial<LiveChange> = {}): LiveChange => ({
  seq,
  id: `a_${seq}`,
  at: "2026-07-01T09:30:00.000Z",
  action: "flag.configured",
  resource,
  project: "web",
  environment: null,
  group: `a_${seq}`,
  actor: { kind: "user", id: "u_1", email: "ana@example.com" },
  comment: "",
  version: 2,
  published: {},
  ...more,
});
const feed = (...events: LiveEvent[]): Live => events.reduce((live, event) => reduceLive("acme", live, event), noLive);
const flag = "projects/web/flags/f/environments/production";

test("a change makes stale what is about its resource", () => {
  const table: [LiveChange, string[]][] = [
    [
      change(1, flag, { published: { production: "1.2" } }),
      [
        flag,
        "audit",
        "projects/web/flags",
        "projects/web/flag-index",
        "projects/web/lifecycle",
        "projects/web/flags/f/uses",
        "projects/web/flags/f",
        "projects/web/environments/production/ruleset",
        "projects/web/environments/production/propagation",
        "projects/web/environments/production/versions",
      ],
    ],
    [
      change(1, "projects/web/segments/s"),
      ["projects/web/segments/s", "audit", "projects/web/segments", "projects/web/segments/s/uses"],
    ],
    [
      change(1, "projects/web/environments/e"),
      ["projects/web/environments/e", "audit", "projects", "projects/web", "projects/web/environments"],
    ],
    [change(1, "projects/web/views/v_1"), ["projects/web/views/v_1", "audit", "projects/web/views"]],
    [change(1, "members/u_1"), ["members/u_1", "audit", "members", "me"]],
    [change(1, "roles/lead"), ["roles/lead", "audit", "roles", "members", "me"]],
    [change(1, "webhooks/w_1"), ["webhooks/w_1", "audit", "webhooks"]],
    [
      change(1, "projects/web/environments/e/keys/k"),
      ["projects/web/environments/e/keys/k", "audit", "projects/web/environments/e/keys"],
    ],
    [change(1, "cr_1", { action: "change_request.approved" }), ["cr_1", "audit", "requests"]],
    [change(1, "x", { project: null, published: { e: "1.1" } }), ["x", "audit"]],
    [change(1, "", { action: "org.updated" }), ["", "audit"]],
  ];
  for (const [one, paths] of table) expect(pathsOf(one)).toEqual(paths);
  expect(queryKeys("acme", change(1, "members/u_1"))[0]).toEqual(["acme", "members", "u_1"]);
});

test("changes count once, in their order, and reset makes everything stale", () => {
  const once = feed({ type: "change", change: change(5, flag) });
  expect([once.seq, once.stale.length, once.changes.length]).toEqual([5, 7, 1]);
  const again = reduceLive("acme", once, { type: "change", change: change(5, flag) });
  expect([again.seq, again.stale, again.changes.length]).toEqual([5, [], 1]);
  expect(reduceLive("acme", once, { type: "reset", seq: 9 })).toMatchObject({ seq: 9, stale: [[]] });
  expect(reduceLive("acme", once, { type: "reset", seq: 2 }).seq).toBe(5);
  const many = feed(
    ...Array.from({ length: 250 }, (_, i): LiveEvent => ({ type: "change", change: change(i + 1, flag) })),
  );
  expect([many.changes.length, many.changes[0]?.seq]).toEqual([200, 250]);
});

test("queries are stale by the beginning of their keys", () => {
  expect(isStale(["acme", "projects", "web", "flags", "f", "x"], [["acme", "projects", "web"]])).toBe(true);
  expect(isStale(["acme", "projects"], [["acme", "projects", "web"]])).toBe(false);
  expect(isStale(["acme", "audit"], [[]])).toBe(true);
  expect(isStale(["acme", "audit"], [])).toBe(false);
});

test("presence holds for 30 s", () => {
  const people = [
    { id: "u_1", name: "Ana", is_editing: false },
    { id: "u_2", name: "Bob", is_editing: true },
    { id: "u_3", name: "Al", is_editing: false },
  ];
  const here = feed({ type: "presence", presence: { resource: flag, people }, now: 1000 });
  expect(othersAt(here, flag, 1000, "u_1").map(({ name }) => name)).toEqual(["Bob", "Al"]);
  expect(othersAt(here, flag, 1000 + presenceMillis, "u_1")).toEqual([]);
  expect(othersAt(here, "other", 1000, "u_1")).toEqual([]);
  expect(reduceLive("acme", here, { type: "tick", now: 1000 + presenceMillis }).present.size).toBe(0);
  expect(reduceLive("acme", here, { type: "tick", now: 1001 })).toBe(here);
  expect(
    reduceLive("acme", here, { type: "presence", presence: { resource: flag, people: [] }, now: 1001 }).present.size,
  ).toBe(0);
});

test("the connection and since when", () => {
  const open = feed({ type: "open", now: 5 }, { type: "open", now: 9 });
  expect([open.isOpen, open.since]).toEqual([true, 5]);
  expect(reduceLive("acme", open, { type: "closed", now: 12 })).toMatchObject({ isOpen: false, since: 12 });
});
