import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { apiUrl } from "../../api/base";
import { type RoleDefinition, rolesQuery } from "../../api/queries/roles";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { OrgTabs } from "../../parts/OrgTabs";
import { Line, Lines, Muted, PageBody, Section } from "../../parts/PageHead";
import { PermissionGrid } from "../../parts/PermissionGrid";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { permissionWords } from "../../text/en";
import { roleWords as texts } from "../../text/en/roles";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/States";
import { NewRole } from "./NewRole";
import { schema } from "./search";

export default function Roles() {
  const { org } = useKeys();
  const may = useMay()("manage_roles", org);
  const roles = useQuery(rolesQuery(org));
  const search = usePageSearch(schema);
  const set = useSetSearch<typeof schema>();
  const add = may && (
    <Button kind="primary" icon="add" onPress={() => set({ new: "1" })}>
      {texts.new}
    </Button>
  );
  return (
    <OrgTabs current="roles">
      <PageBody>
        {!may && <WhyNot action="manage_roles" place={org} />}
        <Load query={roles} rows={12}>
          {(all) => (
            <>
              <Section title={texts.title} detail={texts.detail} actions={add}>
                <PermissionGrid label={texts.title} columns={sorted(all).map(columnOf)} />
              </Section>
              <Section title={texts.own}>
                <Own org={org} roles={all.filter((role) => !role.built_in)} create={add} />
              </Section>
            </>
          )}
        </Load>
      </PageBody>
      {search.new && may && <NewRole org={org} onClose={() => set({ new: undefined })} />}
    </OrgTabs>
  );
}

const columnOf = ({ key, name, permissions }: RoleDefinition) => ({ id: key, head: name || key, held: permissions });

// Those that permit less come first.
const sorted = (roles: readonly RoleDefinition[]) =>
  [...roles].sort((a, b) => a.permissions.length - b.permissions.length || (a.key < b.key ? -1 : 1));

function Own({ org, roles, create }: { org: string; roles: readonly RoleDefinition[]; create: ReactNode }) {
  if (roles.length === 0) {
    const header = `-H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'`;
    const given = `'{"key":"release-manager","permissions":["read","edit","edit_protected"]}'`;
    return (
      <Empty
        title={texts.own_empty}
        detail={texts.own_empty_detail}
        actions={create}
        curl={`curl -X POST ${apiUrl(`/orgs/${org}/roles`)} \\\n  ${header} \\\n  -d ${given}`}
      />
    );
  }
  return (
    <Lines label={texts.own}>
      {roles.map((role) => (
        <Line key={role.key} end={<code>{role.key}</code>}>
          <Link to={paths.role(org, role.key)}>{role.name || role.key}</Link>
          <Muted>
            {role.description || list(role.permissions.map((permission) => permissionWords[permission] ?? permission))}
          </Muted>
        </Line>
      ))}
    </Lines>
  );
}
