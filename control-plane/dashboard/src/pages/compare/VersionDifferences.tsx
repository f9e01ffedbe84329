import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { rulesetQuery } from "../../api/queries/exact";
import type { Place } from "../../api/queries/flags";
import { Load } from "../../parts/Load";
import { Muted } from "../../parts/PageHead";
import { StateDifference } from "../../parts/StateDifference";
import { versionNumber } from "../../parts/standing";
import { compareWords } from "../../text/en/compare";
import { Icon } from "../../ui/Icon";
import { Empty } from "../../ui/States";
import styles from "./Compare.module.css";
import { type Differing, differing, type Side } from "./sides";

interface VersionDifferencesProps {
  place: Place;
  from: Side;
  to: Side;
  open: string | undefined;
  onOpen: (item: string | undefined) => void;
}

const nameOf = ({ env, version }: Side): string =>
  version === undefined ? compareWords.now(env) : compareWords.at_version(env, versionNumber(version));

// What two versions served differently. Past ones are read, not promoted: that is what rolling back is for.
export function VersionDifferences({ place, from, to, open, onOpen }: VersionDifferencesProps) {
  const before = useQuery(rulesetQuery(place, from.env, [], from.version));
  const after = useQuery(rulesetQuery(place, to.env, [], to.version));
  return (
    <Load query={before} rows={8}>
      {(old) => (
        <Load query={after} rows={8}>
          {(now) => <Items old={old} now={now} from={nameOf(from)} to={nameOf(to)} open={open} onOpen={onOpen} />}
        </Load>
      )}
    </Load>
  );
}

interface ItemsProps extends Pick<VersionDifferencesProps, "open" | "onOpen"> {
  old: string;
  now: string;
  from: string;
  to: string;
}

function Items({ old, now, from, to, open, onOpen }: ItemsProps) {
  const items = useMemo(() => differing(old, now), [old, now]);
  if (items.length === 0)
    return <Empty title={compareWords.nothing_differs} detail={compareWords.nothing_between(from, to)} />;
  return (
    <section aria-label={compareWords.list} className={styles.list}>
      <Muted>{compareWords.between(from, to)}</Muted>
      <ul className={styles.items}>
        {items.map((item) => (
          <Item key={item.id} item={item} isOpen={open === item.id} onOpen={onOpen} />
        ))}
      </ul>
    </section>
  );
}

const said = ({ before, after }: Differing): string =>
  before === null ? compareWords.only_after : after === null ? compareWords.only_before : compareWords.differs_between;

function Item({ item, isOpen, onOpen }: { item: Differing; isOpen: boolean; onOpen: ItemsProps["onOpen"] }) {
  return (
    <li className={styles.item}>
      <div className={styles.row}>
        <div className={styles.words}>
          <code>{item.id.replace("segment/", "")}</code>
          <Muted>{said(item)}</Muted>
        </div>
        <button
          type="button"
          className={styles.open}
          aria-expanded={isOpen}
          aria-label={compareWords.open(item.id)}
          onClick={() => onOpen(isOpen ? undefined : item.id)}
        >
          <Icon name={isOpen ? "down" : "forward"} />
        </button>
      </div>
      {isOpen && (
        <div className={styles.detail}>
          <StateDifference label={item.id} states={{ before: item.before, after: item.after }} />
        </div>
      )}
    </li>
  );
}
