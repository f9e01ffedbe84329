import { flag } from "../../search";

export const schema = { new: flag };
