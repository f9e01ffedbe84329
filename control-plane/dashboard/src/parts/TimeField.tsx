import { reviewWords } from "../text/en/review";
import { timeZone } from "../text/format";
import { Field } from "../ui/Field";
import styles from "./Changes.module.css";
import { Muted } from "./PageHead";
import { readWall } from "./review/wall";
import { ZonedTime } from "./ZonedTime";

interface TimeFieldProps {
  label: string;
  value: string; // as it is typed
  onChange: (text: string) => void;
  error?: string | undefined; // what the server says of it
  mayBePast?: boolean;
  isOptional?: boolean;
}

// A time of the person's clock, and the same in the browser's zone and in UTC.
export function TimeField({ label, value, onChange, error, mayBePast = false, isOptional = false }: TimeFieldProps) {
  const zone = timeZone();
  const read = readWall(value, zone);
  const isPast = read !== undefined && !mayBePast && read.time <= Date.now();
  const wrong =
    value.trim() === "" ? undefined : !read ? reviewWords.at_wrong : isPast ? reviewWords.at_past : undefined;
  return (
    <div className={styles.group}>
      <Field
        label={label}
        hint={reviewWords.at_hint(zone)}
        placeholder="2026-12-24 18:30"
        isCode
        isOptional={isOptional}
        value={value}
        onChange={onChange}
        error={wrong ?? error}
        autoComplete="off"
      />
      {read && read.kind !== "once" && (
        <Muted>{read.kind === "twice" ? reviewWords.at_twice : reviewWords.at_skipped}</Muted>
      )}
      {read && <ZonedTime at={read.time} />}
    </div>
  );
}
