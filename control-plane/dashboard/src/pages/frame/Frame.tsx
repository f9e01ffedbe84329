// What every page but those before signing in stands in: the bar at the top, the menu at the side, messages.
import { Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useEarlyKeys } from "../../parts/early_keys";
import { useShortcuts } from "../../parts/keyboard";
import { lastProject } from "../../parts/last_project";
import { useLiveStream } from "../../parts/live";
import { keepLook } from "../../parts/look";
import { useGo, useMenu } from "../../parts/page";
import { useContact, usePlace, usePreferences } from "../../parts/session";
import { words } from "../../text/en";
import { frameWords } from "../../text/en/frame";
import { setTimeZone } from "../../text/format";
import { Offline } from "../../ui/States";
import { Toasts } from "../../ui/Toasts";
import styles from "./Frame.module.css";
import { fill, Rail } from "./Rail";
import { TopBar } from "./TopBar";

const loadPalette = () => import("../palette/Palette");
const Palette = lazy(loadPalette);
const KeyHelp = lazy(() => import("./KeyHelp"));
const SignedOut = lazy(() => import("./SignedOut"));

export default function Frame() {
  const { org, project } = usePlace();
  const [over, setOver] = useState<"palette" | "keys">();
  const go = useGo();
  const menu = useMenu();
  const contact = useContact();
  const preferences = usePreferences();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useLiveStream(org);
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
  const early = useEarlyKeys(over === "palette");
  setTimeZone(preferences.timeZone);
  useEffect(() => void loadPalette().catch(() => undefined), []); // it answers the first key
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => setMenuOpen(false), [path]);

  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        {words.skip}
      </a>
      <TopBar onMenu={() => setMenuOpen(!isMenuOpen)} isMenuOpen={isMenuOpen} onSearch={() => setOver("palette")} />
      <Rail isOpen={isMenuOpen} onClose={() => setMenuOpen(false)} />
      <main id="content" tabIndex={-1} className={styles.main}>
        {contact.lostAt !== null && <Offline since={contact.lostAt} />}
        <Outlet />
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
