// Every page in one look, with a project that has something of everything. Pictures are kept in the folder of the run.
import { given, inBrowser, to } from "./flow.mjs";
import { examine, keepLook, looks, nothingFound, signInSomehow, visit } from "./looks.mjs";

const { look, ...options } = looks[given.look];

await inBrowser(
  async (page) => {
    await keepLook(page, look);
    for (const [name, path] of Object.entries({ setup: "/-/setup#token", signin: "/-/signin" })) await visit(page, path, `${name}-${given.look}`);
    await signInSomehow(page);
    for (const [name, path] of Object.entries(given.places)) await visit(page, path, `${name}-${given.look}`, { deep: given.deep });
    await page.goto(to(given.places.flags));
    await page.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("listbox").waitFor();
    await examine(page, `palette-${given.look}`);
  },
  { ...options, allowed: ["401 /auth/me", ...["", "/environments", "/flag-index", "/views", "/audit", "/segments"].map((end) => `404 /nothing-of-this-name${end}`)] },
);
nothingFound();
