import { inZones, ownZone } from "../model/index";
import { timeZone } from "../text/format";
import styles from "./Changes.module.css";

// The same time in the zone of one's preferences, in the browser's, and in UTC, with the zones written.
export function ZonedTime({ at }: { at: number }) {
  return (
    <span className={styles.zones}>
      {inZones(at, [timeZone(), ownZone()], "en-GB").map((time) => (
        <time key={time.zone} dateTime={new Date(at).toISOString()}>
          {time.text} {time.zone}
          {time.offset === "UTC" ? "" : ` (${time.offset})`}
        </time>
      ))}
    </span>
  );
}
