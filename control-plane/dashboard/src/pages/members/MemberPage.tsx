import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Member, membersQuery } from "../../api/queries/members";
import { projectsQuery } from "../../api/queries/projects";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Narrow, PageBody, PageHead, Section } from "../../parts/PageHead";
import { useGo, useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useMay, useMe } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { auditWords } from "../../text/en/audit";
import { memberWords as texts } from "../../text/en/members";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { State } from "../../ui/States";
import { Access } from "./Access";
import { OrgRole } from "./OrgRole";
import { RemoveMember } from "./RemoveMember";
import { memberSchema } from "./search";

// Which roles somebody has where, and what they may do by them.
export default function MemberPage() {
  const { org, id } = useKeys();
  const members = useQuery(membersQuery(org));
  return (
    <Load query={members}>
      {(list) => {
        const member = list.find((one) => one.id === id);
        return member ? <Found org={org} member={member} /> : <Unknown org={org} id={id} />;
      }}
    </Load>
  );
}

function Found({ org, member }: { org: string; member: Member }) {
  const isSelf = useMe()?.user?.id === member.id;
  const may = useMay()("manage_members", org);
  const go = useGo();
  const projects = useQuery(projectsQuery(org));
  const search = usePageSearch(memberSchema);
  const set = useSetSearch<typeof memberSchema>();
  const [isRemoving, setRemoving] = useState(false);
  const name = member.name || member.email;
  const mark = isSelf ? texts.you : member.managed_by ? texts.managed : undefined;
  return (
    <>
      <PageHead
        title={name}
        detail={[member.email, ...(mark ? [mark] : [])].join(" · ")}
        actions={
          <>
            <Link to={paths.orgPart(org, "members")}>{texts.all}</Link>
            {may && <Button onPress={() => setRemoving(true)}>{texts.remove}</Button>}
          </>
        }
      />
      <PageBody>
        {!may && <WhyNot action="manage_members" place={org} />}
        <Section title={texts.roles} detail={texts.roles_detail}>
          <Lines label={texts.organisation}>
            <Line end={<OrgRole org={org} member={member} isReadOnly={!may} />}>{texts.organisation}</Line>
          </Lines>
          <Load query={projects} rows={2}>
            {(list) => {
              const chosen = list.find((one) => one.key === search.project) ?? list[0];
              if (!chosen) return <p>{texts.no_projects}</p>;
              return (
                <>
                  {list.length > 1 && (
                    <Narrow>
                      <Select
                        label={texts.project}
                        options={list.map(({ key, name: label }) => ({ id: key, label: label || key }))}
                        value={chosen.key}
                        onChange={(project) => set({ project })}
                      />
                    </Narrow>
                  )}
                  <Access org={org} project={chosen} member={member} />
                </>
              );
            }}
          </Load>
        </Section>
      </PageBody>
      {isRemoving && (
        <RemoveMember
          org={org}
          member={member}
          onRemoved={() => go(paths.orgPart(org, "members"))}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  );
}

function Unknown({ org, id }: { org: string; id: string }) {
  return (
    <>
      <PageHead title={id} />
      <PageBody>
        <State
          title={texts.unknown}
          detail={texts.unknown_detail}
          actions={
            <>
              <Link to={paths.orgPart(org, "members")}>{texts.all}</Link>
              <Link to={paths.audit(org, `?resource=${encodeURIComponent(`members/${id}`)}`)}>{auditWords.title}</Link>
            </>
          }
        />
      </PageBody>
    </>
  );
}
