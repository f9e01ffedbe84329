import { flag, oneOf, text } from "../../search";

export const schema = { new: flag };
export const webhookSchema = { state: oneOf("pending", "failed", "delivered", "dead"), delivery: text };
