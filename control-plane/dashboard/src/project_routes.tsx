// Pages of a project, in the order of the menu.

import { flagPages } from "./flag_routes";
import { schema as cleanupSearch } from "./pages/cleanup/search";
import { schema as compareSearch } from "./pages/compare/search";
import { schema as credentialsSearch } from "./pages/credentials/search";
import { schema as evaluationsSearch } from "./pages/evaluations/search";
import { schema as playSearch } from "./pages/play/search";
import { schema as propagationSearch } from "./pages/propagation/search";
import { schema as requestSearch } from "./pages/requests/search";
import {
  newSchema as newRolloutSearch,
  schema as rolloutSearch,
  listSchema as rolloutsSearch,
} from "./pages/rollouts/search";
import { schema as schedulesSearch } from "./pages/schedules/search";
import { schema as segmentSearch } from "./pages/segment/search";
import { newSchema as newSegmentSearch, schema as segmentsSearch } from "./pages/segments/search";
import { schema as settingsSearch } from "./pages/settings/search";
import { schema as versionsSearch } from "./pages/versions/search";
import type { Page } from "./parts/page";
import { menuWords as menu } from "./text/en/frame";

export const projectPages: readonly Page[] = [
  {
    path: "/$org/$project",
    permission: "read",
    menu: { label: menu.home, icon: "home", key: "h", group: "project" },
    load: () => import("./pages/home/ProjectHome"),
  },
  ...flagPages,
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
    path: "/$org/$project/rollouts/-/new",
    search: newRolloutSearch,
    permission: "read",
    load: () => import("./pages/rollouts/NewRollout"),
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
    menu: {
      label: menu.settings,
      icon: "settings",
      group: "project",
      holds: ["/$org/$project/environments"],
    },
    load: () => import("./pages/settings/ProjectSettings"),
  },
];
