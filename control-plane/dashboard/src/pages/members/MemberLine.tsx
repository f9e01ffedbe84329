import { useState } from "react";
import { type Member, removeMember, setRole } from "../../api/queries/members";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Line, Muted } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { memberWords } from "../../text/en/members";
import { Button } from "../../ui/Button";
import { type Option, Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";

interface LineProps {
  org: string;
  member: Member;
  isSelf: boolean;
  roles: readonly Option[]; // that the person who looks can give
  isReadOnly: boolean;
}

export function MemberLine({ org, member, isSelf, roles, isReadOnly }: LineProps) {
  const [isRemoving, setRemoving] = useState(false);
  const name = member.name || member.email;
  // A role that the person cannot give is shown, and cannot be taken away by them either.
  const isFixed = isReadOnly || !roles.some((role) => role.id === member.role);
  const change = async (role: string) => {
    try {
      await setRole(org, member.id, role);
      toast(memberWords.role_saved(name, role));
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  return (
    <Line
      end={
        isFixed ? (
          <code>{member.role}</code>
        ) : (
          <>
            <Select
              label={memberWords.role_of(name)}
              isLabelHidden
              options={roles}
              value={member.role}
              onChange={(role) => role !== member.role && void change(role)}
            />
            <Button onPress={() => setRemoving(true)}>{memberWords.remove}</Button>
          </>
        )
      }
    >
      <span>
        {name} {isSelf && <Muted>{memberWords.you}</Muted>} {member.managed_by && <Muted>{memberWords.managed}</Muted>}
      </span>
      <Muted>{member.email}</Muted>
      {isRemoving && (
        <ConfirmDialog
          title={memberWords.remove_named(name)}
          action={memberWords.remove}
          onConfirm={async () => {
            await removeMember(org, member.id);
            toast(memberWords.removed(name));
          }}
          onClose={() => setRemoving(false)}
        >
          <p>{memberWords.remove_detail}</p>
        </ConfirmDialog>
      )}
    </Line>
  );
}
