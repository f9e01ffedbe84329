// Pages of an organisation, in the order of the menu.

import { schema as auditSearch } from "./pages/audit/search";
import { schema as credentialsSearch } from "./pages/credentials/search";
import { memberSchema, schema as membersSearch } from "./pages/members/search";
import { listSchema as requestsSearch } from "./pages/requests/search";
import { schema as rolesSearch } from "./pages/roles/search";
import { schema as signInSearch } from "./pages/sign_in/search";
import { webhookSchema, schema as webhooksSearch } from "./pages/webhooks/search";
import type { Page } from "./parts/page";
import { menuWords as menu } from "./text/en/frame";

const held = { group: "organisation", isInPaletteOnly: true } as const;

export const organisationPages: readonly Page[] = [
  {
    path: "/$org",
    menu: { label: menu.projects, icon: "projects", group: "organisation" },
    load: () => import("./pages/home/OrgHome"),
  },
  {
    path: "/$org/-/requests",
    search: requestsSearch,
    menu: {
      label: menu.requests,
      icon: "requests",
      key: "r",
      group: "organisation",
      holds: ["/$org/$project/requests"],
    },
    load: () => import("./pages/requests/RequestList"),
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
  {
    path: "/$org/-/roles",
    search: rolesSearch,
    menu: { ...held, label: menu.roles, icon: "person" },
    load: () => import("./pages/roles/Roles"),
  },
  { path: "/$org/-/roles/$id", load: () => import("./pages/roles/RolePage") },
  {
    path: "/$org/-/groups",
    menu: { ...held, label: menu.groups, icon: "person" },
    load: () => import("./pages/groups/Groups"),
  },
  {
    path: "/$org/-/sign-in",
    search: signInSearch,
    menu: { ...held, label: menu["sign-in"], icon: "key" },
    load: () => import("./pages/sign_in/SignInPage"),
  },
  { path: "/$org/-/sign-in/$id", load: () => import("./pages/sign_in/ProviderPage") },
  {
    path: "/$org/-/keys",
    search: credentialsSearch,
    menu: { label: menu.keys, icon: "key", group: "organisation", holds: ["/$org/-/tokens"] },
    load: () => import("./pages/credentials/OrganisationKeys"),
  },
  {
    path: "/$org/-/tokens",
    search: credentialsSearch,
    menu: { ...held, label: menu.tokens, icon: "key" },
    load: () => import("./pages/credentials/ServiceTokens"),
  },
  {
    path: "/$org/-/webhooks",
    search: webhooksSearch,
    menu: { ...held, label: menu.webhooks, icon: "settings" },
    load: () => import("./pages/webhooks/Webhooks"),
  },
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
];
