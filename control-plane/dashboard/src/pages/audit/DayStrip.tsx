import { auditWords } from "../../text/en/audit";
import { timeZone } from "../../text/format";
import styles from "./Audit.module.css";
import { type AuditSearch, lastDays } from "./filter";

const shown = 21;

interface DayStripProps {
  search: AuditSearch;
  onChange: (changes: AuditSearch) => void;
}

// The newest are seen first, from whichever side they come.
const showEnd = (strip: HTMLElement | null) => {
  if (strip) strip.scrollLeft = strip.scrollWidth * (getComputedStyle(strip).direction === "rtl" ? -1 : 1);
};

// The last days, of the person's own calendar; one press shows one of them, another all again.
export function DayStrip({ search, onChange }: DayStripProps) {
  const weekday = new Intl.DateTimeFormat("en", { weekday: "narrow", timeZone: timeZone() });
  return (
    <fieldset ref={showEnd} className={styles.days}>
      <legend className="visually-hidden">{auditWords.days}</legend>
      {lastDays(Date.now(), timeZone(), shown).map((day) => {
        const isChosen = search.from === day.from && search.to === day.to;
        return (
          <button
            key={day.date}
            type="button"
            className={styles.day}
            aria-pressed={isChosen}
            onClick={() => onChange(isChosen ? { from: undefined, to: undefined } : { from: day.from, to: day.to })}
          >
            <span aria-hidden>{weekday.format(Date.parse(day.from) + 43_200_000)}</span>
            <span aria-hidden>{day.day}</span>
            <span className="visually-hidden">{auditWords.day(day.date)}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
