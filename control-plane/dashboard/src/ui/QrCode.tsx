import styles from "./QrCode.module.css";
import { qrPath } from "./qr_path";

// For a camera: dark on light in either theme, because not every reader takes the inverse.
export default function QrCode({ text, label }: { text: string; label: string }) {
  const { size, d } = qrPath(text);
  return (
    <svg
      className={styles.code}
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <path className={styles.light} d={`M0 0h${size}v${size}h-${size}z`} />
      <path data-code d={d} />
    </svg>
  );
}
