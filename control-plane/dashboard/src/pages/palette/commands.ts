// What a line typed into the palette means. Pure: the verbs are resolved against the index in memory; who draws it acts.
import type { FlagEntry } from "../../api/queries/flag_index";
import type { Environment } from "../../api/queries/projects";
import { best, rank } from "./rank";

export type Command =
  | { kind: "open_flag"; flag: FlagEntry }
  | { kind: "toggle"; flag: FlagEntry; env: Environment; isOn: boolean; isThere: boolean }
  | { kind: "why"; flag: FlagEntry; env: Environment | undefined; who: string }
  | { kind: "promote"; flag: FlagEntry }
  | { kind: "create"; name: string }
  | { kind: "go"; path: string; label: string }
  | { kind: "env"; env: Environment }
  | { kind: "copy"; what: "key" | "curl" | "link"; flag: FlagEntry | undefined };

export interface World {
  flags: readonly FlagEntry[];
  environments: readonly Environment[];
  pages: readonly { path: string; label: string }[];
  env: string; // of the page, or ""
  flag: string; // of the page, or ""
  can: { create: boolean; why: boolean; promote: boolean; env: boolean };
}

const most = 8;

const names = new WeakMap<FlagEntry, { key: string; name: string; tags: string }>();
function namesOf(flag: FlagEntry) {
  let found = names.get(flag);
  if (found === undefined) {
    found = { key: flag.key.toLowerCase(), name: flag.name.toLowerCase(), tags: flag.tags.join(" ").toLowerCase() };
    names.set(flag, found);
  }
  return found;
}

function score(flag: FlagEntry, typed: string): number {
  const { key, name, tags } = namesOf(flag);
  return Math.max(rank(typed, key), rank(typed, name) - 1, rank(typed, tags) - 45);
}

export const findFlags = (world: World, typed: string, count = most): FlagEntry[] =>
  best(world.flags, (flag) => score(flag, typed.toLowerCase()), count);

// Where a verb without an environment acts first: that of the page; then, for off, where most depends on it.
function placesFor(world: World, flag: FlagEntry, isOn: boolean): Environment[] {
  const weight = (env: Environment): number => {
    const isThere = flag.environments[env.key]?.enabled === isOn;
    return (env.key === world.env ? 4 : 0) + (env.protected === !isOn ? 2 : 0) - (isThere ? 8 : 0);
  };
  return [...world.environments].sort((a, b) => weight(b) - weight(a));
}

function toggles(world: World, [flagText = "", envText = ""]: readonly string[], isOn: boolean): Command[] {
  return findFlags(world, flagText, envText === "" ? 3 : most).flatMap((flag) =>
    placesFor(world, flag, isOn)
      .filter((env) => envText === "" || env.key.toLowerCase().startsWith(envText.toLowerCase()))
      .map(
        (env): Command => ({ kind: "toggle", flag, env, isOn, isThere: flag.environments[env.key]?.enabled === isOn }),
      ),
  );
}

function verbs(world: World, verb: string, rest: readonly string[]): Command[] | undefined {
  const [first = "", ...others] = rest;
  switch (verb) {
    case "on":
      return toggles(world, rest, true);
    case "off":
      return toggles(world, rest, false);
    case "why":
      if (!world.can.why) return undefined;
      return findFlags(world, first).map((flag) => ({
        kind: "why",
        flag,
        env: placesFor(world, flag, true)[0],
        who: others.join(" "),
      }));
    case "promote":
      return world.can.promote ? findFlags(world, first).map((flag) => ({ kind: "promote", flag })) : undefined;
    case "new":
      return world.can.create && first === "flag" ? [{ kind: "create", name: others.join(" ") }] : undefined;
    case "go":
      return pagesFor(world, rest.join(" "));
    case "env":
      return world.can.env
        ? world.environments.filter((env) => env.key.startsWith(first)).map((env) => ({ kind: "env", env }))
        : undefined;
    case "copy":
      return copies(world, first, others.join(" "));
    default:
      return undefined;
  }
}

const pagesFor = (world: World, typed: string): Command[] =>
  best(world.pages, (page) => rank(typed.toLowerCase(), page.label.toLowerCase()), most).map((page) => ({
    kind: "go",
    ...page,
  }));

function copies(world: World, what: string, typed: string): Command[] {
  const flag = world.flags.find((one) => one.key === world.flag);
  const flags = typed === "" ? (flag ? [flag] : []) : findFlags(world, typed, 3);
  return (["key", "curl", "link"] as const)
    .filter((one) => one.startsWith(what))
    .flatMap((one): Command[] =>
      one === "link"
        ? [{ kind: "copy", what: one, flag: undefined }]
        : flags.map((given) => ({ kind: "copy", what: one, flag: given })),
    );
}

export function commandsFor(line: string, world: World): Command[] {
  const trimmed = line.trimStart();
  const [verb = "", ...rest] = trimmed.split(/\s+/);
  const meant = trimmed.includes(" ") ? verbs(world, verb.toLowerCase(), rest) : undefined;
  if (meant !== undefined) return meant.slice(0, 2 * most);
  const typed = trimmed.trim();
  const flags = findFlags(world, typed).map((flag): Command => ({ kind: "open_flag", flag }));
  const pages = pagesFor(world, typed).slice(0, typed === "" ? most : 3);
  const isPage = pages[0]?.kind === "go" && pages[0].label.toLowerCase().startsWith(typed.toLowerCase());
  return typed === "" || isPage ? [...pages, ...flags] : [...flags, ...pages];
}
