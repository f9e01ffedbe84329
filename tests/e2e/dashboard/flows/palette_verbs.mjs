// Every verb of the palette, by keys alone, from a page that has nothing to do with it.
import { assert, given, inBrowser, signIn, to } from "./flow.mjs";

const project = `/${given.org}/${given.project}`;

await inBrowser(
  async (page) => {
    // The page may not read the clipboard, not even for a test.
    await page.addInitScript(() => {
      const write = navigator.clipboard.writeText.bind(navigator.clipboard);
      navigator.clipboard.writeText = (text) => write(text).then(() => void (window.copied = text));
    });
    await signIn(page, `${project}/flags`);
    const says = async (line, option) => {
      await page.goto(to("/-/about"));
      await page.getByRole("heading", { name: "About" }).waitFor();
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Search or do" }).waitFor();
      await page.keyboard.type(line);
      await page.getByRole("option", { name: option, selected: true }).waitFor();
      await page.keyboard.press("Enter");
    };
    const leadsTo = (path) => page.waitForURL((url) => url.pathname === `/ui${path}`);

    await says(given.flag, new RegExp(given.flag));
    await leadsTo(`${project}/flags/${given.flag}`);

    // At once, with Undo, where nothing is asked; after its dialog where the environment is protected.
    await says(`on ${given.flag} dev`, `Turn on ${given.flag} in development`);
    await page.getByText(`${given.flag} is on in development.`).first().waitFor();
    await says(`on ${given.flag} prod`, `Turn on ${given.flag} in production`);
    const dialog = page.getByRole("alertdialog");
    await dialog.locator("button:focus", { hasText: "Turn on in production" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByText(`${given.flag} is on in production.`).first().waitFor();
    await says(`off ${given.flag} dev`, `Turn off ${given.flag} in development`);
    await page.getByText(`${given.flag} is off in development.`).first().waitFor();

    await says(`why ${given.flag} alice`, new RegExp(`alice.*${given.flag}`));
    await page.waitForURL((url) => url.pathname.endsWith("/why"));
    assert.ok(!page.url().split("#")[0].includes("alice")); // no server sees whom it is about

    await says(`promote ${given.flag}`, new RegExp(given.flag));
    await leadsTo(`${project}/compare`);
    await says("new flag Big button", /Big button/);
    await leadsTo(`${project}/flags/-/new`);
    await page.locator('input[value="big-button"]').waitFor();
    await says("new segment Beta testers", /Beta testers/);
    await leadsTo(`${project}/segments/-/new`);
    await says("go audit", /Audit/);
    await leadsTo(`/${given.org}/-/audit`);

    await says(`copy key ${given.flag}`, new RegExp(given.flag));
    await page.getByText("Copied.").first().waitFor();
    assert.equal(await page.evaluate(() => window.copied), given.flag);
    await says(`copy curl ${given.flag}`, new RegExp(given.flag));
    await page.getByText("Copied.").first().waitFor();
    assert.match(await page.evaluate(() => window.copied), new RegExp(`/ofrep/v1/evaluate/flags/${given.flag}`));

    // `env` is about the flag that is shown.
    await page.goto(to(`${project}/flags/${given.flag}`));
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("env stag");
    await page.getByRole("option", { name: /staging/, selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await leadsTo(`${project}/flags/${given.flag}/staging`);
  },
  { permissions: ["clipboard-write"] },
);
