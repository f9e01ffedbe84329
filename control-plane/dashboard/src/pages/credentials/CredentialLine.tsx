import type { ReactNode } from "react";
import { Line, Muted } from "../../parts/PageHead";
import { credentialWords } from "../../text/en/credentials";
import { ago, exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { Status } from "../../ui/Status";
import { type Credential, daysLeft, standingOf } from "./credential";

interface LineProps {
  credential: Credential;
  successor: Credential | undefined;
  now: number;
  children: ReactNode; // what is particular to its kind
  onRotate: () => void;
  onRevoke: () => void;
}

export function CredentialLine({ credential, successor, now, children, onRotate, onRevoke }: LineProps) {
  const { last_used_at, expires_at, not_before, created_at } = credential;
  const standing = standingOf(credential, now);
  const life = [
    last_used_at ? credentialWords.used(ago(last_used_at)) : credentialWords.unused,
    credentialWords.made(ago(created_at)),
    ...(standing === "not_yet" && not_before ? [credentialWords.from(exactTime(not_before))] : []),
    expires_at ? credentialWords.until(exactTime(expires_at)) : credentialWords.for_ever,
  ];
  const isLive = standing !== "expired" && standing !== "revoked";
  return (
    <Line
      end={
        <>
          <Mark credential={credential} isReplaced={successor !== undefined} now={now} />
          {isLive && (
            <>
              <Button onPress={onRotate}>{successor ? credentialWords.rotate_go_on : credentialWords.rotate}</Button>
              <Button onPress={onRevoke}>{credentialWords.revoke}</Button>
            </>
          )}
        </>
      }
    >
      <span>
        {credential.name || credentialWords.unnamed} {children}
      </span>
      <Muted>{life.join(" · ")}</Muted>
    </Line>
  );
}

function Mark({ credential, isReplaced, now }: { credential: Credential; isReplaced: boolean; now: number }) {
  const standing = standingOf(credential, now);
  if (standing === "revoked")
    return <Status kind="rejected" text={credentialWords.state_revoked(ago(credential.revoked_at ?? now))} />;
  if (standing === "expired") return <Status kind="off" text={credentialWords.state_expired} />;
  if (isReplaced) return <Status kind="rolling_out" text={credentialWords.state_replaced} />;
  if (standing === "not_yet") return <Status kind="scheduled" text={credentialWords.state_not_yet} />;
  if (standing === "soon") return <Status kind="stale" text={credentialWords.state_soon(daysLeft(credential, now))} />;
  return <Status kind="on" text={credentialWords.state_valid} />;
}
