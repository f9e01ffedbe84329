import type { ReactNode } from "react";
import { Line, Lines, Muted } from "../../parts/PageHead";
import { credentialWords } from "../../text/en/credentials";
import { ago, exactTime } from "../../text/format";
import { Banner } from "../../ui/States";
import { type Credential, isUsedSince } from "./credential";

const use = ({ last_used_at }: Credential) =>
  last_used_at ? credentialWords.used(ago(last_used_at)) : credentialWords.unused;

// Both are valid: when each was used last says whether the new one has taken the old one's place.
export function RotateWait({ old, next, children }: { old: Credential; next: Credential; children: ReactNode }) {
  const isUsed = isUsedSince(old, next.created_at);
  return (
    <>
      <p>{credentialWords.rotate_wait}</p>
      <Lines label={credentialWords.rotate_wait}>
        <Line end={<Muted>{use(old)}</Muted>}>{credentialWords.rotate_old}</Line>
        <Line end={<Muted>{use(next)}</Muted>}>{credentialWords.rotate_new}</Line>
      </Lines>
      <Banner tone={isUsed ? "stale" : "info"}>
        {isUsed ? credentialWords.rotate_still : credentialWords.rotate_quiet}
      </Banner>
      {old.expires_at && <Muted>{credentialWords.rotate_ends(exactTime(old.expires_at))}</Muted>}
      {children}
    </>
  );
}
