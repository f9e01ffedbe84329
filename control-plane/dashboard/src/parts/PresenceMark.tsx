import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import type { Presence } from "../api/events";
import { presenceQuery, sayPresent } from "../api/queries/presence";
import { queries } from "../api/query";
import { presenceWords } from "../text/en/frame";
import { list } from "../text/format";
import { Hint } from "../ui/Tooltip";
import { usePresenceEvents } from "./live";
import styles from "./PresenceMark.module.css";
import { useMe } from "./session";

interface PresenceMarkProps {
  org: string;
  resource: string; // a path below the organisation's
  isEditing: boolean;
}

const every = 20_000;

// Says that one is here, and shows who else is.
export function PresenceMark({ org, resource, isEditing }: PresenceMarkProps) {
  const me = useMe()?.user?.id;
  const people = useQuery(presenceQuery(org, resource)).data?.people ?? [];
  useEffect(() => {
    const say = () => {
      if (!document.hidden) sayPresent(org, resource, isEditing).catch(() => undefined); // only a hint
    };
    say();
    const timer = setInterval(say, every);
    return () => clearInterval(timer);
  }, [org, resource, isEditing]);
  usePresenceEvents(
    useCallback(
      (presence: Presence) => queries.setQueryData(presenceQuery(org, presence.resource).queryKey, presence),
      [org],
    ),
  );
  const others = people.filter((person) => person.id !== me);
  if (others.length === 0) return null;
  const editing = others.filter((person) => person.is_editing).map((person) => person.name);
  const looking = others.filter((person) => !person.is_editing).map((person) => person.name);
  const text = editing.length > 0 ? presenceWords.edits(list(editing)) : presenceWords.looks(list(looking));
  return (
    <Hint text={presenceWords.detail} className={styles.mark}>
      <span role="status">{text}</span>
    </Hint>
  );
}
