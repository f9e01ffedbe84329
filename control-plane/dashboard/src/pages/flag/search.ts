import { text } from "../../search";

export const schema = { env: text }; // which card is shown where there is room for one
