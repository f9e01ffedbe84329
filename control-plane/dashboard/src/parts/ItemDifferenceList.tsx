import type { Difference, ItemDifferences } from "../api/queries/promotion";
import type { Json } from "../model/index";
import { changeWords } from "../text/en/changes";
import styles from "./Changes.module.css";
import { itemName } from "./items";
import { written } from "./written";

interface ItemDifferenceListProps {
  item: ItemDifferences;
  from: string; // what the two sides are
  to: string;
}

function listed({ count, values }: NonNullable<Difference["added"]>): string {
  const shown = values.slice(0, 5).map((value) => written(value as Json));
  return count > 5 ? `${shown.join(", ")} ${changeWords.more_values(count - 5)}` : shown.join(", ");
}

// Place by place, what one side has and what the other.
export function ItemDifferenceList({ item, from, to }: ItemDifferenceListProps) {
  return (
    <dl className={styles.differences} aria-label={itemName(item)}>
      {item.differences.map((difference) => (
        <div key={difference.pointer} className={styles.difference}>
          <dt>
            <code>{difference.pointer}</code>
          </dt>
          <dd>
            <span className="visually-hidden">{from}: </span>
            <del>
              <Side value={difference.from} values={difference.removed} />
            </del>
          </dd>
          <dd>
            <span className="visually-hidden">{to}: </span>
            <ins>
              <Side value={difference.to} values={difference.added} />
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

// The two sides of the lists below, once for all of them.
export function Sides({ from, to }: Pick<ItemDifferenceListProps, "from" | "to">) {
  return (
    <p className={styles.sides} aria-hidden>
      <del>{from}</del> <ins>{to}</ins>
    </p>
  );
}

function Side({ value, values }: { value: unknown; values: Difference["added"] | undefined }) {
  if (values) return <code>{listed(values)}</code>;
  return value === undefined ? changeWords.not_there : <code>{written(value as Json)}</code>;
}
