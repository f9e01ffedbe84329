import { expect, test } from "vitest";
import { currentEntry } from "./Rail";

test("a page belongs to the entry that holds it, else to the longest beginning of its address", () => {
  const held = [
    { address: "/acme", begin: "/acme" },
    { address: "/acme/-/members", begin: "/acme/-/members" },
    { address: "/acme/-/members", begin: "/acme/-/roles" },
    { address: "/acme/web", begin: "/acme/web" },
    { address: "/acme/web/settings", begin: "/acme/web/settings" },
    { address: "/acme/web/settings", begin: "/acme/web/environments" },
  ];
  const of = (path: string) => currentEntry(held, path);
  expect(of("/acme")).toBe("/acme");
  expect(of("/acme/-/roles/viewer")).toBe("/acme/-/members");
  expect(of("/acme/web/environments/production/keys")).toBe("/acme/web/settings");
  expect(of("/acme/web/flags")).toBe("/acme/web");
  expect(of("/acme/website")).toBe("/acme");
  expect(of("/-/me/profile")).toBeUndefined();
});
