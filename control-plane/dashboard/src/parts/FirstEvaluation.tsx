import { useQuery } from "@tanstack/react-query";
import { evaluationsQuery } from "../api/queries/evaluations";
import type { Place } from "../api/queries/flags";
import { codeWords } from "../text/en/code";
import { list } from "../text/format";
import { Status } from "../ui/Status";
import { Muted } from "./PageHead";

const every = 2_000;

export function FirstEvaluation({ place, flag }: { place: Place; flag: string }) {
  const { data } = useQuery({
    ...evaluationsQuery(place, flag),
    refetchInterval: ({ state }) => (asked(state.data).length > 0 ? false : every),
  });
  const environments = asked(data);
  return (
    <span role="status">
      {environments.length > 0 ? (
        <Status kind="on" text={codeWords.asked(list(environments))} />
      ) : (
        <>
          <Status kind="unknown" text={codeWords.waiting} /> <Muted>{codeWords.waiting_detail}</Muted>
        </>
      )}
    </span>
  );
}

type Answer = { environments: Record<string, { evaluated_at: string | null }> } | undefined;
const asked = (data: Answer): string[] =>
  Object.entries(data?.environments ?? {}).flatMap(([env, given]) => (given.evaluated_at ? [env] : []));
