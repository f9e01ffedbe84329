// Every page in each look, with a project that has something of everything.
import { given, inBrowser, to } from "./flow.mjs";
import { examine, follow, inLanes, isDrawn, mirror, nothingFound, signInSomehow, still } from "./looks.mjs";

const before = { setup: "/-/setup#token", signin: "/-/signin" };
const nothing = ["", "/environments", "/flag-index", "/views", "/audit", "/segments"].map((end) => `404 /nothing-of-this-name${end}`);

async function beforeSigningIn(page, looks) {
  for (const [name, path] of Object.entries(before)) {
    await page.goto(to(path));
    await isDrawn(page);
    await examine(page, name, looks);
  }
}

async function palette(page, looks) {
  await follow(page, given.places.flags);
  await page.getByRole("row").nth(1).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("listbox").waitFor();
  await examine(page, "palette", looks);
}

async function all(pages, looks) {
  await beforeSigningIn(pages[0], looks);
  await inLanes(pages, Object.entries(given.places), signInSomehow, async (page, [name, path]) => {
    await follow(page, path);
    await examine(page, name, looks);
  });
  await palette(pages[0], looks);
}

await inBrowser(
  async (page, open) => {
    const mirrored = await open();
    await mirror(mirrored);
    await Promise.all([all([page, await open()], ["light", "narrow", "wide"]), all([mirrored], ["rtl"])]);
  },
  { ...still, allowed: ["401 /auth/me", ...nothing] },
);
nothingFound();
