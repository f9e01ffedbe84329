// The page of a resource that the audit log names, where there is one.
import { paths } from "../paths";
import { useHasPage } from "./page";

// `hasPage` is asked with a path of the table of pages.
export function pathOfResource(org: string, resource: string, hasPage: (path: string) => boolean): string | undefined {
  const [kind, project = "", list, key = "", sub, env = ""] = resource.split("/");
  if (kind !== "projects") return undefined;
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
  return found("/$org/$project/environments/$env/versions", paths.environment(org, project, key, "versions"));
}

export function usePlacePaths(org: string): (resource: string) => string | undefined {
  const hasPage = useHasPage();
  return (resource) => pathOfResource(org, resource, hasPage);
}
