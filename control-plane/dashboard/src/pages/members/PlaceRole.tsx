import type { Member } from "../../api/queries/members";
import { assignRole, unassignRole } from "../../api/queries/roles";
import { type Access, type Place, roleAt } from "../../model/index";
import { Line, Muted } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { roleOptions, useRolesToGive } from "../../parts/roles";
import { useMay } from "../../parts/session";
import { memberWords as texts } from "../../text/en/members";
import { Select } from "../../ui/Select";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/toasts";

interface PlaceProps {
  org: string;
  place: Place;
  placeName: string;
  member: Member;
  access: Access;
  isProtected: boolean;
}

const inherited = "-"; // no key of a role

// The role that applies at a place, where it was given, and another one to give there.
export function PlaceRole({ org, place, placeName, member, access, isProtected }: PlaceProps) {
  const { project = "", environment: env } = place;
  const may = useMay()("manage_members", org, project, env);
  const roles = useRolesToGive(org, project, env);
  const applies = roleAt(access, place);
  const isOwn = applies.from === (env ? "environment" : "project");
  const name = member.name || member.email;
  const isFixed = !may || member.role === "owner" || !roles.some((role) => role.key === applies.role);
  const change = async (role: string) => {
    const at = { org, project, ...(env ? { env } : {}) };
    try {
      if (role === inherited) await unassignRole(at, member.id);
      else await assignRole(at, member.id, role);
      toast(role === inherited ? texts.role_taken(name, env ?? project) : texts.role_given(name, role, env ?? project));
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  const value = isOwn ? applies.role : inherited;
  return (
    <Line
      end={
        isFixed ? (
          <code>{applies.role}</code>
        ) : (
          <Select
            label={texts.role_in(name, placeName)}
            isLabelHidden
            value={value}
            onChange={(role) => role !== value && void change(role)}
            options={[{ id: inherited, label: texts.as_in[env ? "project" : "organisation"] }, ...roleOptions(roles)]}
          />
        )
      }
    >
      <span>
        {placeName} {isProtected && <Status kind="protected" />}
      </span>
      <Muted>
        {texts.place_role(applies.role, texts.from[applies.from === "environment" || isOwn ? "here" : applies.from])}
      </Muted>
    </Line>
  );
}
