import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type PersonalToken, personalTokensQuery, revokePersonalToken } from "../../api/queries/personal_tokens";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted, PageBody, Section } from "../../parts/PageHead";
import { problemText } from "../../parts/Problem";
import { words } from "../../text/en";
import { meWords } from "../../text/en/me";
import { ago, exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/toasts";
import { MePage } from "./MePage";
import { NewToken } from "./NewToken";

export default function Tokens() {
  const query = useQuery(personalTokensQuery);
  const [isNew, setNew] = useState(false);
  const [revoked, setRevoked] = useState<PersonalToken>();
  const create = (
    <Button kind="primary" icon="add" onPress={() => setNew(true)}>
      {meWords.token_new}
    </Button>
  );
  const revoke = async (token: PersonalToken) => {
    setRevoked(undefined);
    try {
      await revokePersonalToken(token.id);
      toast(meWords.token_revoked(token.name));
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  return (
    <MePage current="tokens">
      <PageBody isNarrow>
        <Load query={query}>
          {(tokens) =>
            tokens.length === 0 ? (
              <Empty title={meWords.tokens_empty} detail={meWords.tokens_detail} actions={create} />
            ) : (
              <Section title={meWords.tokens} detail={meWords.tokens_detail} actions={create}>
                <Lines label={meWords.tokens}>
                  {tokens.map((token) => (
                    <TokenLine key={token.id} token={token} onRevoke={() => setRevoked(token)} />
                  ))}
                </Lines>
              </Section>
            )
          }
        </Load>
      </PageBody>
      {isNew && <NewToken onClose={() => setNew(false)} />}
      {revoked && (
        <Dialog
          title={meWords.token_revoke_named(revoked.name)}
          isOpen
          isAlert
          onClose={() => setRevoked(undefined)}
          actions={
            <>
              <Button onPress={() => setRevoked(undefined)}>{words.cancel}</Button>
              <Button kind="danger" onPress={() => void revoke(revoked)}>
                {meWords.token_revoke}
              </Button>
            </>
          }
        >
          <p>{meWords.token_revoke_detail}</p>
        </Dialog>
      )}
    </MePage>
  );
}

function TokenLine({ token, onRevoke }: { token: PersonalToken; onRevoke: () => void }) {
  const used = token.last_used_at ? meWords.token_used(ago(token.last_used_at)) : meWords.token_unused;
  const until = token.expires_at ? meWords.token_until(exactTime(token.expires_at)) : meWords.token_forever;
  return (
    <Line
      end={
        token.revoked_at ? (
          <Status kind="rejected" text={ago(token.revoked_at)} />
        ) : (
          <Button onPress={onRevoke}>{meWords.token_revoke}</Button>
        )
      }
    >
      <span>
        {token.name} <code>{token.prefix}</code>
      </span>
      <Muted>
        {token.scopes.join(", ")} · {used} · {until}
      </Muted>
    </Line>
  );
}
