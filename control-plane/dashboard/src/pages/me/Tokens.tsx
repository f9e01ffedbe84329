import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { apiUrl } from "../../api/base";
import {
  type PersonalToken,
  personalTokensQuery,
  refreshPersonalTokens,
  revokePersonalToken,
  rotatePersonalToken,
} from "../../api/queries/personal_tokens";
import { Load } from "../../parts/Load";
import { PageBody } from "../../parts/PageHead";
import { permissionWords } from "../../text/en";
import { meWords } from "../../text/en/me";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { CredentialList } from "../credentials/CredentialList";
import { MePage } from "./MePage";
import { NewToken } from "./NewToken";

const header = `-H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'`;
const refresh = () => void refreshPersonalTokens();

export default function Tokens() {
  const query = useQuery(personalTokensQuery);
  const [isNew, setNew] = useState(false);
  return (
    <MePage current="tokens">
      <PageBody>
        <Load query={query} rows={3}>
          {(tokens) => (
            <CredentialList<PersonalToken>
              title={meWords.tokens}
              detail={meWords.tokens_detail}
              empty={meWords.tokens_empty}
              curl={`curl -X POST ${apiUrl("/auth/tokens")} \\\n  ${header} \\\n  -d '{"name":"report","scopes":["read"]}'`}
              all={tokens}
              describe={({ prefix, scopes }) => (
                <>
                  <code>{prefix}</code> {list(scopes.map((scope) => permissionWords[scope] ?? scope))}
                </>
              )}
              create={
                <Button kind="primary" icon="add" onPress={() => setNew(true)}>
                  {meWords.token_new}
                </Button>
              }
              onRotate={async (token, overlap) => (await rotatePersonalToken(token.id, overlap)).token ?? ""}
              onRevoke={(token) => revokePersonalToken(token.id)}
              onRefresh={refresh}
            />
          )}
        </Load>
      </PageBody>
      {isNew && <NewToken onClose={() => setNew(false)} />}
    </MePage>
  );
}
