import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { invitationsQuery, membersQuery } from "../../api/queries/members";
import { Load } from "../../parts/Load";
import { OrgTabs } from "../../parts/OrgTabs";
import { PageBody, Section } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { roleOptions, useRolesToGive } from "../../parts/roles";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { memberWords } from "../../text/en/members";
import { Button } from "../../ui/Button";
import { SearchField } from "../../ui/SearchField";
import { Invitations } from "./Invitations";
import { Invite } from "./Invite";
import { MemberList } from "./MemberList";
import { schema } from "./search";

export default function Members() {
  const { org } = useKeys();
  const may = useMay()("manage_members", org);
  const { q = "", role } = usePageSearch(schema);
  const set = useSetSearch<typeof schema>();
  const members = useQuery(membersQuery(org));
  const options = roleOptions(useRolesToGive(org));
  const invitations = useQuery({ ...invitationsQuery(org), enabled: may });
  const [isInviting, setInviting] = useState(false);
  const add = may && (
    <Button kind="primary" icon="add" onPress={() => setInviting(true)}>
      {memberWords.invite}
    </Button>
  );
  return (
    <OrgTabs current="members">
      <PageBody>
        {!may && <WhyNot action="manage_members" place={org} />}
        <Section title={memberWords.members} detail={memberWords.detail} actions={add}>
          <SearchField label={memberWords.filter} value={q} onChange={(text) => set({ q: text || undefined })} />
          {role && (
            <div>
              <Button icon="close" onPress={() => set({ role: undefined })}>
                {memberWords.with_role(role)}
              </Button>
            </div>
          )}
          <Load query={members}>{(list) => <MemberList org={org} all={list} isReadOnly={!may} />}</Load>
        </Section>
        {may && (
          <Load query={invitations} rows={1}>
            {(list) => <Invitations org={org} list={list} />}
          </Load>
        )}
      </PageBody>
      {isInviting && <Invite org={org} roles={options} onClose={() => setInviting(false)} />}
    </OrgTabs>
  );
}
