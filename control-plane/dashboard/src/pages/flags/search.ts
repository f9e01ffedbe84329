import { list, text } from "../../search";

export const schema = { q: text, sort: text, cols: list, view: text, env: text };
export const columnIds = ["type", "tags", "owner", "life", "changed"] as const;
export type ColumnId = (typeof columnIds)[number];
export const usualColumns: readonly ColumnId[] = ["type", "tags", "owner", "changed"];
