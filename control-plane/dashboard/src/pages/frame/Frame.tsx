// What every page but those before signing in stands in: the bar at the top, the menu at the side, messages.
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useLiveStream } from "../../parts/live";
import { keepLook } from "../../parts/look";
import { useKeys } from "../../parts/page";
import { useContact, usePreferences } from "../../parts/session";
import { words } from "../../text/en";
import { frameWords } from "../../text/en/frame";
import { setTimeZone } from "../../text/format";
import { Offline } from "../../ui/States";
import { Toasts } from "../../ui/Toasts";
import styles from "./Frame.module.css";
import { Rail } from "./Rail";
import { SignedOut } from "./SignedOut";
import { TopBar } from "./TopBar";

export default function Frame() {
  const { org } = useKeys();
  const contact = useContact();
  const preferences = usePreferences();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useLiveStream(org);
  useEffect(() => keepLook(preferences), [preferences]);
  setTimeZone(preferences.timeZone);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the menu
  useEffect(() => setMenuOpen(false), [path]);

  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        {words.skip}
      </a>
      <TopBar onMenu={() => setMenuOpen(!isMenuOpen)} isMenuOpen={isMenuOpen} />
      <Rail isOpen={isMenuOpen} onClose={() => setMenuOpen(false)} />
      <main id="content" tabIndex={-1} className={styles.main}>
        {contact.lostAt !== null && <Offline since={contact.lostAt} />}
        <Outlet />
      </main>
      <Toasts label={frameWords.notifications} />
      {contact.isSignedOut && <SignedOut />}
    </div>
  );
}
