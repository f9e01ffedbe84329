import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Tagged } from "../../api/client";
import { membersQuery } from "../../api/queries/members";
import { deleteRole, type RoleDefinition, roleQuery } from "../../api/queries/roles";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted, Narrow, PageBody, PageHead, Section } from "../../parts/PageHead";
import { PermissionGrid } from "../../parts/PermissionGrid";
import { useGo, useKeys } from "../../parts/page";
import { useRolesToGive } from "../../parts/roles";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { roleWords as texts } from "../../text/en/roles";
import { Button } from "../../ui/Button";
import { Banner } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { RoleForm } from "./RoleForm";

export default function RolePage() {
  const { org, id } = useKeys();
  const role = useQuery(roleQuery(org, id));
  const value = role.data?.value;
  return (
    <>
      <PageHead
        title={value?.name || id}
        detail={value?.built_in ? `${id} · ${texts.built_in}` : id}
        actions={<Link to={paths.orgPart(org, "roles")}>{texts.all}</Link>}
      />
      <PageBody>
        <Load query={role} rows={8}>
          {(given) => <Definition org={org} given={given} />}
        </Load>
      </PageBody>
    </>
  );
}

function Definition({ org, given }: { org: string; given: Tagged<RoleDefinition> }) {
  const may = useMay()("manage_roles", org);
  const isMine = useRolesToGive(org).some((role) => role.key === given.value.key);
  const { built_in, key, permissions, description } = given.value;
  const name = given.value.name || key;
  const canEdit = may && isMine && !built_in;
  if (!canEdit) {
    return (
      <>
        <Section title={texts.permissions} detail={description}>
          {built_in ? (
            <Banner tone="info">{texts.built_in_detail}</Banner>
          ) : may ? (
            <Banner tone="info">{texts.more_than_yours}</Banner>
          ) : (
            <WhyNot action="manage_roles" place={org} />
          )}
          <PermissionGrid label={texts.permissions} columns={[{ id: key, head: name, held: permissions }]} />
        </Section>
        <Holders org={org} role={key} />
      </>
    );
  }
  return (
    <>
      <Section title={texts.permissions} detail={texts.permissions_hint}>
        <Narrow>
          <RoleForm org={org} given={given} />
        </Narrow>
      </Section>
      <Holders org={org} role={key} />
      <Delete org={org} role={key} name={name} />
    </>
  );
}

function Delete({ org, role, name }: { org: string; role: string; name: string }) {
  const go = useGo();
  const [isAsking, setAsking] = useState(false);
  return (
    <Section title={texts.delete} detail={texts.delete_detail}>
      <div>
        <Button kind="danger" onPress={() => setAsking(true)}>
          {texts.delete}
        </Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title={texts.delete_named(name)}
          action={texts.delete}
          onConfirm={async () => {
            await deleteRole(org, role);
            toast(texts.deleted(name));
            go(paths.orgPart(org, "roles"), true);
          }}
          onClose={() => setAsking(false)}
        >
          <p>{texts.delete_detail}</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}

const most = 20; // the rest is in the list of members

function Holders({ org, role }: { org: string; role: string }) {
  const members = useQuery(membersQuery(org));
  return (
    <Section title={texts.holders} detail={texts.holders_detail}>
      <Load query={members} rows={2}>
        {(list) => {
          const holders = list.filter((member) => member.role === role);
          if (holders.length === 0) return <Muted>{texts.nobody}</Muted>;
          return (
            <>
              <Lines label={texts.holders}>
                {holders.slice(0, most).map((member) => (
                  <Line key={member.id} end={<Muted>{member.email}</Muted>}>
                    <Link to={paths.member(org, member.id)}>{member.name || member.email}</Link>
                  </Line>
                ))}
              </Lines>
              {holders.length > most && (
                <Link to={`${paths.orgPart(org, "members")}?role=${encodeURIComponent(role)}`}>
                  {texts.n_members(holders.length)}
                </Link>
              )}
            </>
          );
        }}
      </Load>
    </Section>
  );
}
