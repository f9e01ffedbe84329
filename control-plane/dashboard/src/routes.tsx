// All pages. A new one is one line here and a folder in pages/; a page that is not here is not in the menu either.

import { schema as auditSearch } from "./pages/audit/search";
import { schema as cleanupSearch } from "./pages/cleanup/search";
import { schema as compareSearch } from "./pages/compare/search";
import { schema as credentialsSearch } from "./pages/credentials/search";
import { schema as editorSearch } from "./pages/editor/search";
import { schema as evaluationsSearch } from "./pages/evaluations/search";
import { schema as flagSearch } from "./pages/flag/search";
import { schema as flagsSearch } from "./pages/flags/search";
import { memberSchema, schema as membersSearch } from "./pages/members/search";
import { schema as newFlagSearch } from "./pages/new_flag/search";
import { schema as playSearch } from "./pages/play/search";
import { schema as propagationSearch } from "./pages/propagation/search";
import { schema as requestSearch, listSchema as requestsSearch } from "./pages/requests/search";
import { schema as rolesSearch } from "./pages/roles/search";
import { schema as rolloutSearch, listSchema as rolloutsSearch } from "./pages/rollouts/search";
import { schema as schedulesSearch } from "./pages/schedules/search";
import { schema as segmentSearch } from "./pages/segment/search";
import { schema as segmentsSearch } from "./pages/segments/search";
import { schema as settingsSearch } from "./pages/settings/search";
import { schema as signInSearch } from "./pages/sign_in/search";
import { schema as signinSearch } from "./pages/signin/search";
import { schema as versionsSearch } from "./pages/versions/search";
import { webhookSchema, schema as webhooksSearch } from "./pages/webhooks/search";
import { schema as whySearch } from "./pages/why/search";
import type { Page } from "./parts/page";
import { menuWords as menu } from "./text/en/frame";

