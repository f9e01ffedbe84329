// A prerequisite that needs this flag itself is refused while it is chosen; one that does not, shows its chain.
import { openEditor } from "./editor.mjs";
import { assert, given, inBrowser } from "./flow.mjs";

await inBrowser(async (page) => {
  await openEditor(page, given.flag, { query: "?step=prerequisites" });
  const step = page.locator("#step-prerequisites");
  await step.getByRole("button", { name: "Add a prerequisite" }).click();
  const field = step.getByRole("combobox", { name: "Flag" });
  const choose = async (key) => {
    await field.fill(key);
    await page.getByRole("option", { name: new RegExp(`^${key}`) }).click();
  };
  await choose("cycle-c");
  await step.getByText("cycle-c needs this flag itself.").waitFor();
  assert.equal(await step.getByRole("button", { name: "Add", exact: true }).isDisabled(), true);
  await choose("chain-b");
  await step.getByText("needs this flag itself").waitFor({ state: "detached" });
  await step.getByRole("button", { name: "Add", exact: true }).click();
  await step.getByText(/which needs chain-a\. A chain of 3/).waitFor();
  await step.getByText("Holds at present for everybody").waitFor();
});
