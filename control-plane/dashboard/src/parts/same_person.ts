// One session serves all tabs of a browser. When somebody else has signed in, here or in another tab, what this page shows and keeps
// is not theirs: it is loaded anew, before anything that was typed here is done in their name.
import { useEffect, useRef } from "react";
import { meQuery } from "../api/queries/me";
import { queries } from "../api/query";
import { forgetForms } from "./kept_forms";
import { useMe } from "./session";

export function useSamePerson(): void {
  const id = useMe()?.user?.id;
  const first = useRef(id);
  useEffect(() => {
    if (id === undefined) return;
    if (first.current !== undefined && first.current !== id) {
      forgetForms();
      window.location.reload();
      return;
    }
    first.current = id;
    const tabs = new BroadcastChannel("fanion-person");
    tabs.onmessage = ({ data }) => {
      if (data !== id) void queries.invalidateQueries({ queryKey: meQuery.queryKey });
    };
    tabs.postMessage(id);
    return () => tabs.close();
  }, [id]);
}
