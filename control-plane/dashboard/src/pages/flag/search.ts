import { text } from "../../search";
import { schema as seriesSchema } from "../evaluations/search";

export const schema = { env: text }; // which card is shown where there is room for one

const { range, by, as } = seriesSchema;
export const evaluationsSchema = { range, by, as }; // flag and environment stand in the path
