import { useRouterState } from "@tanstack/react-router";
import { Fragment } from "react";
import { Link } from "../../parts/Link";
import { type RouterContext, useMenu } from "../../parts/page";
import { useMay, usePlace } from "../../parts/session";
import { frameWords } from "../../text/en/frame";
import { Icon } from "../../ui/Icon";
import styles from "./Frame.module.css";

type Entry = RouterContext["menu"][number];

export const fill = (path: string, org: string, project: string) =>
  path.replace("$org", encodeURIComponent(org)).replace("$project", encodeURIComponent(project));

export interface Held {
  address: string; // of the entry
  begin: string; // of the addresses of its pages
}

// Of the entries, that which the page belongs to: the longest beginning of its address.
export function currentEntry(held: readonly Held[], path: string): string | undefined {
  return held
    .filter(({ begin }) => path === begin || path.startsWith(`${begin}/`))
    .sort((a, b) => b.begin.length - a.begin.length)[0]?.address;
}

export function Rail({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { org, project } = usePlace();
  const may = useMay();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const menu = useMenu().filter(
    (entry) =>
      org !== "" &&
      !entry.isInPaletteOnly &&
      (entry.group === "organisation" || project !== "") &&
      (!entry.permission || may(entry.permission, org, entry.group === "project" ? project : undefined)),
  );
  const address = (entry: Entry) => fill(entry.path, org, project);
  const held = menu.flatMap((entry) =>
    [entry.path, ...(entry.holds ?? [])].map((begin) => ({
      address: address(entry),
      begin: fill(begin, org, project),
    })),
  );
  const current = currentEntry(held, path);
  const groups = (["project", "organisation"] as const).filter((group) => menu.some((entry) => entry.group === group));
  return (
    <nav
      id="menu"
      aria-label={frameWords.menu}
      className={styles.rail}
      data-open={isOpen || undefined}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      {groups.map((group) => (
        <Fragment key={group}>
          <p className={styles.group}>{group === "project" ? frameWords.project : frameWords.organisation}</p>
          {menu
            .filter((entry) => entry.group === group)
            .map((entry) => (
              <Link
                key={entry.path}
                to={address(entry)}
                className={styles.entry}
                isCurrent={address(entry) === current}
              >
                <Icon name={entry.icon} />
                <span className={styles.label}>{entry.label}</span>
              </Link>
            ))}
        </Fragment>
      ))}
    </nav>
  );
}
