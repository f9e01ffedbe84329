// Search parameters of pages: plain text in the address, typed in the code. What does not fit is left out.

export type Search = Record<string, string | readonly string[] | undefined>;

export interface Field<T> {
  read: (given: readonly string[]) => T | undefined;
}

export const text: Field<string> = { read: ([first]) => first || undefined };
export const flag: Field<"1"> = { read: ([first]) => (first === undefined || first === "0" ? undefined : "1") };
export const list: Field<readonly string[]> = {
  read: (given) => {
    const items = given.flatMap((item) => item.split(",")).filter((item) => item !== "");
    return items.length > 0 ? items : undefined;
  },
};

export function oneOf<const T extends string>(...values: readonly T[]): Field<T> {
  return { read: ([first]) => values.find((value) => value === first) };
}

export type Schema = Record<string, Field<unknown>>;
export type SearchOf<S extends Schema> = { [K in keyof S]?: S[K] extends Field<infer T> ? T | undefined : never };

export function validate<S extends Schema>(schema: S, given: Record<string, unknown>): SearchOf<S> {
  const read = Object.entries(schema).flatMap(([name, field]) => {
    const raw = given[name];
    const values = (Array.isArray(raw) ? raw : raw === undefined || raw === null ? [] : [raw]).map(String);
    const value = field.read(values);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(read) as SearchOf<S>;
}

export function parseSearch(query: string): Record<string, string | string[]> {
  const params = new URLSearchParams(query);
  return Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const values = params.getAll(name);
      return [name, values.length === 1 ? (values[0] as string) : values];
    }),
  );
}

export function writeSearch(search: Record<string, unknown>): string {
  const parts = Object.entries(search).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === "") return [];
    const written = Array.isArray(value) ? value.join(",") : String(value);
    return written === "" ? [] : [`${encodeURIComponent(name)}=${readable(written)}`];
  });
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

// People read addresses and send them to each other.
const readable = (value: string): string =>
  encodeURIComponent(value)
    .replace(/%(3A|2F|2C|40)/g, (code) => decodeURIComponent(code))
    .replace(/%20/g, "+");
