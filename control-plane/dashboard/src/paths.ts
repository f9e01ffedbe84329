// The addresses of pages, below /ui. The only place that puts one together.
const part = encodeURIComponent;

export const paths = {
  organisations: () => "/",
  signIn: (to?: string) => `/-/signin${to ? `?to=${part(to)}` : ""}`,
  singleSignOn: (org: string, provider: string) => `/-/signin?org=${part(org)}&provider=${part(provider)}`,
  setup: () => "/-/setup",
  me: (section: "profile" | "sessions" | "tokens" | "preferences" | "shortcuts") => `/-/me/${section}`,
  about: () => "/-/about",
  org: (org: string) => `/${part(org)}`,
  audit: (org: string, query = "") => `/${part(org)}/-/audit${query}`,
  relay: (org: string, relay: string) => `/${part(org)}/-/relays/${part(relay)}`,
  member: (org: string, member: string, query = "") => `/${part(org)}/-/members/${part(member)}${query}`,
  role: (org: string, role: string) => `/${part(org)}/-/roles/${part(role)}`,
  webhook: (org: string, webhook: string, query = "") => `/${part(org)}/-/webhooks/${part(webhook)}${query}`,
  identityProvider: (org: string, provider: string) => `/${part(org)}/-/sign-in/${part(provider)}`,
  orgPart: (org: string, section: string) => `/${part(org)}/-/${section}`,
  project: (org: string, project: string) => `/${part(org)}/${part(project)}`,
  projectPart: (org: string, project: string, section: string) => `/${part(org)}/${part(project)}/${section}`,
  flags: (org: string, project: string, query = "") => `/${part(org)}/${part(project)}/flags${query}`,
  archivedFlags: (org: string, project: string) => `/${part(org)}/${part(project)}/flags/-/archived`,
  newFlag: (org: string, project: string, query = "") => `/${part(org)}/${part(project)}/flags/-/new${query}`,
  flag: (org: string, project: string, flag: string) => `/${part(org)}/${part(project)}/flags/${part(flag)}`,
  flagPart: (org: string, project: string, flag: string, section: "definition" | "history" | "uses" | "code") =>
    `/${part(org)}/${part(project)}/flags/${part(flag)}/-/${section}`,
  editor: (org: string, project: string, flag: string, env: string, query = "") =>
    `/${part(org)}/${part(project)}/flags/${part(flag)}/${part(env)}${query}`,
  editorPart: (
    org: string,
    project: string,
    flag: string,
    env: string,
    view: "why" | "evaluations" | "history" | "rollout",
  ) => `/${part(org)}/${part(project)}/flags/${part(flag)}/${part(env)}/${view}`,
  graph: (org: string, project: string, query = "") => `/${part(org)}/${part(project)}/graph${query}`,
  segments: (org: string, project: string) => `/${part(org)}/${part(project)}/segments`,
  newSegment: (org: string, project: string) => `/${part(org)}/${part(project)}/segments/-/new`,
  segmentPart: (org: string, project: string, segment: string, section: "history" | "uses") =>
    `/${part(org)}/${part(project)}/segments/${part(segment)}/-/${section}`,
  segment: (org: string, project: string, segment: string, env?: string) =>
    `/${part(org)}/${part(project)}/segments/${part(segment)}${env ? `/${part(env)}` : ""}`,
  // The environment is where the request or rollout is; without it, each is looked through.
  request: (org: string, project: string, id: string, env: string) =>
    `/${part(org)}/${part(project)}/requests/${part(id)}${env ? `?env=${part(env)}` : ""}`,
  newRollout: (org: string, project: string, flag = "", env = "") =>
    `/${part(org)}/${part(project)}/rollouts/-/new${flag ? `?flag=${part(flag)}&env=${part(env)}` : ""}`,
  rollout: (org: string, project: string, id: string, env: string) =>
    `/${part(org)}/${part(project)}/rollouts/${part(id)}${env ? `?env=${part(env)}` : ""}`,
  compare: (org: string, project: string, query = "") => `/${part(org)}/${part(project)}/compare${query}`,
  environment: (org: string, project: string, env: string, section: "settings" | "keys" | "propagation" | "versions") =>
    `/${part(org)}/${part(project)}/environments/${part(env)}/${section}`,
};
