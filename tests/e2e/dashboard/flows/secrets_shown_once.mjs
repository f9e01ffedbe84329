import { given, inBrowser, isForgotten, signIn, takeSecret, to } from "./flow.mjs";

const shown = [
  { path: "/-/me/tokens", open: "New personal token", label: "Name", text: "report", make: "Create", form: /fan_pat_\w{20}/ },
  { path: `/${given.org}/-/tokens`, open: "New service token", label: "Name", text: "ci", make: "Create", form: /fan_svc_\w{20}/ },
  {
    path: `/${given.org}/-/members`,
    open: "Invite",
    label: "E-mail",
    text: "invited@example.com",
    make: "Make the link",
    form: /setup#[\w-]{20}/,
    done: "I have sent it",
  },
];

await inBrowser(async (page) => {
  await signIn(page, "/-/about");
  for (const { path, open, label, text, make, form, done } of shown) {
    await page.goto(to(path));
    await page.getByRole("button", { name: open, exact: true }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(label).fill(text);
    await dialog.getByRole("button", { name: make, exact: true }).click();
    const secret = (await takeSecret(page, form, done)).slice(-20);
    await dialog.waitFor({ state: "detached" });
    await page.getByText(text).first().waitFor();
    await isForgotten(page, secret);
    await page.goBack();
    await page.goForward();
    await page.getByText(text).first().waitFor();
    await isForgotten(page, secret);
  }
});
