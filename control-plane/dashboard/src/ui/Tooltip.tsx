// The words that a control has beside it while the pointer or the keyboard is on it. Of our own: React Aria's brings the code that
// places overlays into what every page loads.
import { cloneElement, type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { Button } from "react-aria-components";
import styles from "./Overlay.module.css";

const delay = 500;
const gap = 6;

interface TooltipProps {
  text: string;
  children: ReactElement<{ "aria-describedby"?: string }>;
}

// Of a control only: what can be neither focused nor pressed has no tooltip. It stays while the pointer is on it, and Escape hides it.
export function Tooltip({ text, children }: TooltipProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const close = () => {
    clearTimeout(timer.current);
    setOpen(false);
  };
  const closeByKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && isOpen) event.stopPropagation();
    close();
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens to what its control is told
    <span
      className={styles.tipped}
      onPointerEnter={(event) => {
        if (event.pointerType === "mouse") timer.current = setTimeout(() => setOpen(true), delay);
      }}
      onPointerLeave={close}
      onPointerDown={close}
      onFocus={(event) => event.target.matches(":focus-visible") && setOpen(true)}
      onBlur={close}
      onKeyDown={closeByKey}
    >
      {cloneElement(children, isOpen ? { "aria-describedby": id } : {})}
      {isOpen && (
        <span ref={place} role="tooltip" id={id} popover="manual" className={styles.tooltip}>
          {text}
        </span>
      )}
    </span>
  );
}

// Above everything, below the control, or above it where there is no room; never out of the window.
function place(tip: HTMLElement | null): void {
  const control = tip?.parentElement?.firstElementChild;
  if (!tip || !control) return;
  tip.showPopover();
  const of = control.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const fits = of.bottom + gap + own.height <= window.innerHeight;
  const left = Math.min(of.left + (of.width - own.width) / 2, window.innerWidth - own.width - gap);
  tip.style.setProperty("--x", `${Math.max(gap, left)}px`);
  tip.style.setProperty("--y", `${fits ? of.bottom + gap : of.top - gap - own.height}px`);
}

interface HintProps {
  children: ReactElement | string;
  text: string;
  className?: string | undefined;
  mark?: string; // for style sheets: data-mark
}

// Words that have a longer explanation, for the pointer and for the keyboard.
export function Hint({ children, text, className, mark }: HintProps) {
  return (
    <Tooltip text={text}>
      <Button className={className ?? styles.hinted ?? ""} {...(mark ? { "data-mark": mark } : {})}>
        {children}
      </Button>
    </Tooltip>
  );
}
