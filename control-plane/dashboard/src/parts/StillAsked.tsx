import { useQueries } from "@tanstack/react-query";
import { evaluationsQuery } from "../api/queries/evaluations";
import type { Place } from "../api/queries/flags";
import { cleanupWords } from "../text/en/cleanup";
import { ago } from "../text/format";
import { Loading } from "../ui/States";
import { problemText } from "./Problem";

const most = 50; // flags that are looked up
const named = 3; // callers of each

interface StillAskedProps {
  place: Place;
  flags: readonly string[]; // those that have been asked for
}

// Which programs have asked for the flags lately: those get their own default once a flag is archived.
export function StillAsked({ place, flags }: StillAskedProps) {
  const looked = flags.slice(0, most);
  const found = useQueries({ queries: looked.map((one) => evaluationsQuery(place, one)) });
  const failed = found.find((query) => query.isError);
  if (failed) return <p role="alert">{problemText(failed.error)}</p>;
  if (found.some((query) => query.isPending)) return <Loading rows={2} />;
  const lines = found.flatMap((query, i) => {
    const callers = Object.entries(query.data?.environments ?? {})
      .flatMap(([env, { callers: given }]) => given.map((caller) => ({ env, ...caller })))
      .sort((a, b) => (a.last_at < b.last_at ? 1 : -1));
    return callers.length === 0 ? [] : [{ key: looked[i] ?? "", callers: callers.slice(0, named) }];
  });
  return (
    <>
      <h4>{cleanupWords.asks}</h4>
      {lines.length === 0 && <p>{cleanupWords.asks_none}</p>}
      <ul>
        {lines.map(({ key, callers }) => (
          <li key={key}>
            <code>{key}</code>{" "}
            {callers
              .map(({ sdk, relay, env, last_at }) =>
                cleanupWords.asks_line(sdk || cleanupWords.asks_sdk_unknown, relay, env, ago(last_at)),
              )
              .join("; ")}
          </li>
        ))}
      </ul>
      {flags.length > most && <p>{cleanupWords.asks_more(flags.length - most)}</p>}
      <p>{cleanupWords.asks_after}</p>
    </>
  );
}
