import { assert, given, inBrowser, signIn } from "./flow.mjs";

const audit = async (page) => {
  await page.locator("#content").focus();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
};

await inBrowser(
  async (page) => {
    let loads = 0;
    page.on("load", () => (loads += 1));
    let isGone = () => true;
    await page.route(/\/assets\/Audit-[^/]*\.js$/, (route) => (isGone() ? route.fulfill({ status: 404 }) : route.continue()));
    await signIn(page, `/${given.org}/${given.project}/flags/${given.flag}/development`);
    await page.getByText("The flag is on").click();
    await page.getByText("1 change").waitFor();

    // The page's own version of a file is gone; the new page asks for its own. The draft is where it was.
    const before = loads;
    isGone = () => loads === before;
    await audit(page);
    await page.getByRole("heading", { name: "Audit", level: 1 }).waitFor();
    assert.equal(loads, before + 1);
    await page.goBack();
    await page.getByText("1 change").waitFor();
  },
  { allowed: ["401 /auth/me", "404 .js"] },
);

await inBrowser(
  async (page) => {
    let loads = 0;
    page.on("load", () => (loads += 1));
    await page.route(/\/assets\/Audit-[^/]*\.js$/, (route) => route.fulfill({ status: 404 }));
    await signIn(page, `/${given.org}/${given.project}/flags`);
    await page.getByRole("row", { name: new RegExp(given.flag) }).waitFor();

    // A file that the new page does not get either is said, and the page does not load itself for ever.
    const before = loads;
    await audit(page);
    await page.getByText("This page could not be drawn").waitFor();
    assert.equal(loads, before + 1);
    await page.unroute(/\/assets\/Audit-[^/]*\.js$/);
    await page.getByRole("button", { name: "Retry" }).click();
    await page.getByRole("heading", { name: "Audit", level: 1 }).waitFor();
  },
  { allowed: ["401 /auth/me", "404 .js"], said: ["GoneError"] },
);
