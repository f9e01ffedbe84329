// The pages about flags; part of the table in routes.tsx.

import { flagIndexQuery } from "./api/queries/flag_index";
import { environmentsQuery } from "./api/queries/projects";
import { queries } from "./api/query";
import { schema as editorSearch } from "./pages/editor/search";
import { evaluationsSchema as flagEvaluationsSearch, schema as flagSearch } from "./pages/flag/search";
import { archivedSchema as archivedSearch, schema as flagsSearch } from "./pages/flags/search";
import { schema as graphSearch } from "./pages/graph/search";
import { schema as newFlagSearch } from "./pages/new_flag/search";
import { schema as whySearch } from "./pages/why/search";
import type { Page } from "./parts/page";
import { menuWords as menu } from "./text/en/frame";

export const flagPages: readonly Page[] = [
  {
    path: "/$org/$project/flags",
    search: flagsSearch,
    permission: "read",
    menu: { label: menu.flags, icon: "flags", key: "f", group: "project" },
    load: () => import("./pages/flags/FlagList"),
    ahead: ({ org, project }) => {
      void queries.prefetchQuery(flagIndexQuery(org, project));
      void queries.prefetchQuery(environmentsQuery(org, project));
    },
  },
  {
    path: "/$org/$project/flags/-/archived",
    search: archivedSearch,
    permission: "read",
    load: () => import("./pages/flags/Archived"),
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
    path: "/$org/$project/graph",
    search: graphSearch,
    permission: "read",
    load: () => import("./pages/graph/Graph"),
  },
];
