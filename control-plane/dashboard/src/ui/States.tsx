// What a page shows when it cannot show what it is for: one component for each of its states.
import { type ReactNode, useEffect, useState } from "react";
import { words } from "../text/en";
import { Button } from "./Button";
import { CopyText } from "./CopyText";
import { Icon, type IconName } from "./Icon";
import styles from "./States.module.css";

const patience = 150; // what comes within it is not announced by a skeleton

function useIsLate(): boolean {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patience);
    return () => clearTimeout(timer);
  }, []);
  return isLate;
}

// The lines of what will be there. The room is taken at once, so nothing moves.
export function Loading({ rows = 6, label = words.loading }: { rows?: number; label?: string }) {
  const isLate = useIsLate();
  return (
    <div className={styles.loading} role="status" aria-label={label} data-late={isLate}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <div key={row} className={styles.bar} />
      ))}
    </div>
  );
}

interface StateProps {
  title: string;
  detail?: ReactNode;
  icon?: IconName;
  actions?: ReactNode;
  isAlert?: boolean;
  isPage?: boolean; // it is all that the page has
  children?: ReactNode;
}

export function State({ title, detail, icon, actions, isAlert = false, isPage = false, children }: StateProps) {
  const Title = isPage ? "h1" : "h2";
  return (
    <div className={styles.state} {...(isAlert ? { role: "alert" } : {})}>
      {icon && <Icon name={icon} />}
      <Title>{title}</Title>
      {detail && <p className={styles.detail}>{detail}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
      {children}
    </div>
  );
}

// What this is for, one thing to do, and the same by the API.
export function Empty({ curl, ...state }: StateProps & { curl?: string }) {
  return (
    <State {...state}>
      {curl && (
        <figure className={styles.api}>
          <figcaption>{words.states.by_api}</figcaption>
          <CopyText text={curl} isBlock />
        </figure>
      )}
    </State>
  );
}

// Which filters exclude everything; one press removes one of them.
export function NothingFound({
  filters,
  onRemove,
}: {
  filters: readonly string[];
  onRemove: (filter: string) => void;
}) {
  return (
    <State
      title={words.states.no_results}
      actions={filters.map((filter) => (
        <Button key={filter} icon="close" onPress={() => onRemove(filter)}>
          {words.states.remove_filter(filter)}
        </Button>
      ))}
    />
  );
}

interface ErrorProps {
  title?: string;
  detail: string;
  requestId?: string;
  onRetry?: () => void;
  isPage?: boolean;
}

export function ErrorState({ title = words.states.failed, detail, requestId, onRetry, isPage = false }: ErrorProps) {
  return (
    <State
      isAlert
      isPage={isPage}
      icon="warning"
      title={title}
      detail={detail}
      actions={onRetry && <Button onPress={onRetry}>{words.retry}</Button>}
    >
      {requestId && <p className={styles.id}>{words.states.request_id(requestId)}</p>}
    </State>
  );
}

// The permission that is needed, and who can give it.
export function Denied({ permission, detail = words.states.ask, isPage = false }: DeniedProps) {
  const title = permission === undefined ? words.states.denied_this : words.states.denied(permission);
  return <State icon="lock" title={title} detail={detail} isPage={isPage} />;
}

interface DeniedProps {
  permission: string | undefined; // where it is known
  detail?: ReactNode;
  isPage?: boolean;
}

export function NotFound({ actions, isPage = false }: { actions?: ReactNode; isPage?: boolean }) {
  const { not_found, not_found_detail } = words.states;
  return <State title={not_found} detail={not_found_detail} actions={actions} isPage={isPage} />;
}

// Above content that others have changed since it was read.
export function Stale({ who, when, onTakeIn }: { who: string; when: string; onTakeIn: () => void }) {
  return (
    <Banner tone="stale">
      {words.states.changed_by(who, when)}
      <Button kind="quiet" onPress={onTakeIn}>
        {words.states.take_in}
      </Button>
    </Banner>
  );
}

export function Offline({ since }: { since: number }) {
  return <Banner tone="stale">{words.states.offline(since)}</Banner>;
}

export function Banner({ tone, children }: { tone: "stale" | "info" | "danger" | "protected"; children: ReactNode }) {
  return (
    <div role="status" className={`${styles.banner} ${styles[tone]}`}>
      {children}
    </div>
  );
}
