import { text } from "../../search";

// `org` and `provider`: whom single sign-on is by.
export const schema = { to: text, org: text, provider: text };
