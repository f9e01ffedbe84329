import { type Member, setRole } from "../../api/queries/members";
import { problemText } from "../../parts/Problem";
import { roleOptions, useRolesToGive } from "../../parts/roles";
import { memberWords } from "../../text/en/members";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";

interface RoleProps {
  org: string;
  member: Member;
  isReadOnly: boolean;
}

// Somebody's role in the organisation. One that the person who looks cannot give, they cannot take away either.
export function OrgRole({ org, member, isReadOnly }: RoleProps) {
  const roles = useRolesToGive(org);
  const name = member.name || member.email;
  const change = async (role: string) => {
    try {
      await setRole(org, member.id, role);
      toast(memberWords.role_saved(name, role));
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  if (isReadOnly || !roles.some((role) => role.key === member.role)) return <code>{member.role}</code>;
  return (
    <Select
      label={memberWords.role_of(name)}
      isLabelHidden
      options={roleOptions(roles)}
      value={member.role}
      onChange={(role) => role !== member.role && void change(role)}
    />
  );
}
