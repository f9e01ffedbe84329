import { text } from "../../search";

export const schema = { q: text, role: text };
export const memberSchema = { project: text };
