import { useState } from "react";
import { type OpenInvitation, withdrawInvitation } from "../../api/queries/members";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Line, Lines, Muted, Section } from "../../parts/PageHead";
import { memberWords } from "../../text/en/members";
import { exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { toast } from "../../ui/toasts";

export function Invitations({ org, list }: { org: string; list: readonly OpenInvitation[] }) {
  const [chosen, setChosen] = useState<OpenInvitation>();
  if (list.length === 0 && !chosen) return null;
  return (
    <Section title={memberWords.invitations}>
      <Lines label={memberWords.invitations}>
        {list.map((one) => (
          <Line key={one.id} end={<Button onPress={() => setChosen(one)}>{memberWords.withdraw}</Button>}>
            <span>
              {one.name} {one.email} <code>{one.role}</code>
            </span>
            <Muted>{memberWords.invited(exactTime(one.expires_at))}</Muted>
          </Line>
        ))}
      </Lines>
      {chosen && (
        <ConfirmDialog
          title={memberWords.withdraw_named(chosen.email)}
          action={memberWords.withdraw}
          onConfirm={async () => {
            await withdrawInvitation(org, chosen.id);
            toast(memberWords.withdrawn(chosen.email));
          }}
          onClose={() => setChosen(undefined)}
        >
          <p>{memberWords.withdraw_detail}</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}
