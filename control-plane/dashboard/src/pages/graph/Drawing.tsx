import { layers, type Requirement } from "../../model/index";
import { Link } from "../../parts/Link";
import styles from "./Graph.module.css";

interface DrawingProps {
  requirements: readonly Requirement[];
  flag: string | undefined; // that is marked
  pathOf: (flag: string) => string;
}

// Places in the drawing, in units of a box.
const box = { width: 168, height: 32, gapX: 64, gapY: 16 };

// Flags as boxes in layers, with a line from each to what it requires. The table beside it says the same.
export function Drawing({ requirements, flag, pathOf }: DrawingProps) {
  const made = layers(requirements);
  const places = new Map(
    made.flatMap((layer, i) =>
      layer.map((key, j) => [key, { x: i * (box.width + box.gapX), y: j * (box.height + box.gapY) }] as const),
    ),
  );
  const width = made.length * (box.width + box.gapX) - box.gapX;
  const height = Math.max(...made.map((layer) => layer.length)) * (box.height + box.gapY) - box.gapY;
  return (
    <div className={styles.scroll}>
      <div
        className={styles.drawing}
        style={
          {
            "--width": `${width}px`,
            "--height": `${height}px`,
            "--box-width": `${box.width}px`,
            "--box-height": `${box.height}px`,
          } as object
        }
      >
        <svg aria-hidden="true" viewBox={`0 0 ${width} ${height}`} className={styles.lines}>
          {requirements.map(({ from, to }) => {
            const [begin, end] = [places.get(to), places.get(from)];
            if (!begin || !end) return null;
            const [x1, y1, y2] = [begin.x + box.width, begin.y + box.height / 2, end.y + box.height / 2];
            const middle = (x1 + end.x) / 2;
            return <path key={`${from} ${to}`} d={`M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${end.x} ${y2}`} />;
          })}
        </svg>
        {[...places].map(([key, { x, y }]) => (
          <span
            key={key}
            className={styles.box}
            data-chosen={key === flag || undefined}
            style={{ "--x": `${x}px`, "--y": `${y}px` } as object}
          >
            <Link to={pathOf(key)} isCurrent={key === flag}>
              <code>{key}</code>
            </Link>
          </span>
        ))}
      </div>
    </div>
  );
}
