import { list, text } from "../../search";

// The filter is `q` and the terms that have a parameter of their own; `env` says which environment is shown where one has room.
export const filterSchema = { q: text, tag: text, state: text, type: text, owner: text, life: text };
export const schema = { ...filterSchema, sort: text, cols: list, view: text, env: text };
export const archivedSchema = { q: text };
export const columnIds = ["type", "tags", "owner", "life", "sparks", "changed"] as const;
export type ColumnId = (typeof columnIds)[number];
export const usualColumns: readonly ColumnId[] = ["type", "tags", "owner", "sparks", "changed"];