// In the order of the menu.
export const pages: readonly Page[] = [
  { path: "/-/signin", search: signinSearch, isFrameless: true, load: () => import("./pages/signin/SignIn") },
  { path: "/-/setup", isFrameless: true, load: () => import("./pages/setup/Setup") },
  { path: "/", load: () => import("./pages/home/Organisations") },
  { path: "/-/about", load: () => import("./pages/about/About") },
  { path: "/-/me/profile", load: () => import("./pages/me/Profile") },
  { path: "/-/me/sessions", load: () => import("./pages/me/Sessions") },
  { path: "/-/me/tokens", search: credentialsSearch, load: () => import("./pages/me/Tokens") },
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
    path: "/$org/$project/flags/$flag",
    search: flagSearch,
    permission: "read",
    load: () => import("./pages/flag/FlagPage"),
  },
  { path: "/$org/$project/flags/$flag/-/history", permission: "read", load: () => import("./pages/flag/History") },
  { path: "/$org/$project/flags/$flag/-/uses", permission: "read", load: () => import("./pages/flag/Uses") },
  { path: "/$org/$project/flags/$flag/-/code", permission: "read", load: () => import("./pages/flag/Code") },
  {
    path: "/$org/$project/flags/$flag/$env",
    search: editorSearch,
    permission: "read",
    load: () => import("./pages/editor/Editor"),
  },
  {
    path: "/$org/$project/flags/$flag/$env/why",
    search: whySearch,
    permission: "read",
    load: () => import("./pages/why/Why"),
  },
  { path: "/$org/$project/flags/$flag/$env/history", permission: "read", load: () => import("./pages/flag/History") },
  {
    path: "/$org/$project/segments",
    search: segmentsSearch,
    permission: "read",
    menu: { label: menu.segments, icon: "segments", key: "s", group: "project" },
    load: () => import("./pages/segments/SegmentList"),
  },
  { path: "/$org/$project/segments/-/new", permission: "edit", load: () => import("./pages/segments/NewSegment") },
  { path: "/$org/$project/segments/$segment", permission: "read", load: () => import("./pages/segment/FirstMembers") },
  {
    path: "/$org/$project/segments/$segment/$env",
    search: segmentSearch,
    permission: "read",
    load: () => import("./pages/segment/Members"),
  },
  {
    path: "/$org/$project/segments/$segment/-/history",
    permission: "read",
    load: () => import("./pages/segment/History"),
  },
  { path: "/$org/$project/segments/$segment/-/uses", permission: "read", load: () => import("./pages/segment/Uses") },
  {
    path: "/$org/$project/play",
    search: playSearch,
    permission: "read",
    menu: { label: menu.playground, icon: "play", key: "y", group: "project" },
    load: () => import("./pages/play/Play"),
  },
  {
    path: "/$org/$project/compare",
    search: compareSearch,
    permission: "read",
    menu: { label: menu.compare, icon: "compare", group: "project" },
    load: () => import("./pages/compare/Compare"),
  },
  {
    path: "/$org/-/requests",
    search: requestsSearch,
    menu: { label: menu.requests, icon: "requests", key: "r", group: "organisation" },
    load: () => import("./pages/requests/RequestList"),
  },
  {
    path: "/$org/$project/requests/$id",
    search: requestSearch,
    permission: "read",
    load: () => import("./pages/requests/Request"),
  },
  {
    path: "/$org/$project/schedules",
    search: schedulesSearch,
    permission: "read",
    menu: { label: menu.schedules, icon: "schedules", group: "project" },
    load: () => import("./pages/schedules/Schedules"),
  },
  {
    path: "/$org/$project/rollouts",
    search: rolloutsSearch,
    permission: "read",
    menu: { label: menu.rollouts, icon: "rollouts", group: "project" },
    load: () => import("./pages/rollouts/RolloutList"),
  },
  {
    path: "/$org/$project/rollouts/$id",
    search: rolloutSearch,
    permission: "read",
    load: () => import("./pages/rollouts/Rollout"),
  },
  {
    path: "/$org/$project/evaluations",
    search: evaluationsSearch,
    permission: "read",
    menu: { label: menu.evaluations, icon: "evaluations", key: "e", group: "project" },
    load: () => import("./pages/evaluations/Evaluations"),
  },
  {
    path: "/$org/$project/cleanup",
    search: cleanupSearch,
    permission: "read",
    menu: { label: menu.cleanup, icon: "cleanup", key: "c", group: "project" },
    load: () => import("./pages/cleanup/Cleanup"),
  },
  {
    path: "/$org/-/audit",
    search: auditSearch,
    menu: { label: menu.audit, icon: "audit", key: "a", group: "organisation" },
    load: () => import("./pages/audit/Audit"),
  },
  {
    path: "/$org/-/relays",
    permission: "read",
    menu: { label: menu.relays, icon: "relays", key: "p", group: "organisation" },
    load: () => import("./pages/relays/RelayList"),
  },
  { path: "/$org/-/relays/$relay", permission: "read", load: () => import("./pages/relays/RelayPage") },
  {
    path: "/$org/$project/environments/$env/propagation",
    search: propagationSearch,
    permission: "read",
    load: () => import("./pages/propagation/Propagation"),
  },
  {
    path: "/$org/$project/environments/$env/versions",
    search: versionsSearch,
    permission: "read",
    load: () => import("./pages/versions/Versions"),
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
    path: "/$org/$project/settings",
    search: settingsSearch,
    permission: "read",
    menu: {
      label: menu.settings,
      icon: "settings",
      group: "project",
      holds: ["/$org/$project/environments"],
    },
    load: () => import("./pages/settings/ProjectSettings"),
  },
  {
    path: "/$org/-/members",
    search: membersSearch,
    menu: {
      label: menu.members,
      icon: "person",
      group: "organisation",
      holds: ["/$org/-/roles", "/$org/-/groups"],
    },
    load: () => import("./pages/members/Members"),
  },
  { path: "/$org/-/members/$id", search: memberSchema, load: () => import("./pages/members/MemberPage") },
  { path: "/$org/-/roles", search: rolesSearch, load: () => import("./pages/roles/Roles") },
  { path: "/$org/-/roles/$id", load: () => import("./pages/roles/RolePage") },
  { path: "/$org/-/groups", load: () => import("./pages/groups/Groups") },
  { path: "/$org/-/sign-in", search: signInSearch, load: () => import("./pages/sign_in/SignInPage") },
  { path: "/$org/-/sign-in/$id", load: () => import("./pages/sign_in/ProviderPage") },
  {
    path: "/$org/-/keys",
    search: credentialsSearch,
    menu: { label: menu.keys, icon: "key", group: "organisation", holds: ["/$org/-/tokens"] },
    load: () => import("./pages/credentials/OrganisationKeys"),
  },
  { path: "/$org/-/tokens", search: credentialsSearch, load: () => import("./pages/credentials/ServiceTokens") },
  { path: "/$org/-/webhooks", search: webhooksSearch, load: () => import("./pages/webhooks/Webhooks") },
  { path: "/$org/-/webhooks/$id", search: webhookSchema, load: () => import("./pages/webhooks/WebhookPage") },
  {
    path: "/$org/-/settings",
    menu: {
      label: menu.settings,
      icon: "settings",
      group: "organisation",
      holds: ["/$org/-/webhooks", "/$org/-/sign-in"],
    },
    load: () => import("./pages/settings/OrganisationSettings"),
  },
  { path: "/$", load: () => import("./pages/frame/NoPage") },
];
