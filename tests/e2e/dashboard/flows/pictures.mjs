// The pictures of docs/dashboard.md: the main pages, in light and dark.
import { mkdirSync, statSync } from "node:fs";
import { assert, given, inBrowser, to } from "./flow.mjs";
import { isDrawn, signInSomehow } from "./looks.mjs";

const largest = 120 * 1024; // bytes; they are in the repository
const size = { width: 1024, height: 640 };

mkdirSync(given.folder, { recursive: true });
await inBrowser(
  async (page) => {
    await page.clock.setFixedTime(new Date(given.now));
    await signInSomehow(page);
    for (const name of given.pictures) {
      await page.goto(to(given.places[name]));
      await isDrawn(page);
      await page.waitForLoadState("networkidle");
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        const path = `${given.folder}/${name}-${colorScheme}.png`;
        await page.screenshot({ path, animations: "disabled", caret: "hide" });
        assert.ok(statSync(path).size <= largest, `${path}: ${statSync(path).size} bytes`);
      }
    }
  },
  { viewport: size, reducedMotion: "reduce" },
);
