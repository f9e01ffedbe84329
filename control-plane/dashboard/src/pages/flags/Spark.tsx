import { useQuery } from "@tanstack/react-query";
import type { Place } from "../../api/queries/flags";
import { sparkQuery } from "../../api/queries/sparks";
import { words } from "../../text/en";
import { flagsWords } from "../../text/en/flags";
import styles from "./FlagList.module.css";
import { sparkPath } from "./spark_path";

const size = { width: 72, height: 20 };

// The evaluations of the last hours as a small plot. Only rows in sight have one.
export default function Spark({ place, env, flag }: { place: Place; env: string; flag: string }) {
  const { data, isError } = useQuery(sparkQuery(place, env, flag));
  if (isError && data === undefined) return <span title={flagsWords.spark_unknown}>{words.unknown}</span>;
  if (data === undefined) return null; // its place is kept by the column
  const said = flagsWords.spark(
    data.reduce((sum, n) => sum + n, 0),
    env,
  );
  return (
    <svg
      className={styles.spark}
      role="img"
      aria-label={said}
      width={size.width}
      height={size.height}
      viewBox={`0 0 ${size.width} ${size.height}`}
    >
      <title>{said}</title>
      <path d={sparkPath(data, size)} />
    </svg>
  );
}
