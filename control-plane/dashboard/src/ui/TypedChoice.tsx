import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components";
import styles from "./Field.module.css";

interface TypedChoiceProps {
  label: string;
  value: string;
  options: readonly { id: string; label: string; mark?: ReactNode }[];
  onChange: (id: string) => void;
}

const pause = 800; // after it, a letter begins anew

// A few values, all of them seen; one is chosen by its first letters as well.
export function TypedChoice({ label, value, options, onChange }: TypedChoiceProps) {
  const typed = useRef({ text: "", at: 0 });
  const keyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === " ") return;
    const isMore = event.timeStamp - typed.current.at < pause;
    const text = ((isMore ? typed.current.text : "") + event.key).toLowerCase();
    typed.current = { text, at: event.timeStamp };
    const found = options.find((option) => option.label.toLowerCase().startsWith(text));
    event.preventDefault(); // nor is it a key of the page
    if (!found) return;
    onChange(found.id);
    const inputs = event.currentTarget.querySelectorAll<HTMLInputElement>("input[type=radio]");
    inputs[options.indexOf(found)]?.focus();
  };
  return (
    <div onKeyDownCapture={keyDown}>
      <RadioGroup className={styles.radios ?? ""} value={value} onChange={onChange} orientation="horizontal">
        <Label className={styles.label}>{label}</Label>
        <div className={styles.choices}>
          {options.map((option) => (
            <Radio key={option.id} value={option.id} className={styles.choice ?? ""} aria-label={option.label}>
              {option.mark ?? option.label}
            </Radio>
          ))}
        </div>
      </RadioGroup>
    </div>
  );
}
