import { type Member, removeMember } from "../../api/queries/members";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { memberWords } from "../../text/en/members";
import { toast } from "../../ui/toasts";

interface RemoveProps {
  org: string;
  member: Member;
  onRemoved?: () => void;
  onClose: () => void;
}

export function RemoveMember({ org, member, onRemoved, onClose }: RemoveProps) {
  const name = member.name || member.email;
  return (
    <ConfirmDialog
      title={memberWords.remove_named(name)}
      action={memberWords.remove}
      onConfirm={async () => {
        await removeMember(org, member.id);
        toast(memberWords.removed(name));
        onRemoved?.();
      }}
      onClose={onClose}
    >
      <p>{memberWords.remove_detail}</p>
    </ConfirmDialog>
  );
}
