import { useQuery } from "@tanstack/react-query";
import { type Use, usesQuery } from "../../api/queries/flag";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted, Section } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { paths } from "../../paths";
import { flagWords } from "../../text/en/flag";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import { FlagFrame } from "./FlagFrame";

export default function Uses() {
  return <FlagFrame section="uses">{() => <UseList />}</FlagFrame>;
}

function UseList() {
  const { org, project, flag } = useKeys();
  const query = useQuery(usesQuery({ org, project }, flag));
  const graph = <Link to={paths.graph(org, project, `?flag=${encodeURIComponent(flag)}`)}>{flagWords.graph}</Link>;
  return (
    <Load query={query}>
      {({ items, has_more }) =>
        items.length === 0 ? (
          <Empty title={flagWords.no_uses} detail={flagWords.no_uses_detail} actions={graph} />
        ) : (
          <Section
            title={flagWords.uses_title(items.length)}
            detail={has_more ? flagWords.has_more_uses : undefined}
            actions={graph}
          >
            <Lines label={flagWords.uses}>
              {items.map((use) => (
                <Line key={`${use.kind} ${use.key} ${use.environment} ${use.pointer}`}>
                  <UseLine use={use} />
                </Line>
              ))}
            </Lines>
          </Section>
        )
      }
    </Load>
  );
}

function UseLine({ use }: { use: Use }) {
  const { org, project } = useKeys();
  return (
    <span>
      {use.kind === "flag" ? (
        <Link to={paths.flag(org, project, use.key)}>
          <code>{use.key}</code>
        </Link>
      ) : (
        <code>{use.key}</code>
      )}{" "}
      {use.archived && <Status kind="archived" />}{" "}
      <Muted>
        {use.environment} · {use.place}
      </Muted>
    </span>
  );
}
