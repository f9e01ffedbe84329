import { useLiveMark } from "../../parts/live";
import { useContact } from "../../parts/session";
import { frameWords } from "../../text/en/frame";
import { Hint } from "../../ui/Tooltip";
import styles from "./Frame.module.css";

// Whether what is shown is up to date. The status is around the control: inside of one, it would be no more than its text.
export function ConnectionMark() {
  const mark = useLiveMark();
  const { lostAt } = useContact();
  const [kind, detail] =
    lostAt !== null
      ? (["offline", frameWords.offline_detail(lostAt)] as const)
      : ([mark, frameWords[`${mark}_detail`]] as const);
  return (
    <span role="status" className={styles.connection}>
      <Hint text={detail} className={styles.mark} mark={kind}>
        {frameWords[kind]}
      </Hint>
    </span>
  );
}
