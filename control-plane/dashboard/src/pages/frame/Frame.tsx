// What every page but those before signing in stands in: the bar at the top, the menu at the side, messages.
import { Outlet, useRouterState } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, useState } from "react";
import { useEarlyKeys } from "../../parts/early_keys";
import { useShortcuts } from "../../parts/keyboard";
import { lastProject } from "../../parts/last_project";
import { useLiveStream } from "../../parts/live";
import { keepLook } from "../../parts/look";
import { useGo, useKeys, useMenu } from "../../parts/page";
import { useSamePerson } from "../../parts/same_person";
import { accessTo, useContact, useMe, usePlace, usePreferences, useProbe } from "../../parts/session";
import { words } from "../../text/en";
import { frameWords } from "../../text/en/frame";
import { setTimeZone } from "../../text/format";
import { later } from "../../ui/later";
import { Offline } from "../../ui/States";
import { Toasts } from "../../ui/Toasts";
import styles from "./Frame.module.css";
import { fill, Rail } from "./Rail";
import { TopBar } from "./TopBar";

const loadPalette = () => import("../palette/Palette");
const Palette = later(loadPalette);
const KeyHelp = later(() => import("./KeyHelp"));
const NeedsFactor = later(() => import("./NeedsFactor"));
const SignedOut = later(() => import("./SignedOut"));

// No link to a fragment: it would lead to the page's <base>, and what stands in a fragment already would be lost.
const skip = () => document.getElementById("content")?.focus();

// What had the focus may have gone with the page before: then the next key goes on in the new one, and not at the top of the frame.
function useFocusInPage(): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    const isAnother = before.current !== undefined && before.current !== path;
    before.current = path;
    if (isAnother && document.activeElement === document.body)
      document.getElementById("content")?.focus({ preventScroll: true });
  }, [path]);
}

export default function Frame() {
  const { org, project } = usePlace();
  const [over, setOver] = useState<"palette" | "keys">();
  const go = useGo();
  const menu = useMenu();
  const contact = useContact();
  const lacksFactor = accessTo(useMe(), useKeys().org)?.lacks_second_factor ?? false;
  const preferences = usePreferences();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useLiveStream(org);
  useSamePerson();
  useEffect(() => keepLook(preferences), [preferences]);
  useEffect(() => {
    if (project !== "") lastProject.keep(org, project);
  }, [org, project]);
  const going = menu
    .filter((entry) => entry.key && org !== "" && (entry.group === "organisation" || project !== ""))
    .map((entry) => [`g ${entry.key}`, () => go(fill(entry.path, org, project))] as const);
  useShortcuts({
    ...Object.fromEntries(going),
    "Ctrl+k": () => setOver("palette"),
    "?": () => setOver("keys"),
  });
  useProbe();
  useFocusInPage();
  const early = useEarlyKeys(over === "palette");
  setTimeZone(preferences.timeZone);
  useEffect(() => void loadPalette().catch(() => undefined), []); // it answers the first key
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => setMenuOpen(false), [path]);

  return (
    <div className={styles.frame}>
      <button type="button" className={styles.skip} onClick={skip}>
        {words.skip}
      </button>
      <TopBar onMenu={() => setMenuOpen(!isMenuOpen)} isMenuOpen={isMenuOpen} onSearch={() => setOver("palette")} />
      <Rail isOpen={isMenuOpen} onClose={() => setMenuOpen(false)} />
      <main id="content" tabIndex={-1} className={styles.main}>
        {contact.lostAt !== null && <Offline since={contact.lostAt} />}
        {lacksFactor ? (
          <Suspense>
            <NeedsFactor />
          </Suspense>
        ) : (
          <Outlet />
        )}
      </main>
      <Toasts label={frameWords.notifications} />
      <Suspense>
        {over === "palette" && <Palette takeEarly={early} onClose={() => setOver(undefined)} />}
        {over === "keys" && <KeyHelp onClose={() => setOver(undefined)} />}
        {contact.isSignedOut && <SignedOut />}
      </Suspense>
    </div>
  );
}
