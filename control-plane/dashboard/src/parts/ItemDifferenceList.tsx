import type { Difference, ItemDifferences } from "../api/queries/promotion";
import { changeWords } from "../text/en/changes";
import styles from "./Changes.module.css";
import { itemName } from "./items";

interface ItemDifferenceListProps {
  item: ItemDifferences;
  from: string; // heads of the columns
  to: string;
}

const written = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function listed({ count, values }: NonNullable<Difference["added"]>): string {
  const shown = values.slice(0, 5).map(written).join(", ");
  return count > 5 ? `${shown} ${changeWords.more_values(count - 5)}` : shown;
}

// Place by place, what one side has and what the other.
export function ItemDifferenceList({ item, from, to }: ItemDifferenceListProps) {
  return (
    <section className={styles.scroll} aria-label={itemName(item)}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{changeWords.difference}</th>
            <th scope="col">{from}</th>
            <th scope="col">{to}</th>
          </tr>
        </thead>
        <tbody>
          {item.differences.map((difference) => (
            <tr key={difference.pointer}>
              <td>
                <code>{difference.pointer}</code>
              </td>
              <td>
                <Side value={difference.from} values={difference.removed} isRemoved />
              </td>
              <td>
                <Side value={difference.to} values={difference.added} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface SideProps {
  value: unknown;
  values: Difference["added"] | undefined;
  isRemoved?: boolean;
}

function Side({ value, values, isRemoved = false }: SideProps) {
  const text = values ? listed(values) : value === undefined ? changeWords.not_there : written(value);
  if (value === undefined && !values) return <span>{text}</span>;
  return isRemoved ? (
    <del>
      <code>{text}</code>
    </del>
  ) : (
    <ins>
      <code>{text}</code>
    </ins>
  );
}
