import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import styles from "./CommandBox.module.css";
import overlay from "./Overlay.module.css";

export interface CommandItem {
  id: string;
  text: string;
  code?: string;
  detail?: string;
  mark?: ReactNode;
}

interface CommandBoxProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  items: readonly CommandItem[];
  onAction: (id: string) => void;
  onClose: () => void;
  empty: string;
  hint: string;
}

// One field and what it may mean, by keys: the field keeps the focus, the list shows which line Enter takes.
export function CommandBox(props: CommandBoxProps) {
  const { label, placeholder, value, onChange, items, onAction, onClose, empty, hint } = props;
  const list = useId();
  const [chosen, setChosen] = useState(0);
  const current = useRef<HTMLDivElement>(null);
  const at = Math.min(chosen, items.length - 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen line comes into sight
  useEffect(() => {
    void current.current?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const keyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const item = items[at];
    if (step !== 0 && items.length > 0) setChosen((at + step + items.length) % items.length);
    else if (event.key === "Enter" && item) onAction(item.id);
    else return;
    event.preventDefault();
  };
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => open || onClose()} className={overlay.shade ?? ""}>
      <Modal className={`${overlay.window} ${styles.window}`}>
        <Dialog aria-label={label} className={styles.box ?? ""}>
          <input
            autoFocus
            role="combobox"
            aria-label={label}
            aria-expanded
            aria-controls={list}
            aria-autocomplete="list"
            {...(at >= 0 ? { "aria-activedescendant": `${list}-${at}` } : {})}
            className={styles.input}
            placeholder={placeholder}
            spellCheck={false}
            autoComplete="off"
            value={value}
            onChange={(event) => {
              setChosen(0);
              onChange(event.target.value);
            }}
            onKeyDown={keyDown}
          />
          <div role="listbox" id={list} aria-label={label} className={styles.list}>
            {items.map((item, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
              // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
              <div
                key={item.id}
                ref={i === at ? current : null}
                role="option"
                id={`${list}-${i}`}
                aria-selected={i === at}
                className={styles.item}
                onPointerMove={() => setChosen(i)}
                onClick={() => onAction(item.id)}
              >
                {item.mark}
                <span className={styles.text}>{item.text}</span>
                {item.code && <code className={styles.code}>{item.code}</code>}
                {item.detail && <span className={styles.detail}>{item.detail}</span>}
              </div>
            ))}
          </div>
          <p role="status" className={styles.hint}>
            {items.length === 0 ? empty : hint}
          </p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
