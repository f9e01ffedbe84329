// All pages. A new one is one line here and a folder in pages/; a page that is not here is not in the menu either.

import { schema as credentialsSearch } from "./pages/credentials/search";
import { schema as flagsSearch } from "./pages/flags/search";
import { schema as membersSearch } from "./pages/members/search";
import { schema as newFlagSearch } from "./pages/new_flag/search";
import { schema as settingsSearch } from "./pages/settings/search";
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
    path: "/$org/$project/settings",
    search: settingsSearch,
    permission: "read",
    menu: { label: menu.settings, icon: "settings", group: "project" },
    load: () => import("./pages/settings/ProjectSettings"),
  },
  {
    path: "/$org/$project/environments/$env/settings",
    permission: "read",
    load: () => import("./pages/settings/EnvironmentSettings"),
  },
  {
    path: "/$org/$project/environments/$env/keys",
    search: credentialsSearch,
    permission: "read",
    load: () => import("./pages/credentials/EnvironmentKeys"),
  },
  {
    path: "/$org/-/members",
    search: membersSearch,
    menu: { label: menu.members, icon: "person", group: "organisation" },
    load: () => import("./pages/members/Members"),
  },
  {
    path: "/$org/-/keys",
    search: credentialsSearch,
    menu: { label: menu.keys, icon: "key", group: "organisation" },
    load: () => import("./pages/credentials/OrganisationKeys"),
  },
  {
    path: "/$org/-/tokens",
    search: credentialsSearch,
    load: () => import("./pages/credentials/ServiceTokens"),
  },
  {
    path: "/$org/-/settings",
    menu: { label: menu.settings, icon: "settings", group: "organisation" },
    load: () => import("./pages/settings/OrganisationSettings"),
  },
  { path: "/$", load: () => import("./pages/frame/NoPage") },
];
