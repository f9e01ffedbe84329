// The glyphs of what a flag, an environment or a change is: a pennant on a staff. 16 units wide and high.
import { type ReactNode, useId } from "react";
import styles from "./Status.module.css";

export type StatusKind =
  | "on"
  | "off"
  | "partial"
  | "caller_default"
  | "protected"
  | "draft"
  | "scheduled"
  | "rolling_out"
  | "needs_approval"
  | "conflict"
  | "stale"
  | "stale_data"
  | "archived"
  | "rejected"
  | "unknown";

const pennant = "M4.5 2.5H14L11.2 5.75 14 9H4.5Z";
const outline = { fill: "none", stroke: "currentColor", strokeWidth: 1.3, strokeLinejoin: "round" as const };

const drawn: Partial<Record<StatusKind, ReactNode>> = {
  on: <path d={pennant} fill="currentColor" stroke="currentColor" strokeWidth={1.3} strokeLinejoin="round" />,
  off: <path d={pennant} {...outline} />,
  caller_default: <path d={pennant} {...outline} strokeDasharray="0.1 2.2" strokeLinecap="round" />,
  protected: (
    <>
      <rect x="7" y="5.5" width="7.5" height="6" rx="1" fill="currentColor" />
      <path d="M8.6 5.5V4.2a2.1 2.1 0 0 1 4.2 0v1.3" {...outline} />
    </>
  ),
  draft: <path d={pennant} {...outline} strokeDasharray="2.4 1.6" />,
  scheduled: (
    <>
      <circle cx="10" cy="6" r="4.2" {...outline} />
      <path d="M10 3.8V6l1.6 1.2" {...outline} />
    </>
  ),
  rolling_out: <path d="M4.5 10H7.5V7.5H10.5V5H14V2.5" {...outline} />,
  needs_approval: (
    <>
      <circle cx="7.8" cy="5.8" r="3" {...outline} />
      <circle cx="11.6" cy="5.8" r="3" {...outline} />
    </>
  ),
  conflict: <path d="M4.5 6H8L13.5 2.5M8 6l5.5 3.5" {...outline} />,
  stale: (
    <path
      d="M4.5 2.5H13L11.2 3.8 13.4 5 11 6.2 13 7.4 11.4 9H4.5Z"
      fill="currentColor"
      fillOpacity={0.25}
      stroke="currentColor"
      strokeWidth={1.1}
    />
  ),
  stale_data: <path d="M4.5 2.5H14V9H4.5ZM5 6.5 9 2.7M6.5 8.7 13 2.7M10.5 8.7 13.8 5.6" {...outline} />,
  archived: <path d="M4.5 8.5H12L10 11 12 13.5H4.5Z" {...outline} />,
  rejected: <path d="M7 3.2 12.6 8.8M12.6 3.2 7 8.8" {...outline} strokeWidth={1.8} />,
  unknown: <path d="M7 6h6" {...outline} strokeWidth={1.8} />,
};

export function Pennant({ kind, percent = 50 }: { kind: StatusKind; percent?: number }) {
  const clip = useId();
  return (
    <svg viewBox="0 0 16 16" className={styles.glyph} aria-hidden focusable="false">
      <path d="M3.25 1.25V15" stroke="currentColor" strokeWidth={1.5} strokeLinecap="round" />
      {kind === "partial" ? (
        <>
          <clipPath id={clip}>
            <rect x="4" y="0" width={(10 * Math.min(100, Math.max(0, percent))) / 100} height="16" />
          </clipPath>
          <path d={pennant} fill="currentColor" clipPath={`url(#${clip})`} />
          <path d={pennant} {...outline} />
        </>
      ) : (
        drawn[kind]
      )}
    </svg>
  );
}
