import { useState } from "react";
import type { Place } from "../../api/queries/flags";
import type { ItemDifferences } from "../../api/queries/promotion";
import { itemId } from "../../parts/items";
import { useShortcuts } from "../../parts/keyboard";
import { Muted } from "../../parts/PageHead";
import { compareWords } from "../../text/en/compare";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/States";
import { Checkbox } from "../../ui/Switch";
import styles from "./Compare.module.css";
import { ItemRow } from "./ItemRow";

interface DifferenceListProps {
  place: Place;
  from: string;
  to: string;
  items: readonly ItemDifferences[];
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  open: string | undefined;
  onOpen: (item: string | undefined) => void;
  onAll: () => void;
}

const step = 200;

export function DifferenceList(props: DifferenceListProps) {
  const { place, from, to, items, selected, onSelect, open, onOpen, onAll } = props;
  const [count, setCount] = useState(step);
  const [active, setActive] = useState(-1);
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const move = (by: number) => {
    const next = Math.min(Math.min(items.length, count) - 1, Math.max(0, active + by));
    setActive(next);
    const item = items[next];
    if (item) document.getElementById(`item-${itemId(item)}`)?.focus();
  };
  const current = items[active];
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    x: current ? () => toggle(itemId(current)) : undefined,
    "Shift+X": onAll,
  });
  if (items.length === 0)
    return <Empty title={compareWords.nothing_differs} detail={compareWords.nothing_differs_detail(from, to)} />;
  const isAll = items.every((item) => selected.has(itemId(item)));
  return (
    <section aria-label={compareWords.list} className={styles.list}>
      <div className={styles.listHead}>
        <Checkbox isOn={isAll} isSome={!isAll && selected.size > 0} onChange={onAll}>
          {compareWords.select_all}
        </Checkbox>
        <Muted>{compareWords.differ(items.length)}</Muted>
      </div>
      <ul className={styles.items}>
        {items.slice(0, count).map((item, index) => {
          const id = itemId(item);
          return (
            <ItemRow
              key={id}
              place={place}
              from={from}
              to={to}
              item={item}
              isSelected={selected.has(id)}
              isActive={index === active}
              isOpen={open === id}
              onSelect={() => toggle(id)}
              onOpen={() => onOpen(open === id ? undefined : id)}
              onActive={() => setActive(index)}
            />
          );
        })}
      </ul>
      {items.length > count && (
        <Button onPress={() => setCount(count + step)}>
          {compareWords.more(Math.min(step, items.length - count))}
        </Button>
      )}
    </section>
  );
}
