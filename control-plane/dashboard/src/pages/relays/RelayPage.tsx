import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { deliveriesQuery, type RelayReport, relaysQuery } from "../../api/queries/relays";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted, PageBody, PageHead, Section } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { codeWords, statusOf } from "../../parts/relay_standing";
import { paths } from "../../paths";
import { relayWords } from "../../text/en/relays";
import { ago, exactTime } from "../../text/format";
import { type DataColumn, DataTable } from "../../ui/DataTable";
import { State } from "../../ui/States";
import { Status } from "../../ui/Status";
import { Ledger } from "./Ledger";
import { childrenOf, linesOf, type RelayLine } from "./sum";

export default function RelayPage() {
  const { org, relay } = useKeys();
  const reports = useQuery(relaysQuery(org));
  const deliveries = useQuery(deliveriesQuery(org));
  return (
    <Load query={reports}>
      {(list) => {
        const lines = linesOf(list, deliveries.data ?? []);
        const line = lines.find((one) => one.relay === relay);
        if (line === undefined) return <Unknown />;
        return (
          <>
            <PageHead
              title={line.relay}
              mark={<Status {...statusOf(line.standing)} />}
              detail={
                <>
                  {relayWords.build} <code>{line.build}</code>
                  {line.labels.length > 0 && ` · ${relayWords.labels}: ${line.labels.join(", ")}`}
                </>
              }
              actions={<Link to={paths.orgPart(org, "relays")}>{relayWords.all}</Link>}
            />
            <PageBody>
              <Way line={line} behind={childrenOf(lines, relay)} />
              <Section title={relayWords.environments}>
                <DataTable
                  label={relayWords.environments}
                  columns={columnsOf(org)}
                  rows={line.reports}
                  idOf={(report) => `${report.project}/${report.environment}`}
                />
              </Section>
              <Section title={relayWords.ledger} detail={relayWords.ledger_detail}>
                <Load query={deliveries} rows={3}>
                  {() => <Ledger delivery={line.delivery} />}
                </Load>
              </Section>
            </PageBody>
          </>
        );
      }}
    </Load>
  );
}

// From the control plane to this relay, and who gets everything from it.
function Way({ line, behind }: { line: RelayLine; behind: readonly RelayLine[] }) {
  const { org } = useKeys();
  if (line.path.length === 0 && behind.length === 0) return null;
  const linked = (name: string) => <Link to={paths.relay(org, name)}>{name}</Link>;
  return (
    <Section title={relayWords.path}>
      <p>
        {relayWords.control_plane}
        {line.path.map((name) => (
          <Fragment key={name}>
            {" › "}
            {linked(name)}
          </Fragment>
        ))}
        {" › "}
        <strong>{line.relay}</strong>
      </p>
      {behind.length > 0 && (
        <Lines label={relayWords.children}>
          {behind.map((one) => (
            <Line key={one.relay} end={<Status {...statusOf(one.standing)} />}>
              {linked(one.relay)}
            </Line>
          ))}
        </Lines>
      )}
    </Section>
  );
}

function Unknown() {
  const { org, relay } = useKeys();
  return (
    <>
      <PageHead title={relay} />
      <PageBody>
        <State
          title={relayWords.unknown_relay}
          detail={relayWords.unknown_relay_detail}
          actions={<Link to={paths.orgPart(org, "relays")}>{relayWords.all}</Link>}
        />
      </PageBody>
    </>
  );
}

const columnsOf = (org: string): DataColumn<RelayReport>[] => [
  {
    id: "environment",
    head: relayWords.environment,
    cell: ({ project, environment }) => (
      <Link to={paths.environment(org, project, environment, "propagation")}>
        {project} / {environment}
      </Link>
    ),
  },
  {
    id: "standing",
    head: relayWords.standing,
    cell: (report) => (
      <>
        <Status {...statusOf(report.standing)} />
        {report.code !== "" && <Fault report={report} />}
      </>
    ),
  },
  { id: "version", head: relayWords.version, cell: (report) => <code>{report.version}</code> },
  { id: "published", head: relayWords.published, cell: (report) => <code>{report.published}</code> },
  { id: "state", head: relayWords.state, cell: (report) => <code>{report.state}</code> },
  {
    id: "reported",
    head: relayWords.reported,
    cell: (report) => (
      <time dateTime={report.reported_at} title={exactTime(report.reported_at)}>
        {ago(report.reported_at)}
      </time>
    ),
  },
];

function Fault({ report }: { report: RelayReport }) {
  return (
    <p>
      {codeWords(report.code)} <code>{report.code}</code>
      {report.detail !== "" && (
        <>
          {" "}
          <Muted>{report.detail}</Muted>
        </>
      )}
    </p>
  );
}
