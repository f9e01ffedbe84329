// The draft of a resource that this machine has kept, once it has been read.
import { useEffect, useState } from "react";
import type { Draft, EditKind } from "../../model/index";
import { type DraftPlace, readKept } from "./store";

export function useKept<K extends EditKind>(
  place: DraftPlace,
  kind: K,
): { draft: Draft<K> | undefined; isRead: boolean } {
  const [read, setRead] = useState<{ id: string; draft: Draft<K> | undefined }>();
  const id = JSON.stringify(place);
  useEffect(() => {
    let isGone = false;
    void readKept(JSON.parse(id) as DraftPlace).then((kept) => {
      if (!isGone) setRead({ id, draft: kept?.kind === kind ? (kept as Draft<K>) : undefined });
    });
    return () => {
      isGone = true;
    };
  }, [id, kind]);
  return { draft: read?.id === id ? read.draft : undefined, isRead: read?.id === id };
}
