// All pages. A new one is one line here and a folder in pages/; a page that is not here is not in the menu either.

import { schema as flagsSearch } from "./pages/flags/search";
import { schema as newFlagSearch } from "./pages/new_flag/search";
import { schema as propagationSearch } from "./pages/propagation/search";
import type { Page } from "./parts/page";
import { text } from "./search";
import { menuWords as menu } from "./text/en/frame";

export const pages: readonly Page[] = [
  { path: "/-/signin", search: { to: text }, isFrameless: true, load: () => import("./pages/signin/SignIn") },
  { path: "/-/setup", isFrameless: true, load: () => import("./pages/setup/Setup") },
  { path: "/", load: () => import("./pages/home/Organisations") },
  { path: "/-/about", load: () => import("./pages/about/About") },
  { path: "/-/me/profile", load: () => import("./pages/me/Profile") },
  { path: "/-/me/sessions", load: () => import("./pages/me/Sessions") },
  { path: "/-/me/tokens", load: () => import("./pages/me/Tokens") },
  { path: "/-/me/preferences", load: () => import("./pages/me/Preferences") },
  { path: "/-/me/shortcuts", load: () => import("./pages/me/Shortcuts") },
  {
    path: "/$org",
    menu: { label: menu.projects, icon: "projects", group: "organisation" },
    load: () => import("./pages/home/OrgHome"),
  },
  {
    path: "/$org/$project",
    permission: "read",
    menu: { label: menu.home, icon: "home", key: "h", group: "project" },
    load: () => import("./pages/home/ProjectHome"),
  },
  {
    path: "/$org/$project/flags",
    search: flagsSearch,
    permission: "read",
    menu: { label: menu.flags, icon: "flags", key: "f", group: "project" },
    load: () => import("./pages/flags/FlagList"),
  },
  {
    path: "/$org/$project/flags/-/new",
    search: newFlagSearch,
    permission: "edit",
    load: () => import("./pages/new_flag/NewFlag"),
  },
  {
    path: "/$org/$project/environments/$env/propagation",
    search: propagationSearch,
    permission: "read",
    load: () => import("./pages/propagation/Propagation"),
  },
  {
    path: "/$org/-/relays",
    permission: "read",
    menu: { label: menu.relays, icon: "relays", key: "p", group: "organisation" },
    load: () => import("./pages/relays/RelayList"),
  },
  { path: "/$org/-/relays/$relay", permission: "read", load: () => import("./pages/relays/RelayPage") },
  { path: "/$", load: () => import("./pages/frame/NoPage") },
];
