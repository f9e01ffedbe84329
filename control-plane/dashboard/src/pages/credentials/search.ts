import { flag, text } from "../../search";

export const schema = { rotate: text, ended: flag };
