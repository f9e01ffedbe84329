import { useState } from "react";
import type { Member } from "../../api/queries/members";
import { Link } from "../../parts/Link";
import { Line, Muted } from "../../parts/PageHead";
import { paths } from "../../paths";
import { memberWords } from "../../text/en/members";
import { Button } from "../../ui/Button";
import { OrgRole } from "./OrgRole";
import { RemoveMember } from "./RemoveMember";

interface LineProps {
  org: string;
  member: Member;
  isSelf: boolean;
  isReadOnly: boolean;
}

export function MemberLine({ org, member, isSelf, isReadOnly }: LineProps) {
  const [isRemoving, setRemoving] = useState(false);
  return (
    <Line
      end={
        <>
          <OrgRole org={org} member={member} isReadOnly={isReadOnly} />
          {!isReadOnly && <Button onPress={() => setRemoving(true)}>{memberWords.remove}</Button>}
        </>
      }
    >
      <span>
        <Link to={paths.member(org, member.id)}>{member.name || member.email}</Link>{" "}
        {isSelf && <Muted>{memberWords.you}</Muted>} {member.managed_by && <Muted>{memberWords.managed}</Muted>}
      </span>
      {member.name !== "" && <Muted>{member.email}</Muted>}
      {isRemoving && <RemoveMember org={org} member={member} onClose={() => setRemoving(false)} />}
    </Line>
  );
}
