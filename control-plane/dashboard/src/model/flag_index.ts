// The flag index (GET .../flag-index): filtering and sorting 10,000 rows while somebody types.

import type { FlagType, Lifetime } from "./config";
import { changedMillis, type Filter, type FilterCondition } from "./filter_query";

export type StaleReason = "unused" | "constant" | "expired";
/** A row as the server sends it; `percent`: of the contexts that reach the fallthrough. */
export type IndexEntry = {
  readonly key: string;
  readonly name: string;
  readonly type: FlagType;
  readonly tags: readonly string[];
  readonly owner: string;
  readonly lifetime: Lifetime | null;
  readonly version: number;
  readonly updated_at: string;
  readonly stale: readonly StaleReason[];
  readonly environments: Readonly<Record<string, IndexEnvironment>>;
};
export type IndexEnvironment = {
  readonly enabled: boolean;
  readonly percent: number;
  readonly version: number;
  readonly updated_at: string;
  readonly stale: string | null;
};
export type State = "on" | "partial" | "off";

/** A row prepared once, so that a keystroke only compares. `text`: where words are looked for. */
export type IndexRow = { readonly entry: IndexEntry; readonly text: string };

/** What an answer needs besides the rows. `now` in milliseconds since 1970. */
export type FilterContext = {
  readonly now: number;
  /** What `owner:me` means. */
  readonly me: readonly string[];
  /** Keys of the flags that use something, by what `uses:` names: "segment/staff", "flag/payments". */
  readonly uses?: (name: string) => ReadonlySet<string> | undefined;
};

/** Off, on for everybody who reaches the fallthrough, or something between. */
export function stateOf({ enabled, percent }: IndexEnvironment): State {
  if (!enabled) return "off";
  return percent > 0 && percent < 100 ? "partial" : "on";
}

const prepared = new WeakMap<IndexEntry, IndexRow>();

function prepare(entry: IndexEntry): IndexRow {
  const row = { entry, text: [entry.key, entry.name, ...entry.tags].join("\n").toLowerCase() };
  prepared.set(entry, row);
  return row;
}

/** Entries that were in an index before are not prepared again: a change is of a few among thousands. */
export const prepareIndex = (entries: readonly IndexEntry[]): IndexRow[] =>
  entries.map((entry) => prepared.get(entry) ?? prepare(entry));

type Test = (row: IndexRow) => boolean;

function inEnvironments(environment: string | undefined, holds: (at: IndexEnvironment) => boolean): Test {
  if (environment === undefined) return ({ entry }) => Object.values(entry.environments).some(holds);
  return ({ entry }) => {
    const at = Object.hasOwn(entry.environments, environment) ? entry.environments[environment] : undefined;
    return at !== undefined && holds(at);
  };
}

function staleTest(value: string, environment: string | undefined): Test {
  if (environment !== undefined) {
    const isStale = (reason: string | null): boolean =>
      value === "yes" || value === "no" ? reason !== null : reason === value;
    const test = inEnvironments(environment, ({ stale }) => isStale(stale));
    return value === "no" ? (row) => !test(row) : test;
  }
  if (value === "yes") return ({ entry }) => entry.stale.length > 0;
  return value === "no"
    ? ({ entry }) => entry.stale.length === 0
    : ({ entry }) => entry.stale.includes(value as StaleReason);
}

function testOf(
  name: FilterCondition["name"],
  value: string,
  environment: string | undefined,
  context: FilterContext,
): Test {
  switch (name) {
    case "text": {
      const wanted = value.toLowerCase();
      return ({ text }) => text.includes(wanted);
    }
    case "tag":
      return ({ entry }) => entry.tags.includes(value);
    case "state":
      return inEnvironments(environment, (at) => stateOf(at) === value || (value === "on" && at.enabled));
    case "owner": {
      const owners = value === "me" ? context.me : value === "none" ? [""] : [value];
      return ({ entry }) => owners.includes(entry.owner);
    }
    case "type":
      return ({ entry }) => entry.type === value;
    case "life":
      return ({ entry }) => (entry.lifetime ?? "none") === value;
    case "stale":
      return staleTest(value, environment);
    case "uses": {
      const keys = context.uses?.(value);
      return ({ entry }) => keys?.has(entry.key) ?? false;
    }
    case "env":
      return ({ entry }) => Object.hasOwn(entry.environments, value);
    case "changed": {
      // The API writes all times alike, in UTC, so that texts are in the order of times.
      const since = new Date(context.now - (changedMillis(value) ?? 0)).toISOString();
      if (environment === undefined) return ({ entry }) => entry.updated_at >= since;
      return inEnvironments(environment, ({ updated_at }) => updated_at >= since);
    }
  }
}

function conditionTest(condition: FilterCondition, context: FilterContext): Test {
  const tests = condition.values.map((value) => testOf(condition.name, value, condition.environment, context));
  const [only] = tests;
  const any: Test = tests.length === 1 && only ? only : (row) => tests.some((test) => test(row));
  return condition.isNegated ? (row) => !any(row) : any;
}

/** The rows for which every condition holds, in their order. */
export function filterRows(
  rows: readonly IndexRow[],
  filter: Pick<Filter, "conditions">,
  context: FilterContext,
): readonly IndexRow[] {
  const tests = filter.conditions.map((condition) => conditionTest(condition, context));
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
}

/** Which condition, taken away alone, would show something; for "nothing found". */
export function excluding(
  rows: readonly IndexRow[],
  filter: Pick<Filter, "conditions">,
  context: FilterContext,
): { condition: FilterCondition; rows: number }[] {
  return filter.conditions
    .map((condition) => {
      const others = filter.conditions.filter((other) => other !== condition);
      return { condition, rows: filterRows(rows, { conditions: others }, context).length };
    })
    .filter((without) => without.rows > 0)
    .sort((a, b) => b.rows - a.rows);
}

export type SortName = "key" | "name" | "type" | "owner" | "life" | "changed";
/** As in the address: "name", "-changed". */
export type Sort = SortName | `-${SortName}`;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
// A flag without a name is shown by its key.
const shownName = ({ entry }: IndexRow): string => (entry.name || entry.key).toLowerCase();
const orders: Readonly<Record<SortName, (a: IndexRow, b: IndexRow) => number>> = {
  key: () => 0,
  name: (a, b) => byText(shownName(a), shownName(b)),
  type: (a, b) => byText(a.entry.type, b.entry.type),
  owner: (a, b) => byText(a.entry.owner, b.entry.owner),
  life: (a, b) => byText(a.entry.lifetime ?? "", b.entry.lifetime ?? ""),
  changed: (a, b) => byText(a.entry.updated_at, b.entry.updated_at),
};

/** Equal rows are in the order of their keys. An unknown sort is that of keys. */
export function sortRows(rows: readonly IndexRow[], sort: string): IndexRow[] {
  const isDescending = sort.startsWith("-");
  const name = isDescending ? sort.slice(1) : sort;
  const order = Object.hasOwn(orders, name) ? orders[name as SortName] : orders.key;
  const byKey = (a: IndexRow, b: IndexRow): number => byText(a.entry.key, b.entry.key);
  const compare = name === "key" || !Object.hasOwn(orders, name) ? byKey : order;
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(a, b) || byKey(a, b));
}
