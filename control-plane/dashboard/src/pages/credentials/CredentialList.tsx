import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Lines, Section } from "../../parts/PageHead";
import { usePageSearch, useSetSearch } from "../../parts/page";
import { credentialWords } from "../../text/en/credentials";
import { Button } from "../../ui/Button";
import { Banner, Empty } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { CredentialLine } from "./CredentialLine";
import { type Credential, endingSoon, isOver, successorOf } from "./credential";
import { Rotate } from "./Rotate";
import { schema } from "./search";

interface ListProps<T extends Credential> {
  title: string;
  detail: string;
  empty: string;
  curl: string;
  all: readonly T[];
  describe: (one: T) => ReactNode;
  create: ReactNode;
  onRotate: (one: T, overlap: number, intention: string) => Promise<string>; // the secret of the new one
  onRevoke: (one: T) => Promise<void>;
  onRefresh: () => void;
}

// Keys or tokens: those that are live, those that are over, and what is done with them.
export function CredentialList<T extends Credential>(props: ListProps<T>) {
  const { title, detail, all, describe, create } = props;
  const { rotate, ended } = usePageSearch(schema);
  const set = useSetSearch<typeof schema>();
  const [revoked, setRevoked] = useState<T>();
  const now = Date.now();
  const soon = endingSoon(all, now).length;
  const live = all.filter((one) => !isOver(one, now));
  const over = all.filter((one) => isOver(one, now));
  const rotated = all.find((one) => one.id === rotate);
  if (all.length === 0) {
    return <Empty title={props.empty} detail={detail} actions={create} curl={props.curl} />;
  }
  const lines = (list: readonly T[]) =>
    list.map((one) => (
      <CredentialLine
        key={one.id}
        credential={one}
        successor={successorOf(one, all, now)}
        now={now}
        onRotate={() => set({ rotate: one.id })}
        onRevoke={() => setRevoked(one)}
      >
        {describe(one)}
      </CredentialLine>
    ));
  return (
    <Section title={title} detail={detail} actions={create}>
      {soon > 0 && <Banner tone="stale">{credentialWords.soon(soon)}</Banner>}
      <Lines label={title}>{lines(live)}</Lines>
      {over.length > 0 && (
        <>
          <div>
            <Button
              kind="quiet"
              icon={ended ? "down" : "forward"}
              onPress={() => set({ ended: ended ? undefined : "1" })}
            >
              {credentialWords.ended(over.length)}
            </Button>
          </div>
          {ended && <Lines label={credentialWords.ended(over.length)}>{lines(over)}</Lines>}
        </>
      )}
      {rotated && (
        <Rotate
          old={rotated}
          successor={successorOf(rotated, all, now)}
          onMake={(overlap, intention) => props.onRotate(rotated, overlap, intention)}
          onRevoke={() => props.onRevoke(rotated)}
          onRefresh={props.onRefresh}
          onClose={() => set({ rotate: undefined })}
        />
      )}
      {revoked && (
        <ConfirmDialog
          title={credentialWords.revoke_named(revoked.name || revoked.id)}
          action={credentialWords.revoke}
          onConfirm={async () => {
            await props.onRevoke(revoked);
            toast(credentialWords.revoked(revoked.name || revoked.id));
          }}
          onClose={() => setRevoked(undefined)}
        >
          <p>{credentialWords.revoke_detail}</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}
