// All pages. A new one is one line here and a folder in pages/; a page that is not here is not in the menu either.
import type { Page } from "./parts/page";
import { text } from "./search";

export const pages: readonly Page[] = [
  { path: "/-/signin", search: { to: text }, isFrameless: true, load: () => import("./pages/signin/SignIn") },
];
