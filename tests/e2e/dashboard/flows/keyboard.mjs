// Everything without a pointer: in order, with the focus in sight, and back where one was.
import { act, assert, given, inBrowser, to } from "./flow.mjs";

const project = `/${given.org}/${given.project}`;
const found = [];

// What has the focus, and whether one sees that.
const focus = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getBoundingClientRect();
    // A control that is drawn by its label, or inside of its element, is marked there.
    const label = element.closest("label");
    const drawn = [element, element.parentElement, label, ...(label?.querySelectorAll("*") ?? []), ...(element.shadowRoot?.querySelectorAll(".cm-editor") ?? [])];
    const isMarked = drawn.some((one) => {
      const style = one && getComputedStyle(one);
      return style && ((style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none");
    });
    const isInSight = box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth;
    const x = Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 1), window.innerWidth - 1);
    const y = Math.min(Math.max(box.top + box.height / 2, 1), window.innerHeight - 1);
    const over = document.elementFromPoint(x, y);
    const isOnTop = over !== null && (element.contains(over) || over.contains(element) || over.closest("label")?.contains(element));
    const name = element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 40) ?? "";
    return { name: `${element.tagName.toLowerCase()} ${name}`, id: element.id, isMarked, isInSight, isOnTop, text: name };
  });

// The stops of Tab from the top of a page, until they begin anew.
async function stops(page, most = 80) {
  const seen = [];
  for (let i = 0; i < most; i += 1) {
    await page.keyboard.press("Tab");
    const at = await focus(page);
    if (at === null || (seen.length > 0 && at.name === seen[0].name)) break;
    seen.push(at);
  }
  return seen;
}

