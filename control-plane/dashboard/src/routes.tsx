// All pages. A new one is one line here, or in the list of its place, and a folder in pages/; a page that is not here is not in
// the menu either.

import { organisationPages } from "./organisation_routes";
import { schema as credentialsSearch } from "./pages/credentials/search";
import { schema as signinSearch } from "./pages/signin/search";
import type { Page } from "./parts/page";
import { projectPages } from "./project_routes";

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
  ...organisationPages,
  ...projectPages,
  { path: "/$", load: () => import("./pages/frame/NoPage") },
];
