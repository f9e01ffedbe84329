// The flag list's filter language: `tag:checkout state:on@production owner:me stale:yes text`. All
// conditions must hold; a minus before one turns it around; several values with commas mean any of
// them. Words without a name are searched for in key, name and tags. What is typed is always shown
// again as it was; canonical text is what URLs hold.

export type FilterName = "tag" | "state" | "owner" | "type" | "life" | "stale" | "uses" | "env" | "changed" | "text";

/** One condition. `values` are or-ed; `environment` is what stands behind `@`. */
export type FilterCondition = {
  readonly name: FilterName;
  readonly values: readonly string[];
  readonly environment: string | undefined;
  readonly isNegated: boolean;
  /** UTF-16 units in the text that it was read from. */
  readonly from: number;
  readonly to: number;
};
export type FilterError = {
  readonly from: number;
  readonly to: number;
  readonly code: FilterErrorCode;
  readonly found: string;
};
export type FilterErrorCode =
  | "unknown_name"
  | "missing_value"
  | "unknown_value"
  | "unclosed_quote"
  | "no_environment_here"
  | "missing_environment";
export type Filter = { readonly conditions: readonly FilterCondition[]; readonly errors: readonly FilterError[] };

/** Which values a name takes; none: any text. */
export const filterValues: Readonly<Record<Exclude<FilterName, "text">, readonly string[] | undefined>> = {
  tag: undefined,
  state: ["on", "off", "partial"],
  owner: undefined,
  type: ["boolean", "string", "number", "json"],
  life: ["release", "experiment", "operational", "permission", "none"],
  stale: ["yes", "no", "unused", "constant", "expired"],
  uses: undefined,
  env: undefined,
  changed: undefined,
};
const takesEnvironment = new Set<FilterName>(["state", "stale", "changed"]);

type Token = { readonly text: string; readonly from: number; readonly to: number; readonly isUnclosed: boolean };

// Words between white space; quotes hold white space together, with \" and \\ in them.
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|[^\s"])+/g)) {
    const quotes = match[0].replace(/\\./g, "").split('"').length - 1;
    tokens.push({ text: match[0], from: match.index, to: match.index + match[0].length, isUnclosed: quotes % 2 === 1 });
  }
  return tokens;
}

// Splits at a separator outside of quotes.
function splitOutside(text: string, separator: string): string[] {
  const parts = [""];
  let isQuoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] ?? "";
    const isSeparator = character === separator && !isQuoted;
    if (isSeparator) parts.push("");
    else parts[parts.length - 1] += character === "\\" && isQuoted ? character + (text[++i] ?? "") : character;
    if (character === '"') isQuoted = !isQuoted;
  }
  return parts;
}

const unquoted = (text: string): string =>
  text.replace(/\\(.)|"/g, (_all, escaped: string | undefined) => escaped ?? "");
const unquotedPart = (text: string): string => (text.includes('"') ? unquoted(text) : text);

function isFilterName(name: string): name is Exclude<FilterName, "text"> {
  return Object.hasOwn(filterValues, name);
}

function readToken(token: Token): FilterCondition | FilterError {
  const { from, to } = token;
  const fault = (code: FilterErrorCode, found: string, at = from): FilterError => ({ from: at, to, code, found });
  if (token.isUnclosed) return fault("unclosed_quote", token.text);
  const isNegated = token.text.startsWith("-") && token.text.length > 1;
  const body = isNegated ? token.text.slice(1) : token.text;
  const [name = "", ...rest] = splitOutside(body, ":");
  const word = (): FilterCondition => ({
    name: "text",
    values: [unquotedPart(body)],
    environment: undefined,
    isNegated,
    from,
    to,
  });
  if (rest.length === 0 || name.includes('"')) return unquotedPart(body) === "" ? fault("missing_value", body) : word();
  const begin = to - rest.join(":").length;
  if (!isFilterName(name)) return fault("unknown_name", name);
  const [list = "", environment] = takesEnvironment.has(name) ? splitOutside(rest.join(":"), "@") : [rest.join(":")];
  const values = splitOutside(list, ",").map(unquotedPart);
  if (values.includes("")) return fault("missing_value", list, begin);
  const unknown = values.find((value) => filterValues[name] && !filterValues[name].includes(value));
  if (unknown !== undefined) return fault("unknown_value", unknown, begin);
  if (name === "changed" && values.some((value) => changedMillis(value) === undefined))
    return fault("unknown_value", list, begin);
  if (environment === "") return fault("missing_environment", list, begin);
  return {
    name,
    values,
    environment: environment === undefined ? undefined : unquotedPart(environment),
    isNegated,
    from,
    to,
  };
}

/** `changed:7d`: within that time. Units are h, d and w. */
export function changedMillis(value: string): number | undefined {
  const [, count, unit] = /^([1-9][0-9]{0,3})([hdw])$/.exec(value) ?? [];
  return count === undefined ? undefined : Number(count) * 3_600_000 * ({ h: 1, d: 24, w: 168 }[unit ?? ""] ?? 0);
}

/** Reads a filter. Conditions that are wrong are in `errors`, and not in `conditions`. */
export function parseFilter(text: string): Filter {
  const read = tokensOf(text).map(readToken);
  return {
    conditions: read.filter((each): each is FilterCondition => "name" in each),
    errors: read.filter((each): each is FilterError => "code" in each),
  };
}

function quotedValue(value: string, isWord: boolean): string {
  const isPlain = /^[^\s":,@\\-][^\s":,@\\]*$/.test(value);
  return isPlain || (!isWord && /^-[^\s":,@\\]*$/.test(value)) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;
}

/** The canonical text of a condition. */
export function conditionText({ name, values, environment, isNegated }: FilterCondition): string {
  const minus = isNegated ? "-" : "";
  if (name === "text") return minus + quotedValue(values[0] ?? "", true);
  const place = environment === undefined ? "" : `@${quotedValue(environment, false)}`;
  return `${minus}${name}:${values.map((value) => quotedValue(value, false)).join(",")}${place}`;
}

/** The canonical text of a filter; reads as the same conditions. */
export function filterText(filter: Pick<Filter, "conditions">): string {
  return filter.conditions.map(conditionText).join(" ");
}

/** Without one of its conditions: what a click on it does. */
export function without(text: string, condition: Pick<FilterCondition, "from" | "to">): string {
  return `${text.slice(0, condition.from)} ${text.slice(condition.to)}`.replace(/\s+/g, " ").trim();
}

// In the URL each name is a parameter of its own, words and what has a form of its own are `q`.
const parameters = ["tag", "state", "type", "owner", "life"] as const;

/** The parameters of the list's address. */
export function filterToSearch(text: string): Record<string, string> {
  const { conditions, errors } = parseFilter(text);
  const search: Record<string, string> = {};
  if (errors.length > 0) return text.trim() === "" ? {} : { q: text };
  const rest: FilterCondition[] = [];
  for (const condition of conditions) {
    const name = parameters.find((each) => each === condition.name);
    if (!name || condition.isNegated || search[name] !== undefined) rest.push(condition);
    else search[name] = conditionText(condition).slice(name.length + 1);
  }
  if (rest.length > 0) search.q = filterText({ conditions: rest });
  return search;
}

/** The text of an address's parameters; others than the filter's are ignored. */
export function searchToFilter(search: Readonly<Record<string, string | undefined>>): string {
  const named = parameters.flatMap((name) => (search[name] === undefined ? [] : [`${name}:${search[name]}`]));
  return [...named, ...(search.q === undefined ? [] : [search.q])].join(" ");
}
