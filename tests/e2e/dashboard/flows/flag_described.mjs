// What a flag is for stands on its page, with its tags and its owner; addresses in it are links that tell nothing of the page, and a
// word without an end is wrapped.
import { assert, given, inBrowser, signIn } from "./flow.mjs";
import { howFarOut } from "./looks.mjs";

await inBrowser(async (page) => {
  await signIn(page, `/${given.org}/${given.project}/flags/${given.flag}`);
  await page.getByText("#checkout").waitFor();
  await page.getByText("owned by web-team").waitFor();
  const link = page.getByRole("link", { name: given.link, exact: true });
  await link.waitFor();
  assert.equal(await link.getAttribute("href"), given.link);
  assert.match(await link.getAttribute("rel"), /noopener/);
  assert.equal(await page.getByRole("link", { name: "javascript" }).count(), 0);
  const text = page.getByRole("paragraph").filter({ hasText: given.link });
  assert.equal(await text.innerText(), given.description);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 });
    assert.equal((await page.evaluate(howFarOut)) || "", "");
  }
});
