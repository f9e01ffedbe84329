import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { invitationsQuery, membersQuery, rolesQuery } from "../../api/queries/members";
import { Load } from "../../parts/Load";
import { OrgTabs } from "../../parts/OrgTabs";
import { Lines, PageBody, Section } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { accessTo, useMay, useMe } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { memberWords } from "../../text/en/members";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { NothingFound } from "../../ui/States";
import { Invitations } from "./Invitations";
import { Invite } from "./Invite";
import { MemberLine } from "./MemberLine";
import { schema } from "./search";

export default function Members() {
  const { org } = useKeys();
  const me = useMe();
  const may = useMay()("manage_members", org);
  const { q = "" } = usePageSearch(schema);
  const set = useSetSearch<typeof schema>();
  const members = useQuery(membersQuery(org));
  const roles = useQuery(rolesQuery(org));
  const invitations = useQuery({ ...invitationsQuery(org), enabled: may });
  const [isInviting, setInviting] = useState(false);
  const held = accessTo(me, org)?.permissions ?? [];
  const options = (roles.data ?? [])
    .filter((role) => role.permissions.every((permission) => held.includes(permission)))
    .map((role) => ({ id: role.key, label: role.name || role.key }));
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
          <Field
            label={memberWords.filter}
            isLabelHidden
            inputMode="search"
            placeholder={memberWords.filter}
            value={q}
            onChange={(text) => set({ q: text || undefined })}
          />
          <Load query={members}>
            {(list) => {
              const found = list.filter((one) => `${one.name}\n${one.email}`.toLowerCase().includes(q.toLowerCase()));
              if (found.length === 0 && q !== "")
                return <NothingFound filters={[q]} onRemove={() => set({ q: undefined })} />;
              return (
                <Lines label={memberWords.members}>
                  {found.map((member) => (
                    <MemberLine
                      key={member.id}
                      org={org}
                      member={member}
                      isSelf={member.id === me?.user?.id}
                      roles={options}
                      isReadOnly={!may}
                    />
                  ))}
                </Lines>
              );
            }}
          </Load>
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