async function tabTo(page, text, most = 60) {
  for (let i = 0; i < most; i += 1) {
    const at = await focus(page);
    if (at?.text === text) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to ${text}`);
}

// The focus goes back in the frame after the one in which a dialog is gone.
const returnsTo = (page, name) =>
  page.waitForFunction((name) => {
    const element = document.activeElement;
    return (element?.getAttribute("aria-label") ?? element?.textContent?.trim().slice(0, 40)) === name;
  }, name);
const isGone = (page, role) => page.getByRole(role).waitFor({ state: "detached" });

// The button of a menu keeps the focus while the code of its list comes. A press before opens it then, unless one has gone on.
async function listComesLate(page) {
  const you = page.getByRole("button", { name: "You" });
  const isExpanded = async () => (await you.getAttribute("aria-expanded")) === "true";
  for (const goesOn of [true, false]) {
    const { promise: isBrought, resolve: bring } = Promise.withResolvers();
    await page.route(/MenuList-/, (route) => isBrought.then(() => route.continue()));
    await page.goto(to(`${project}/flags`));
    await page.getByRole("row", { name: new RegExp(given.flag) }).waitFor();
    await tabTo(page, "You");
    await page.keyboard.press("Enter");
    assert.ok(await isExpanded());
    if (goesOn) {
      await page.keyboard.press("Tab");
      assert.ok(!(await isExpanded()));
    }
    const list = page.waitForResponse(/MenuList-.*js/);
    bring();
    await (await list).finished();
    await page.unroute(/MenuList-/);
    if (!goesOn) await page.getByRole("menuitem").first().and(page.locator(":focus")).waitFor();
    await page.keyboard.press("Escape");
    await isGone(page, "menu");
    if (!goesOn) await returnsTo(page, "You");
    assert.ok(!(await isExpanded()));
    assert.equal((await focus(page)).text === "You", !goesOn);
  }
}

await inBrowser(async (page) => {
  await page.goto(to(`${project}/flags`));
  await page.getByLabel("E-mail").waitFor();
  await page.getByLabel("E-mail").focus();
  await page.keyboard.type(given.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(given.password);
  await page.keyboard.press("Enter");
  await page.getByRole("row", { name: new RegExp(given.flag) }).waitFor();

  // The first stop leads past the frame.
  await page.reload();
  await page.getByRole("row", { name: new RegExp(given.flag) }).waitFor();
  await page.keyboard.press("Tab");
  const skip = await focus(page);
  assert.ok(skip.isInSight && skip.text === "Skip to the content", JSON.stringify(skip));
  await page.keyboard.press("Enter");
  assert.equal((await focus(page)).id, "content");
  assert.ok(page.url().endsWith("/flags"), page.url());

  // On pages of each kind, each stop is seen, and nothing lies over it.
  const pages = { list: "/flags", flag: `/flags/${given.flag}`, editor: `/flags/${given.flag}/development`, form: "/flags/-/new", play: "/play", compare: "/compare", settings: "/settings" };
  for (const [kind, path] of Object.entries(pages)) {
    await page.goto(to(project + path));
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle");
    for (const stop of await stops(page)) {
      if (!stop.isInSight) found.push(`${kind}: ${stop.name} is out of sight`);
      else if (!stop.isOnTop) found.push(`${kind}: something lies over ${stop.name}`);
      if (!stop.isMarked) found.push(`${kind}: the focus on ${stop.name} is not seen`);
    }
  }
  assert.deepEqual(found, []);

  // The list of keys, and each of those that go to a page.
  await page.goto(to(`${project}/flags`));
  await page.getByRole("row", { name: new RegExp(given.flag) }).waitFor();
  await page.keyboard.press("/");
  await page.getByLabel("Filter flags").waitFor();
  await page.keyboard.press("?"); // in a field it is a character
  assert.equal(await page.getByLabel("Filter flags").inputValue(), "?");
  await page.keyboard.press("Backspace");
  await tabTo(page, "You");
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await help.waitFor();
  const lines = await help.locator("li").evaluateAll((all) =>
    all.map((line) => ({ keys: line.querySelector("kbd").textContent, label: line.firstElementChild.textContent })),
  );
  const going = lines.filter(({ keys }) => /^g .$/.test(keys));
  assert.ok(going.length >= 8, JSON.stringify(lines));
  await page.keyboard.press("Escape");
  await isGone(page, "dialog");
  await returnsTo(page, "You");
  for (const { keys, label } of going) {
    for (const key of keys.split(" ")) await page.keyboard.press(key);
    await page.locator('nav [aria-current="page"]').filter({ hasText: label }).waitFor();
    await page.getByRole("heading", { level: 1 }).first().waitFor();
  }

  // The palette leads to every page of the menu.
  const links = await page.locator("nav a").evaluateAll((all) => all.map((link) => ({ label: link.textContent, path: new URL(link.href).pathname })));
  for (const { label, path } of links) {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search or do" }).fill(`go ${label}`);
    const options = page.getByRole("option");
    await options.first().waitFor();
    const at = await options.evaluateAll((all, [name, first]) => {
      const same = all.map((one, i) => ({ i, text: one.textContent })).filter((one) => one.text.startsWith(name));
      return (same[first] ?? same[0])?.i;
    }, [label, links.filter((one) => one.label === label).findIndex((one) => one.path === path)]);
    assert.notEqual(at, undefined, `the palette does not offer ${label}`);
    for (let i = 0; i < at; i += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === path);
  }

  // The focus goes back to where it was: from the palette, a menu, a dialog.
  await page.goto(to(`${project}/flags`));
  await page.getByRole("row", { name: new RegExp(given.flag) }).waitFor();
  await tabTo(page, "You");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search or do" }).waitFor();
  await page.keyboard.press("Escape");
  await isGone(page, "dialog");
  await returnsTo(page, "You");
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Escape");
  await isGone(page, "menu");
  await returnsTo(page, "You");
  const state = await page.getByRole("row", { name: new RegExp(given.flag) }).getByRole("button", { name: /in production$/ }).getAttribute("aria-label");
  await page.keyboard.press("/");
  await page.keyboard.press("Enter"); // into the list
  await tabTo(page, state);
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").or(page.getByRole("dialog")).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").or(page.getByRole("dialog")).waitFor({ state: "detached" });
  await returnsTo(page, state);
  // Also from a dialog that a menu has opened.
  await tabTo(page, "Views");
  await page.keyboard.press("ArrowUp"); // to the last action
  await page.getByRole("menuitem", { name: "Save as a view" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Save as a view" }).waitFor();
  await page.keyboard.press("Escape");
  await isGone(page, "dialog");
  await returnsTo(page, "Views");

  await listComesLate(page);

  // One-letter keys can be switched off; the others stay.
  act("letters off");
  await page.reload();
  await page.getByRole("row", { name: new RegExp(given.flag) }).waitFor();
  await page.locator("#content").focus();
  await page.keyboard.press("?");
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  assert.equal(await page.getByRole("dialog", { name: "Keyboard" }).count(), 0);
  assert.ok(page.url().endsWith("/flags"), page.url());
});
