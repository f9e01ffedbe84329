// Events of the organisation's stream (docs/admin-api.md, Live changes): which queries they make
// stale, the place to resume at, and who else is here. Times are in milliseconds since 1970.

/** The data of `event: change`. */
export type LiveChange = {
  readonly seq: number;
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly resource: string;
  readonly project: string | null;
  readonly environment: string | null;
  readonly group: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly email: string | null };
  readonly comment: string;
  readonly version: number | null;
  readonly published: Readonly<Record<string, string>>;
};
export type Person = { readonly id: string; readonly name: string; readonly is_editing: boolean };
/** The data of `event: presence`. */
export type Presence = { readonly resource: string; readonly people: readonly Person[] };

export type LiveEvent =
  | { readonly type: "change"; readonly change: LiveChange }
  | { readonly type: "reset"; readonly seq: number }
  | { readonly type: "presence"; readonly presence: Presence; readonly now: number }
  | { readonly type: "tick"; readonly now: number }
  | { readonly type: "open" | "closed"; readonly now: number };

/** A query of the API: the organisation, then the resource's path, then what of it. */
export type QueryKey = readonly string[];

export type Live = {
  /** The last change that was taken in; what Last-Event-ID or `since` says. */
  readonly seq: number;
  readonly isOpen: boolean;
  /** Since when it is as `isOpen` says. */
  readonly since: number;
  readonly present: ReadonlyMap<string, { readonly people: readonly Person[]; readonly until: number }>;
  /** Queries that must be read again; the empty key stands for all. */
  readonly stale: readonly QueryKey[];
  readonly changes: readonly LiveChange[];
};

/** A hint of presence holds for 30 s on the server, and is repeated until then. */
export const presenceMillis = 30_000;
const keptChanges = 200;

export const noLive: Live = { seq: 0, isOpen: false, since: 0, present: new Map(), stale: [], changes: [] };

// What follows from a change of a resource, besides the resource itself.
const followers: readonly [RegExp, (match: readonly string[], change: LiveChange) => string[]][] = [
  [
    /^(projects\/[^/]+)\/flags\/([^/]+)(\/environments\/[^/]+)?$/,
    ([, project = "", flag = ""]) => [
      `${project}/flags`,
      `${project}/flag-index`,
      `${project}/lifecycle`,
      `${project}/flags/${flag}/uses`,
      `${project}/flags/${flag}`,
    ],
  ],
  [
    /^(projects\/[^/]+)\/segments\/([^/]+)(\/environments\/[^/]+)?$/,
    ([, project = "", segment = ""]) => [
      `${project}/segments`,
      `${project}/segments/${segment}/uses`,
      `${project}/segments/${segment}`,
    ],
  ],
  [
    /^(projects\/[^/]+)(\/environments\/[^/]+)?$/,
    ([, project = ""]) => ["projects", project, `${project}/environments`],
  ],
  [/^(projects\/[^/]+)\/(views|contexts)\/[^/]+$/, ([, project = "", list = ""]) => [`${project}/${list}`]],
  [/^members\//, () => ["members", "me"]],
  [/^(roles|groups)\//, ([, list = ""]) => [list, "members", "me"]],
  [
    /^(requests|schedules|rollouts|webhooks|tokens|invitations|service-accounts|identity-providers)\//,
    ([, list = ""]) => [list],
  ],
];

/** The paths of the queries that a change makes stale, below the organisation's. */
export function pathsOf(change: LiveChange): string[] {
  const paths = new Set([change.resource, "audit"]);
  for (const [pattern, follow] of followers) {
    const match = pattern.exec(change.resource);
    if (match) for (const path of follow(match, change)) paths.add(path);
  }
  const key = /^(projects\/[^/]+\/environments\/[^/]+)\/keys\//.exec(change.resource)?.[1];
  if (key) paths.add(`${key}/keys`);
  for (const environment of Object.keys(change.published)) {
    if (change.project === null) continue;
    const place = `projects/${change.project}/environments/${environment}`;
    for (const part of ["ruleset", "propagation", "versions"]) paths.add(`${place}/${part}`);
  }
  if (change.action.startsWith("change_request.")) paths.add("requests");
  if (change.action === "org.updated") paths.add("");
  return [...paths];
}

/** A key for each path: `["acme","projects","web","flags"]`. */
export function queryKeys(org: string, change: LiveChange): QueryKey[] {
  return pathsOf(change).map((path) => [org, ...path.split("/").filter((part) => part !== "")]);
}

function withPresence(live: Live, { resource, people }: Presence, now: number): Live {
  const present = new Map(live.present);
  if (people.length === 0) present.delete(resource);
  else present.set(resource, { people, until: now + presenceMillis });
  return { ...live, present };
}

function expired(live: Live, now: number): Live {
  const present = new Map([...live.present].filter(([, { until }]) => until > now));
  return present.size === live.present.size ? live : { ...live, present };
}

/** The next state; `stale` has what this event makes stale, and only that. */
export function reduceLive(org: string, live: Live, event: LiveEvent): Live {
  const fresh = live.stale.length === 0 ? live : { ...live, stale: [] };
  switch (event.type) {
    case "change": {
      const { change } = event;
      if (change.seq <= live.seq) return fresh;
      const changes = [change, ...live.changes].slice(0, keptChanges);
      return { ...fresh, seq: change.seq, changes, stale: queryKeys(org, change) };
    }
    case "reset":
      return { ...fresh, seq: Math.max(live.seq, event.seq), stale: [[]] };
    case "presence":
      return withPresence(fresh, event.presence, event.now);
    case "tick":
      return expired(fresh, event.now);
    default: {
      const isOpen = event.type === "open";
      return isOpen === live.isOpen ? fresh : { ...fresh, isOpen, since: event.now };
    }
  }
}

/** Who else is at a resource at this time; editors first. */
export function othersAt(live: Live, resource: string, now: number, me: string): Person[] {
  const held = live.present.get(resource);
  if (!held || held.until <= now) return [];
  const others = held.people.filter((person) => person.id !== me);
  return others.sort((a, b) => Number(b.is_editing) - Number(a.is_editing) || a.name.localeCompare(b.name));
}

/** Whether a query is stale by these keys: one of them is its beginning. */
export function isStale(query: QueryKey, stale: readonly QueryKey[]): boolean {
  return stale.some((key) => key.length <= query.length && key.every((part, i) => part === query[i]));
}
