import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { apiUrl } from "../../api/base";
import {
  revokeServiceToken,
  rotateServiceToken,
  type ServiceToken,
  serviceTokensQuery,
} from "../../api/queries/service_tokens";
import { queries } from "../../api/query";
import { Load } from "../../parts/Load";
import { OrgTabs } from "../../parts/OrgTabs";
import { PageBody } from "../../parts/PageHead";
import { useKeys } from "../../parts/page";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { permissionWords } from "../../text/en";
import { credentialWords } from "../../text/en/credentials";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { CredentialList } from "./CredentialList";
import { NewServiceToken } from "./NewServiceToken";

export default function ServiceTokens() {
  const { org } = useKeys();
  const may = useMay()("manage_tokens", org);
  return (
    <OrgTabs current="tokens">
      <PageBody>{may ? <Tokens org={org} /> : <WhyNot action="manage_tokens" place={org} />}</PageBody>
    </OrgTabs>
  );
}

function Tokens({ org }: { org: string }) {
  const query = useQuery(serviceTokensQuery(org));
  const [isNew, setNew] = useState(false);
  const refresh = useCallback(
    () => void queries.invalidateQueries({ queryKey: serviceTokensQuery(org).queryKey }),
    [org],
  );
  const header = `-H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'`;
  return (
    <>
      <Load query={query} rows={3}>
        {(tokens) => (
          <CredentialList<ServiceToken>
            title={credentialWords.tokens}
            detail={credentialWords.tokens_detail}
            empty={credentialWords.tokens_empty}
            curl={`curl -X POST ${apiUrl(`/orgs/${org}/tokens`)} \\\n  ${header} \\\n  -d '{"name":"ci","role":"developer"}'`}
            all={tokens}
            describe={(token) => (
              <>
                <code>{token.prefix}</code> {token.role}:{" "}
                {list(token.scopes.map((scope) => permissionWords[scope] ?? scope))}
              </>
            )}
            create={
              <Button kind="primary" icon="add" onPress={() => setNew(true)}>
                {credentialWords.token_new}
              </Button>
            }
            onRotate={async (token, overlap, intention) =>
              (await rotateServiceToken(org, token.id, overlap, intention)).token ?? ""
            }
            onRevoke={(token) => revokeServiceToken(org, token.id)}
            onRefresh={refresh}
          />
        )}
      </Load>
      {isNew && <NewServiceToken org={org} onClose={() => setNew(false)} />}
    </>
  );
}
