import { useState } from "react";
import type { Member } from "../../api/queries/members";
import { Lines } from "../../parts/PageHead";
import { usePageSearch, useSetSearch } from "../../parts/page";
import { useMe } from "../../parts/session";
import { memberWords } from "../../text/en/members";
import { Button } from "../../ui/Button";
import { NothingFound } from "../../ui/States";
import { MemberLine } from "./MemberLine";
import { schema } from "./search";

const step = 100; // an organisation may have thousands

export function MemberList({ org, all, isReadOnly }: { org: string; all: readonly Member[]; isReadOnly: boolean }) {
  const me = useMe()?.user?.id;
  const { q, role } = usePageSearch(schema);
  const set = useSetSearch<typeof schema>();
  const [limit, setLimit] = useState(step);
  const found = all.filter(
    (one) =>
      (role === undefined || one.role === role) &&
      `${one.name}\n${one.email}`.toLowerCase().includes((q ?? "").toLowerCase()),
  );
  if (found.length === 0) {
    return (
      <NothingFound
        filters={[q, role].filter((filter) => filter !== undefined)}
        onRemove={(filter) => set(filter === q ? { q: undefined } : { role: undefined })}
      />
    );
  }
  return (
    <>
      <Lines label={memberWords.members}>
        {found.slice(0, limit).map((member) => (
          <MemberLine key={member.id} org={org} member={member} isSelf={member.id === me} isReadOnly={isReadOnly} />
        ))}
      </Lines>
      {found.length > limit && (
        <div>
          <Button onPress={() => setLimit(limit + step)}>
            {memberWords.more(Math.min(step, found.length - limit))}
          </Button>
        </div>
      )}
    </>
  );
}
