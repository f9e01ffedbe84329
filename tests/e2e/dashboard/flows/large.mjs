// Long keys, 30 environments and 100 variations, narrow, wide, and from right to left: nothing sticks out.
import { given, inBrowser, to } from "./flow.mjs";
import { keepLook, looks, nothingFound, signInSomehow, visit } from "./looks.mjs";

for (const name of ["narrow", "light", "wide", "rtl"]) {
  const { look, ...options } = looks[name];
  await inBrowser(
    async (page) => {
      await keepLook(page, look);
      await page.goto(to("/-/signin"));
      await signInSomehow(page);
      for (const [place, path] of Object.entries(given.places)) await visit(page, path, `large-${place}-${name}`, { deep: name === "narrow" });
    },
    options,
  );
}
nothingFound();
