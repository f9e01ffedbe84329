// Long keys, 30 environments and 100 variations, narrow, wide, and from right to left: nothing sticks out.
import { given, inBrowser } from "./flow.mjs";
import { examine, follow, inLanes, mirror, nothingFound, signInSomehow, still } from "./looks.mjs";

const all = (page, looks) =>
  inLanes([page], Object.entries(given.places), signInSomehow, async (page, [name, path]) => {
    await follow(page, path);
    await examine(page, `large-${name}`, looks, { deep: ["narrow"] });
  });

await inBrowser(async (page, open) => {
  const mirrored = await open();
  await mirror(mirrored);
  await Promise.all([all(page, ["light", "narrow", "wide"]), all(mirrored, ["rtl"])]);
}, still);
nothingFound();
