// What a change of somebody else makes stale (docs/admin-api.md, Live changes). A query's key begins with `orgs`, the organisation
// and the path of its resource, as the audit log writes it; objects in a key tell views of the same resource apart.

/** Of the data of `event: change`, what this takes. */
export type ConcerningChange = {
  readonly resource: string;
  readonly project: string | null;
  readonly published: Readonly<Record<string, string>>;
};
export type QueryKey = readonly (string | number | Record<string, unknown>)[];

/** The resources that a change concerns: its own, and the environments that have a new version. */
export function concernedPaths({ resource, project, published }: ConcerningChange): string[] {
  const places = Object.keys(published).map((env) => `projects/${project}/environments/${env}`);
  return [...new Set([resource, ...(project === null ? [] : places)])];
}

/** Whether a change may change what somebody is permitted. */
export const changesRights = (resource: string): boolean =>
  /^((members|roles|groups|group-roles)|projects\/[^/]+(\/environments\/[^/]+)?\/assignments)(\/|$)/.test(resource);

// What is computed from other resources: its collection, and those of which a change concerns it, below the same project.
const derived: Readonly<Record<string, readonly string[]>> = {
  "flag-index": ["flags", "environments", "bulk"],
  cleanup: ["flags", "environments"],
  uses: ["flags", "segments", "bulk"],
  propagation: ["flags", "segments", "environments", "bulk"],
};

/** Whether a change of the resource at `path` concerns a query: it shows the resource, a list with it, or something below it. */
export function isConcerned(key: QueryKey, org: string, path: string): boolean {
  if (key[0] !== "orgs" || (key.length > 1 && key[1] !== org)) return false;
  const changed = path === "" ? [] : path.split("/");
  const shown = key.slice(2).filter((part) => typeof part === "string");
  const common = Math.min(changed.length, shown.length);
  const differs = shown.slice(0, common).findIndex((part, i) => part !== changed[i]);
  if (differs === -1) return true;
  const others = differs === 2 && changed[0] === "projects" ? derived[shown[2] as string] : undefined;
  return others?.includes(changed[2] as string) ?? false;
}
