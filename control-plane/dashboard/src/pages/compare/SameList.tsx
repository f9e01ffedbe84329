import { useQuery } from "@tanstack/react-query";
import { flagIndexQuery } from "../../api/queries/flag_index";
import type { Place } from "../../api/queries/flags";
import type { ItemDifferences } from "../../api/queries/promotion";
import { itemPath } from "../../parts/items";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted } from "../../parts/PageHead";
import { compareWords } from "../../text/en/compare";
import { Empty } from "../../ui/States";

interface SameListProps {
  place: Place;
  env: string;
  differing: readonly ItemDifferences[];
}

const shown = 500;

// The flags that both environments configure in the same way.
export function SameList({ place, env, differing }: SameListProps) {
  const index = useQuery(flagIndexQuery(place.org, place.project));
  const others = new Set(differing.flatMap(({ flag }) => (flag === undefined ? [] : [flag])));
  return (
    <Load query={index}>
      {({ flags }) => {
        const same = flags.filter((flag) => !others.has(flag.key));
        if (same.length === 0) return <Empty title={compareWords.nothing_same} />;
        return (
          <>
            <Muted>{compareWords.are_same(same.length)}</Muted>
            <Lines label={compareWords.same}>
              {same.slice(0, shown).map((flag) => (
                <Line key={flag.key} end={flag.name && <code>{flag.key}</code>}>
                  <Link to={itemPath(place.org, place.project, env, { flag: flag.key })}>{flag.name || flag.key}</Link>
                </Line>
              ))}
            </Lines>
          </>
        );
      }}
    </Load>
  );
}
