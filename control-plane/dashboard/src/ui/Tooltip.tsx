import type { ReactElement } from "react";
import { Tooltip as AriaTooltip, Button, TooltipTrigger } from "react-aria-components";
import styles from "./Overlay.module.css";

// Of a control only: what can be neither focused nor pressed has no tooltip.
export function Tooltip({ text, children }: { text: string; children: ReactElement }) {
  return (
    <TooltipTrigger delay={500}>
      {children}
      <AriaTooltip className={styles.tooltip ?? ""} offset={6}>
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  );
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
