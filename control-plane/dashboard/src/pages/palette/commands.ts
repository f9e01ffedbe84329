// What a line typed into the palette means. Pure: names and verbs are resolved against what is in memory; who draws it acts.
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Environment } from "../../api/queries/projects";
import { type PaletteEntry, type PaletteIndex, preparePalette, searchPalette } from "../../model/index";

export type Command =
  | { kind: "open_flag"; flag: FlagEntry }
  | { kind: "open_segment"; key: string; name: string }
  | { kind: "open_person"; email: string }
  | { kind: "toggle"; flag: FlagEntry; env: Environment; isOn: boolean; isThere: boolean }
  | { kind: "why"; flag: FlagEntry; env: Environment | undefined; who: string }
  | { kind: "promote"; flag: FlagEntry; from: string; to: string }
  | { kind: "create"; what: "flag" | "segment"; name: string }
  | { kind: "go"; path: string; label: string }
  | { kind: "env"; env: Environment }
  | { kind: "copy"; what: "key" | "curl" | "link"; flag: FlagEntry | undefined };

export interface Names {
  flags: readonly FlagEntry[];
  segments: readonly { key: string; name: string; tags: readonly string[] }[];
  people: readonly string[]; // e-mail addresses
  pages: readonly { path: string; label: string }[];
  environments: readonly Environment[];
}

// Prepared once for what is known, so that a key only compares.
export interface Known extends Names {
  all: PaletteIndex;
  flagIndex: PaletteIndex;
  pageIndex: PaletteIndex;
  flagsByKey: ReadonlyMap<string, FlagEntry>;
}

export interface World {
  known: Known;
  env: string; // of the page, or ""
  flag: string; // of the page, or ""
  can: { create: boolean; why: boolean; promote: boolean; env: boolean };
}

const most = 8;

export function prepare(names: Names): Known {
  const { flags, segments, people, pages } = names;
  const flagIndex = preparePalette(
    flags.map(({ key, name, tags }): PaletteEntry => ({ kind: "flag", id: key, title: name, words: tags })),
  );
  const pageIndex = preparePalette(pages.map(({ label }): PaletteEntry => ({ kind: "page", id: label, title: label })));
  const others = preparePalette([
    ...segments.map(({ key, name, tags }): PaletteEntry => ({ kind: "segment", id: key, title: name, words: tags })),
    ...people.map((email): PaletteEntry => ({ kind: "person", id: email, title: email })),
  ]);
  return {
    ...names,
    flagIndex,
    pageIndex,
    all: [...flagIndex, ...pageIndex, ...others],
    flagsByKey: new Map(flags.map((flag) => [flag.key, flag])),
  };
}

function commandOf(known: Known, { kind, id }: PaletteEntry): Command[] {
  const flag = known.flagsByKey.get(id);
  if (kind === "flag") return flag ? [{ kind: "open_flag", flag }] : [];
  if (kind === "segment") {
    const segment = known.segments.find((one) => one.key === id);
    return segment ? [{ kind: "open_segment", key: id, name: segment.name }] : [];
  }
  if (kind === "person") return [{ kind: "open_person", email: id }];
  const page = known.pages.find((one) => one.label === id);
  return page ? [{ kind: "go", ...page }] : [];
}

const found = (known: Known, index: PaletteIndex, typed: string, count: number): Command[] =>
  searchPalette(index, typed, count).flatMap(({ entry }) => commandOf(known, entry));

function findFlags({ known }: World, typed: string, count = most): FlagEntry[] {
  if (typed === "") return known.flags.slice(0, count);
  return searchPalette(known.flagIndex, typed, count).flatMap(({ entry }) => known.flagsByKey.get(entry.id) ?? []);
}

const pagesFor = ({ known }: World, typed: string, count = most): Command[] =>
  typed === ""
    ? known.pages.slice(0, count).map((page) => ({ kind: "go", ...page }))
    : found(known, known.pageIndex, typed, count);

