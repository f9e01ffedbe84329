import { type ReactNode, useLayoutEffect, useRef } from "react";
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from "react-aria-components";
import styles from "./Tabs.module.css";

export interface TabLink {
  id: string;
  label: string;
  href: string;
  count?: number;
}

const middleOf = (one: Element): number => {
  const { left, right } = one.getBoundingClientRect();
  return (left + right) / 2;
};

// The parts of a page that have an address each are links, so that they can be opened beside each other.
export function TabLinks({
  label,
  tabs,
  current,
  renderLink,
}: {
  label: string;
  tabs: readonly TabLink[];
  current: string;
  renderLink: (tab: TabLink, className: string, inside: ReactNode) => ReactNode;
}) {
  const nav = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the current tab is seen, however narrow the window is
  useLayoutEffect(() => {
    const tab = nav.current?.querySelector("[aria-current]");
    if (nav.current && tab) nav.current.scrollLeft += middleOf(tab) - middleOf(nav.current);
  }, [current]);
  return (
    <nav ref={nav} aria-label={label} className={styles.tabs}>
      {tabs.map((tab) =>
        renderLink(
          tab,
          `${styles.tab} ${tab.id === current ? styles.current : ""}`,
          <>
            {tab.label}
            {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
          </>,
        ),
      )}
    </nav>
  );
}

// Views of one thing on the same page.
export function Tabs({
  label,
  tabs,
  value,
  onChange,
  children,
}: {
  label: string;
  tabs: readonly { id: string; label: string }[];
  value: string;
  onChange: (id: string) => void;
  children: ReactNode;
}) {
  return (
    <AriaTabs selectedKey={value} onSelectionChange={(key) => onChange(String(key))}>
      <TabList aria-label={label} className={styles.tabs ?? ""}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className={styles.tab ?? ""}>
            {tab.label}
          </Tab>
        ))}
      </TabList>
      <TabPanel id={value} className={styles.panel ?? ""}>
        {children}
      </TabPanel>
    </AriaTabs>
  );
}
