import { useQuery } from "@tanstack/react-query";
import { type Group, type GroupRule, groupRolesQuery, groupsQuery } from "../../api/queries/groups";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { OrgTabs } from "../../parts/OrgTabs";
import { Muted, PageBody, Section } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { menuWords } from "../../text/en/frame";
import { groupWords as texts } from "../../text/en/groups";
import { count, list } from "../../text/format";
import { type DataColumn, DataTable } from "../../ui/DataTable";
import { Empty } from "../../ui/States";
import { RulesForm } from "./RulesForm";

export default function Groups() {
  const { org } = useKeys();
  const may = useMay()("manage_organisation", org);
  const groups = useQuery(groupsQuery(org));
  const rules = useQuery({ ...groupRolesQuery(org), enabled: may });
  return (
    <OrgTabs current="groups">
      <PageBody>
        <Section title={texts.title} detail={texts.detail}>
          <Load query={groups} rows={3}>
            {(all) =>
              all.length === 0 ? (
                <Empty
                  title={texts.empty}
                  detail={texts.empty_detail}
                  actions={may && <Link to={paths.orgPart(org, "sign-in")}>{menuWords["sign-in"]}</Link>}
                />
              ) : (
                <DataTable
                  label={texts.title}
                  columns={columnsOf(rules.data?.value.rules)}
                  rows={all}
                  idOf={(group) => `${group.source}/${group.name}`}
                />
              )
            }
          </Load>
        </Section>
        <Section title={texts.rules} detail={texts.rules_detail}>
          {may ? (
            <Load query={rules} rows={3}>
              {(given) => <RulesForm org={org} given={given} known={groups.data ?? []} />}
            </Load>
          ) : (
            <WhyNot action="configure_sign_on" place={org} />
          )}
        </Section>
      </PageBody>
    </OrgTabs>
  );
}

// The rules are for owners to read.
function columnsOf(rules: readonly GroupRule[] | undefined): DataColumn<Group>[] {
  const columns: DataColumn<Group>[] = [
    { id: "name", head: texts.name, isRowHead: true, cell: (group) => group.name },
    { id: "source", head: texts.source, cell: (group) => texts.sources[group.source] },
    { id: "members", head: texts.members, isEnd: true, cell: (group) => count(group.members) },
  ];
  if (!rules) return columns;
  return [...columns, { id: "gives", head: texts.gives, cell: (group) => <Gives group={group.name} rules={rules} /> }];
}

const placeOf = ({ project, environment }: GroupRule): string =>
  project ? (environment ? `${project} / ${environment}` : project) : texts.organisation;

function Gives({ group, rules }: { group: string; rules: readonly GroupRule[] }) {
  const own = rules.filter((rule) => rule.group === group);
  if (own.length === 0) return <Muted>{texts.nothing}</Muted>;
  return list(own.map((rule) => texts.in_place(rule.role, placeOf(rule))));
}
