import { useQuery } from "@tanstack/react-query";
import { flagConfigQuery } from "../../api/queries/flag_config";
import type { Place } from "../../api/queries/flags";
import type { ItemDifferences } from "../../api/queries/promotion";
import type { Json } from "../../model/index";
import { ItemDifferenceList } from "../../parts/ItemDifferenceList";
import { partWords } from "../../parts/item_sentence";
import { isSegment, itemId, itemName, itemPath } from "../../parts/items";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Muted } from "../../parts/PageHead";
import { StateDifference } from "../../parts/StateDifference";
import { changeWords } from "../../text/en/changes";
import { compareWords } from "../../text/en/compare";
import { Icon } from "../../ui/Icon";
import { Checkbox } from "../../ui/Switch";
import styles from "./Compare.module.css";

interface ItemRowProps {
  place: Place;
  from: string;
  to: string;
  item: ItemDifferences;
  isSelected: boolean;
  isActive: boolean;
  isOpen: boolean;
  onSelect: () => void;
  onOpen: () => void;
  onActive: () => void;
}

export function ItemRow(props: ItemRowProps) {
  const { place, from, to, item, isSelected, isActive, isOpen, onSelect, onOpen, onActive } = props;
  const name = itemName(item);
  return (
    <li className={styles.item} data-active={isActive || undefined}>
      <div className={styles.row}>
        <Checkbox label={compareWords.select(name)} isOn={isSelected} onChange={onSelect} />
        <div className={styles.words}>
          <span>
            <Link to={itemPath(place.org, place.project, to, item)}>
              <code>{name}</code>
            </Link>{" "}
            {isSegment(item) && <Muted>{compareWords.segment}</Muted>}
          </span>
          <Muted>
            {partWords(item)} · {changeWords.differences(item.differences.length)}
          </Muted>
        </div>
        <button
          id={`item-${itemId(item)}`}
          type="button"
          className={styles.open}
          aria-expanded={isOpen}
          aria-label={compareWords.open(name)}
          onClick={onOpen}
          onFocus={onActive}
        >
          <Icon name={isOpen ? "down" : "forward"} />
        </button>
      </div>
      {isOpen && (
        <div className={styles.detail}>
          {item.flag === undefined ? (
            <ItemDifferenceList item={item} from={from} to={to} />
          ) : (
            <FlagDifference place={place} flag={item.flag} from={from} to={to} />
          )}
        </div>
      )}
    </li>
  );
}

// Both configurations in full: the sentences say what promoting would change in the target.
function FlagDifference({ place, flag, from, to }: { place: Place; flag: string; from: string; to: string }) {
  const source = useQuery(flagConfigQuery(place, flag, from));
  const target = useQuery(flagConfigQuery(place, flag, to));
  return (
    <Load query={source} rows={3}>
      {(now) => (
        <Load query={target} rows={3}>
          {(held) => (
            <>
              <Muted>{compareWords.would_become(to)}</Muted>
              <StateDifference label={flag} states={{ before: configOf(held.value), after: configOf(now.value) }} />
            </>
          )}
        </Load>
      )}
    </Load>
  );
}

// Without what belongs to the one environment alone.
function configOf(value: unknown): Json {
  const { enabled, off, prerequisites, targets, rules, fallthrough } = value as Record<string, Json>;
  return { enabled, off, prerequisites, targets, rules, fallthrough } as Json;
}