const environmentsFor = ({ known }: World, typed: string): Environment[] =>
  known.environments.filter((env) => env.key.toLowerCase().startsWith(typed.toLowerCase()));

// Where a verb without an environment acts first: that of the page; then, for off, where most depends on it.
function placesFor(world: World, flag: FlagEntry, isOn: boolean): Environment[] {
  const weight = (env: Environment): number => {
    const isThere = flag.environments[env.key]?.enabled === isOn;
    return (env.key === world.env ? 4 : 0) + (env.protected === !isOn ? 2 : 0) - (isThere ? 8 : 0);
  };
  return [...world.known.environments].sort((a, b) => weight(b) - weight(a));
}

// Where a question is about: the environment of the page; then where the flag is on, and most depends on it.
function placeOfWhy(world: World, flag: FlagEntry): Environment | undefined {
  const weight = (env: Environment): number =>
    (env.key === world.env ? 4 : 0) + (flag.environments[env.key]?.enabled ? 2 : 0) + (env.protected ? 1 : 0);
  return [...world.known.environments].sort((a, b) => weight(b) - weight(a))[0];
}

function toggles(world: World, [flagText = "", envText = ""]: readonly string[], isOn: boolean): Command[] {
  const named = environmentsFor(world, envText);
  return findFlags(world, flagText, envText === "" ? 3 : most).flatMap((flag) =>
    placesFor(world, flag, isOn)
      .filter((env) => named.includes(env))
      .map(
        (env): Command => ({ kind: "toggle", flag, env, isOn, isThere: flag.environments[env.key]?.enabled === isOn }),
      ),
  );
}

function promotions(world: World, [flagText = "", fromText, toText]: readonly string[]): Command[] {
  const place = (typed: string | undefined) => (typed ? (environmentsFor(world, typed)[0]?.key ?? "") : "");
  return findFlags(world, flagText).map((flag) => ({
    kind: "promote",
    flag,
    from: place(fromText),
    to: place(toText),
  }));
}

function copies(world: World, what: string, typed: string): Command[] {
  const shown = world.known.flagsByKey.get(world.flag);
  const flags = typed === "" ? (shown ? [shown] : []) : findFlags(world, typed, 3);
  return (["key", "curl", "link"] as const)
    .filter((one) => one.startsWith(what))
    .flatMap((one): Command[] =>
      one === "link"
        ? [{ kind: "copy", what: one, flag: undefined }]
        : flags.map((given) => ({ kind: "copy", what: one, flag: given })),
    );
}

function verbs(world: World, verb: string, rest: readonly string[]): Command[] | undefined {
  const [first = "", ...others] = rest;
  switch (verb) {
    case "on":
    case "off":
      return toggles(world, rest, verb === "on");
    case "why":
      if (!world.can.why) return undefined;
      return findFlags(world, first).map((flag) => ({
        kind: "why",
        flag,
        env: placeOfWhy(world, flag),
        who: others.join(" "),
      }));
    case "promote":
      return world.can.promote ? promotions(world, rest) : undefined;
    case "new":
      if (!world.can.create || (first !== "flag" && first !== "segment")) return undefined;
      return [{ kind: "create", what: first, name: others.join(" ") }];
    case "go":
      return pagesFor(world, rest.join(" "));
    case "env":
      return world.can.env ? environmentsFor(world, first).map((env) => ({ kind: "env", env })) : undefined;
    case "copy":
      return copies(world, first, others.join(" "));
    default:
      return undefined;
  }
}

export function commandsFor(line: string, world: World): Command[] {
  const trimmed = line.trimStart();
  const [verb = "", ...rest] = trimmed.trimEnd().split(/\s+/);
  const meant = trimmed.includes(" ") ? verbs(world, verb.toLowerCase(), rest) : undefined;
  if (meant !== undefined) return meant.slice(0, 2 * most);
  const typed = trimmed.trim();
  if (typed === "")
    return [...pagesFor(world, ""), ...findFlags(world, "").map((flag): Command => ({ kind: "open_flag", flag }))];
  return found(world.known, world.known.all, typed, most + 3);
}
