import { useQuery } from "@tanstack/react-query";
import { relaysQuery } from "../../api/queries/relays";
import { Link } from "../../parts/Link";
import { Line, Lines, Muted, Section } from "../../parts/PageHead";
import { Problem } from "../../parts/Problem";
import { useKeys } from "../../parts/page";
import { codeWords, standings, statusOf } from "../../parts/relay_standing";
import { paths } from "../../paths";
import { homeWords } from "../../text/en/home";
import { ago } from "../../text/format";
import { Status } from "../../ui/Status";

const shown = 8;

// Relays of the project's environments that have not what is published; where all have it, one line says so.
export function Relays() {
  const { org, project } = useKeys();
  const query = useQuery(relaysQuery(org));
  const own = (query.data ?? []).filter((report) => report.project === project);
  const behind = own
    .filter((report) => report.standing !== "up_to_date")
    .sort((a, b) => standings.indexOf(a.standing) - standings.indexOf(b.standing));
  return (
    <Section title={homeWords.relays} actions={<Link to={paths.orgPart(org, "relays")}>{homeWords.all_relays}</Link>}>
      {query.isError && query.data === undefined && (
        <Problem error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data && own.length === 0 && <Muted>{homeWords.no_relays}</Muted>}
      {own.length > 0 && behind.length === 0 && (
        <Status kind="on" text={homeWords.relays_fine(new Set(own.map((report) => report.relay)).size)} />
      )}
      {behind.length > 0 && (
        <Lines label={homeWords.relays}>
          {behind.slice(0, shown).map((report) => (
            <Line key={`${report.relay} ${report.environment}`} end={<Status {...statusOf(report.standing)} />}>
              <Link to={paths.relay(org, report.relay)}>{homeWords.relay_of(report.relay, report.environment)}</Link>
              <Muted>
                {report.code !== "" && `${codeWords(report.code)} · `}
                {homeWords.reported(ago(report.reported_at))}
              </Muted>
            </Line>
          ))}
          {behind.length > shown && <Line>{homeWords.more_relays(behind.length - shown)}</Line>}
        </Lines>
      )}
    </Section>
  );
}
