// Pages of a project, in the order of the menu.

import { schema as cleanupSearch } from "./pages/cleanup/search";
import { schema as compareSearch } from "./pages/compare/search";
import { schema as credentialsSearch } from "./pages/credentials/search";
import { schema as editorSearch } from "./pages/editor/search";
import { schema as evaluationsSearch } from "./pages/evaluations/search";
import { evaluationsSchema as flagEvaluationsSearch, schema as flagSearch } from "./pages/flag/search";
import { schema as flagsSearch } from "./pages/flags/search";
import { schema as newFlagSearch } from "./pages/new_flag/search";
import { schema as playSearch } from "./pages/play/search";
import { schema as propagationSearch } from "./pages/propagation/search";
import { schema as requestSearch } from "./pages/requests/search";
import { schema as rolloutSearch, listSchema as rolloutsSearch } from "./pages/rollouts/search";
import { schema as schedulesSearch } from "./pages/schedules/search";
import { schema as segmentSearch } from "./pages/segment/search";
import { newSchema as newSegmentSearch, schema as segmentsSearch } from "./pages/segments/search";
import { schema as settingsSearch } from "./pages/settings/search";
import { schema as versionsSearch } from "./pages/versions/search";
import { schema as whySearch } from "./pages/why/search";
import type { Page } from "./parts/page";
import { menuWords as menu } from "./text/en/frame";

export const projectPages: readonly Page[] = [
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
  {
    path: "/$org/$project/flags/$flag/-/definition",
    permission: "read",
    load: () => import("./pages/definition/Definition"),
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
  {
    path: "/$org/$project/flags/$flag/$env/evaluations",
    search: flagEvaluationsSearch,
    permission: "read",
    load: () => import("./pages/flag/Evaluations"),
  },
  {
    path: "/$org/$project/flags/$flag/$env/rollout",
    permission: "read",
    load: () => import("./pages/flag/FlagRollouts"),
  },
  { path: "/$org/$project/flags/$flag/$env/history", permission: "read", load: () => import("./pages/flag/History") },
  {
    path: "/$org/$project/segments",
    search: segmentsSearch,
    permission: "read",
    menu: { label: menu.segments, icon: "segments", key: "s", group: "project" },
    load: () => import("./pages/segments/SegmentList"),
  },
  {
    path: "/$org/$project/segments/-/new",
    search: newSegmentSearch,
    permission: "edit",
    load: () => import("./pages/segments/NewSegment"),
  },
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
    menu: { label: menu.settings, icon: "settings", group: "project" },
    load: () => import("./pages/settings/ProjectSettings"),
  },
];
