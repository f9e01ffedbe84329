import { Suspense } from "react";
import type { Place } from "../../api/queries/flags";
import type { Environment } from "../../api/queries/projects";
import type { ItemDifferences, PromotionPart } from "../../api/queries/promotion";
import { partNames } from "../../parts/item_sentence";
import { itemId } from "../../parts/items";
import { useShortcuts } from "../../parts/keyboard";
import { useOffer } from "../../parts/session";
import { isCareful } from "../../parts/toggle";
import { WhyNot } from "../../parts/WhyNot";
import type { SearchOf } from "../../search";
import { compareWords } from "../../text/en/compare";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { later } from "../../ui/later";
import { Banner } from "../../ui/States";
import { Checkbox } from "../../ui/Switch";
import styles from "./Compare.module.css";
import { promoteAtOnce } from "./promote";
import type { schema } from "./search";
import { most, promotionOf, selectedItems } from "./select";

const PromoteDialog = later(() => import("./PromoteDialog"));

interface PromotionProps {
  place: Place;
  from: string;
  target: Environment | undefined;
  version: string; // of the source, as it was compared
  items: readonly ItemDifferences[];
  selected: ReadonlySet<string>;
  search: SearchOf<typeof schema>;
  onChange: (changes: SearchOf<typeof schema>) => void;
}

// What is taken over of the selection: at once where nothing is asked, else by its review.
export function Promotion({ place, from, target, version, items, selected, search, onChange }: PromotionProps) {
  const to = target?.key ?? "";
  const offered = useOffer()("promote", place.org, place.project, target);
  const chosen = selectedItems(items, selected);
  const others = [...selected].filter((id) => !items.some((item) => itemId(item) === id));
  const parts = (search.parts ?? []).filter((part): part is PromotionPart => partNames.some((name) => name === part));
  const mayPromote = offered.kind !== "denied" && chosen.length > 0 && chosen.length <= most;
  const start = () => {
    if (target === undefined || !mayPromote) return;
    if (isCareful(target) || offered.kind !== "allowed") return onChange({ promote: "1" });
    const input = promotionOf(from, version, chosen.map(itemId), parts, false);
    void promoteAtOnce(place, to, input).then((isDone) => onChange(isDone ? { sel: undefined } : { promote: "1" }));
  };
  useShortcuts({ p: mayPromote ? start : undefined });
  const setPart = (part: PromotionPart, isOn: boolean) => {
    const held = parts.length === 0 ? partNames : parts;
    const next = isOn ? [...held, part] : held.filter((one) => one !== part);
    onChange({ parts: next.length === 0 || next.length === partNames.length ? undefined : next });
  };
  return (
    <section aria-label={compareWords.promote} className={styles.promotion}>
      <fieldset className={styles.parts}>
        <legend>{compareWords.parts_title}</legend>
        {partNames.map((part) => (
          <Checkbox
            key={part}
            isOn={parts.length === 0 || parts.includes(part)}
            onChange={(isOn) => setPart(part, isOn)}
          >
            {compareWords.parts[part]}
          </Checkbox>
        ))}
      </fieldset>
      {offered.kind !== "denied" && (
        <Button kind="primary" keys="p" isDisabled={!mayPromote} onPress={start}>
          {offered.kind === "allowed"
            ? compareWords.promote_to(chosen.length, to)
            : compareWords.ask_to_promote(chosen.length, to)}
        </Button>
      )}
      {offered.kind === "denied" && target && (
        <WhyNot action="promote" place={target.name || to} isProtected={target.protected} />
      )}
      {chosen.length > most && <Banner tone="danger">{compareWords.at_most(most)}</Banner>}
      {others.length > 0 && <Banner tone="info">{compareWords.gone(list(others))}</Banner>}
      {search.promote === "1" && target && offered.kind !== "denied" && chosen.length > 0 && (
        <Suspense>
          <PromoteDialog
            place={place}
            from={from}
            target={target}
            offered={offered}
            version={version}
            ids={chosen.map(itemId)}
            parts={parts}
            onClose={(isDone) => onChange({ promote: undefined, ...(isDone ? { sel: undefined } : {}) })}
          />
        </Suspense>
      )}
    </section>
  );
}
