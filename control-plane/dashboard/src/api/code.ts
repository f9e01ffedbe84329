// What is done when code does not come. While nothing answers, the page stays, because loading it again would leave nothing: it asks
// until something answers. A file that is gone although the control plane answers belonged to the version before an upgrade: then
// the page loads itself again, but not twice in a row, for replicas of two versions may answer in turn.
import { contactStore } from "./contact";
import { GoneError } from "./errors";

export interface World {
  answers: () => Promise<boolean>; // whether the pages are served
  pause: () => Promise<void>;
  reload: () => boolean; // false: it has been done just now
}

const always = () => true;

export async function patiently<T>(load: () => Promise<T>, world: World, isNeeded = always): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      if (!isNeeded()) throw error;
      if (await world.answers()) {
        if (!world.reload()) throw new GoneError("a file of the page is gone", { cause: error });
        return new Promise<T>(() => undefined);
      }
      do await world.pause();
      while (!(await world.answers()));
    }
  }
}

const askEvery = 2_000;
const reloadEvery = 60_000;
const reloadedAt = "fanion-reloaded-at";

const here: World = {
  async answers() {
    try {
      const { ok } = await fetch(document.baseURI, { cache: "no-store" });
      if (ok) contactStore.answered();
      else contactStore.lost();
      return ok;
    } catch {
      contactStore.lost();
      return false;
    }
  },
  pause: () => new Promise((resolve) => setTimeout(resolve, askEvery)),
  reload() {
    if (Date.now() - Number(sessionStorage.getItem(reloadedAt)) < reloadEvery) return false;
    sessionStorage.setItem(reloadedAt, String(Date.now()));
    window.location.reload();
    return true;
  },
};

export const untilItComes = <T>(load: () => Promise<T>, isNeeded?: () => boolean): Promise<T> =>
  patiently(load, here, isNeeded);
