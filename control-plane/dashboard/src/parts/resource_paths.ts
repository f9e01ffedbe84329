// The page of a resource that the audit log names, where there is one.
import { paths } from "../paths";
import { useHasPage } from "./page";

// Of what belongs to an organisation itself: its page, or the one that has it.
function pathInOrganisation(org: string, kind: string, id: string): string | undefined {
  switch (kind) {
    case "members":
      return id ? paths.member(org, id) : undefined;
    case "roles":
      return id ? paths.role(org, id) : undefined;
    case "webhooks":
      return id ? paths.webhook(org, id) : undefined;
    case "identity-providers":
      return id ? paths.identityProvider(org, id) : undefined;
    case "invitations":
      return paths.orgPart(org, "members");
    case "groups":
    case "group-roles":
      return paths.orgPart(org, "groups");
    case "keys":
    case "tokens":
      return paths.orgPart(org, kind);
    default:
      return undefined;
  }
}

// `hasPage` is asked with a path of the table of pages.
export function pathOfResource(org: string, resource: string, hasPage: (path: string) => boolean): string | undefined {
  const [kind, project = "", list, key = "", sub, env = ""] = resource.split("/");
  if (kind !== "projects") return pathInOrganisation(org, kind ?? "", project);
  const found = (page: string, path: string): string | undefined => (hasPage(page) ? path : undefined);
  if (list === undefined) return found("/$org/$project", paths.project(org, project));
  if (list === "flags" && sub === "environments")
    return found("/$org/$project/flags/$flag/$env", paths.editor(org, project, key, env));
  if (list === "flags") return found("/$org/$project/flags/$flag", paths.flag(org, project, key));
  if (list === "segments")
    return found("/$org/$project/segments/$segment/$env", paths.segment(org, project, key, env || undefined));
  if (list !== "environments") return undefined;
  if (sub === "requests") return found("/$org/$project/requests/$id", paths.request(org, project, env, key));
  if (sub === "rollouts") return found("/$org/$project/rollouts/$id", paths.rollout(org, project, env, key));
  if (sub === "schedules") return found("/$org/$project/schedules", paths.projectPart(org, project, "schedules"));
  if (sub === "keys")
    return found("/$org/$project/environments/$env/keys", paths.environment(org, project, key, "keys"));
  return found("/$org/$project/environments/$env/versions", paths.environment(org, project, key, "versions"));
}

export function usePlacePaths(org: string): (resource: string) => string | undefined {
  const hasPage = useHasPage();
  return (resource) => pathOfResource(org, resource, hasPage);
}
