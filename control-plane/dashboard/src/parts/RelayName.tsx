import { paths } from "../paths";
import { relayWords } from "../text/en/relays";
import { Link } from "./Link";
import { Muted } from "./PageHead";
import styles from "./RelayName.module.css";

interface RelayNameProps {
  org: string;
  relay: { relay: string; path: readonly string[]; labels: readonly string[] };
  isCanary?: boolean;
}

// A relay with what it calls itself, and the relays that it gets everything from.
export function RelayName({ org, relay: { relay, path, labels }, isCanary = false }: RelayNameProps) {
  return (
    <span className={styles.name}>
      <Link to={paths.relay(org, relay)}>{relay}</Link>
      {labels.map((label) => (
        <span key={label} className={styles.label}>
          {label}
        </span>
      ))}
      {isCanary && !labels.includes(relayWords.canary) && <Muted>{relayWords.canary}</Muted>}
      {path.length > 0 && <Muted>{relayWords.behind(path.join(" › "))}</Muted>}
    </span>
  );
}
