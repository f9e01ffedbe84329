import type { Place } from "../../api/queries/flags";
import type { PlacedSchedule } from "../../api/queries/schedules";
import { monthDays } from "../../model/index";
import { Link } from "../../parts/Link";
import { Muted } from "../../parts/PageHead";
import { usePlacePaths } from "../../parts/resource_paths";
import { scheduleWords } from "../../text/en/schedules";
import { clock, timeZone } from "../../text/format";
import { IconButton } from "../../ui/Button";
import styles from "./Schedules.module.css";
import { byDay, changedName, dayOf, monthOf, monthText } from "./when";

interface CalendarProps {
  place: Place;
  schedules: readonly PlacedSchedule[];
  month: string | undefined;
  onMonth: (month: string) => void;
}

const monthName = ({ year, month }: { year: number; month: number }): string =>
  new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" }).format(Date.UTC(year, month - 1));
const two = (n: number): string => String(n).padStart(2, "0");

// A month, with the next time of each schedule on its day.
export function Calendar({ place, schedules, month, onMonth }: CalendarProps) {
  const pathOf = usePlacePaths(place.org);
  const zone = timeZone();
  const shown = monthOf(month, Date.now(), zone);
  const days = byDay(schedules, zone);
  const today = dayOf(Date.now(), zone);
  const dates = monthDays(shown.year, shown.month);
  const weeks = Array.from({ length: dates.length / 7 }, (_, i) => dates.slice(7 * i, 7 * i + 7));
  return (
    <section aria-label={monthText(shown)} className={styles.calendar}>
      <header className={styles.month}>
        <IconButton icon="back" label={scheduleWords.previous_month} onPress={() => onMonth(monthText(shown, -1))} />
        <h2>{monthName(shown)}</h2>
        <IconButton icon="forward" label={scheduleWords.next_month} onPress={() => onMonth(monthText(shown, 1))} />
        <Muted>{scheduleWords.calendar_zone(zone)}</Muted>
      </header>
      <table className={styles.days}>
        <thead>
          <tr>
            {scheduleWords.weekdays.split(" ").map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={`${week[0]?.month} ${week[0]?.day}`}>
              {week.map(({ year, month: of, day, isInMonth }) => {
                const date = `${year}-${two(of)}-${two(day)}`;
                return (
                  <td key={date} data-other={!isInMonth || undefined} data-today={date === today || undefined}>
                    <time dateTime={date}>{day}</time>
                    {days.get(date)?.map(({ env, schedule }) => {
                      const path = pathOf(decodeURIComponent(schedule.change.path));
                      const text = `${clock(Date.parse(schedule.next_at ?? ""))} ${schedule.name || changedName(schedule)}`;
                      return (
                        <span key={schedule.id} className={styles.event} title={env}>
                          {path ? <Link to={path}>{text}</Link> : text}
                        </span>
                      );
                    })}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
