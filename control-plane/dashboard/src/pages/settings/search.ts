import { oneOf } from "../../search";

export const schema = { new: oneOf("environment") };
