// The filter of the list of flags: words that key, name or tags contain, and `name:value` terms, all of which must hold. Pure.
import type { FlagEntry } from "../../api/queries/flag_index";

export interface Term {
  text: string; // as typed
  name: string; // "" for a word
  value: string;
  env: string; // after @, or ""
  isExcluded: boolean; // with a minus in front
}

export interface Filter {
  terms: readonly Term[];
  unknown: readonly Term[]; // that filter nothing
  matches: (flag: FlagEntry) => boolean;
}

const pattern = /(-?)(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/g;
const names = new Set(["tag", "state", "owner", "stale", "type", "life", "env", "key"]);

export function parseTerms(text: string): Term[] {
  return [...text.matchAll(pattern)].map((match) => {
    const name = match[2] ?? "";
    const given = match[3] ?? match[4] ?? "";
    const at = name === "state" ? given.indexOf("@") : -1;
    return {
      text: match[0],
      name,
      value: at < 0 ? given : given.slice(0, at),
      env: at < 0 ? "" : given.slice(at + 1),
      isExcluded: match[1] === "-",
    };
  });
}

type Test = (flag: FlagEntry) => boolean;

const states: Record<string, (config: FlagEntry["environments"][string]) => boolean> = {
  on: (config) => config.enabled,
  off: (config) => !config.enabled,
  partial: (config) => config.enabled && config.percent > 0 && config.percent < 100,
  stale: (config) => config.stale !== null,
};

// What is searched for words, made once for each flag of an index.
const haystacks = new WeakMap<FlagEntry, string>();
function haystack(flag: FlagEntry): string {
  let found = haystacks.get(flag);
  if (found === undefined) {
    found = `${flag.key}\n${flag.name}\n${flag.tags.join("\n")}`.toLowerCase();
    haystacks.set(flag, found);
  }
  return found;
}

function testOf(term: Term, me: string): Test | undefined {
  const value = term.value.toLowerCase();
  switch (term.name) {
    case "":
      return (flag) => haystack(flag).includes(value);
    case "key":
      return (flag) => flag.key.toLowerCase().includes(value);
    case "tag":
      return (flag) => flag.tags.some((tag) => tag.toLowerCase() === value);
    case "type":
      return (flag) => flag.type === value;
    case "life":
      return (flag) => (flag.lifetime ?? "none") === value;
    case "owner": {
      const wanted = value === "me" ? me.toLowerCase() : value === "none" ? "" : value;
      return (flag) => flag.owner.toLowerCase() === wanted;
    }
    case "stale":
      return value === "no"
        ? (flag) => flag.stale.length === 0
        : value === "yes"
          ? (flag) => flag.stale.length > 0
          : (flag) => flag.stale.some((reason) => reason === value);
    case "state": {
      const holds = states[value];
      if (holds === undefined) return undefined;
      return (flag) => {
        const configs = term.env === "" ? Object.values(flag.environments) : [flag.environments[term.env]];
        return configs.some((config) => config !== undefined && holds(config));
      };
    }
    default:
      return undefined;
  }
}

export function makeFilter(text: string, me: string): Filter {
  const terms = parseTerms(text);
  const tests: Test[] = [];
  const unknown: Term[] = [];
  for (const term of terms) {
    const test = testOf(term, me);
    if (test === undefined) unknown.push(term);
    else tests.push(term.isExcluded ? (flag) => !test(flag) : test);
  }
  return { terms, unknown, matches: (flag) => tests.every((test) => test(flag)) };
}

export const without = (text: string, term: string): string => text.replace(term, " ").replace(/\s+/g, " ").trim();

// What may follow what has been typed of the last term.
export function completions(
  text: string,
  known: { tags: readonly string[]; owners: readonly string[]; envs: readonly string[] },
): string[] {
  const last = /\S*$/.exec(text)?.[0] ?? "";
  const [name, value] = last.includes(":") ? (last.replace(/^-/, "").split(":", 2) as [string, string]) : ["", last];
  const among = (values: readonly string[]) =>
    values.filter((one) => one.startsWith(value) && one !== value).map((one) => `${name}:${one}`);
  if (name === "") return last === "" ? [] : [...names].filter((one) => one.startsWith(last)).map((one) => `${one}:`);
  const lists: Record<string, readonly string[]> = {
    tag: known.tags,
    owner: ["me", "none", ...known.owners],
    stale: ["yes", "no", "unused", "constant", "expired"],
    type: ["boolean", "string", "number", "json"],
    life: ["none", "release", "experiment", "operational", "permission"],
    state: Object.keys(states).flatMap((state) => [state, ...known.envs.map((env) => `${state}@${env}`)]),
  };
  return among(lists[name] ?? []).slice(0, 8);
}
