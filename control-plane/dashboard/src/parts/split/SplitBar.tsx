import { barOf, percentOfSlots, type SlotPlan, type Variation } from "../../model/index";
import { splitWords } from "../../text/en/split";
import styles from "./Split.module.css";
import { colourOf, isPatterned } from "./variation";

const slots = 100_000;

interface SplitBarProps {
  variations: readonly Variation[];
  before?: SlotPlan | undefined; // shown above, where it differs
  plan: SlotPlan;
}

// All slots from 0 to 100 %, as the ranges have them; before above after.
export function SplitBar({ variations, before, plan }: SplitBarProps) {
  const names = [...new Set(barOf(plan).map((stretch) => stretch.variation))];
  return (
    <div className={styles.bars}>
      {before && <Row label={splitWords.before} variations={variations} plan={before} />}
      <Row label={before ? splitWords.after : splitWords.now} variations={variations} plan={plan} />
      <div className={styles.legend}>
        {names.map((name) => (
          <VariationName key={name ?? ""} variations={variations} name={name} />
        ))}
      </div>
    </div>
  );
}

export function VariationName({ variations, name }: { variations: readonly Variation[]; name: string | null }) {
  return (
    <span>
      <span className={styles.dot} style={{ "--colour": colourOf(variations, name) } as object} />
      <span className={styles.key}>{name ?? splitWords.next_rule}</span>
    </span>
  );
}

function Row({ label, variations, plan }: { label: string; variations: readonly Variation[]; plan: SlotPlan }) {
  const bar = barOf(plan);
  const said = bar
    .map(({ variation, from, to }) =>
      splitWords.slots(variation ?? splitWords.next_rule, percentOfSlots(from), percentOfSlots(to)),
    )
    .join(", ");
  return (
    <div className={styles.row}>
      <span>{label}</span>
      <div className={styles.bar} role="img" aria-label={`${label}. ${said}`}>
        {bar.map(({ variation, from, to }) => (
          <span
            key={from}
            className={styles.stretch}
            data-patterned={isPatterned(variations, variation) || undefined}
            style={
              {
                "--from": from / slots,
                "--size": (to - from) / slots,
                "--colour": colourOf(variations, variation),
              } as object
            }
          />
        ))}
      </div>
    </div>
  );
}
