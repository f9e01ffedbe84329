import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { apiUrl } from "../../api/base";
import { type ApiKey, type KeyPlace, keysQuery, revokeKey, rotateKey } from "../../api/queries/keys";
import { queries } from "../../api/query";
import { Load } from "../../parts/Load";
import { credentialWords } from "../../text/en/credentials";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { CredentialList } from "./CredentialList";
import { NewKey } from "./NewKey";

const routeOf = ({ org, project, env }: KeyPlace) =>
  `/orgs/${org}${project ? `/projects/${project}` : ""}${env ? `/environments/${env}` : ""}/keys`;

// The keys of one place.
export function KeyList({ place, title, detail }: { place: KeyPlace; title: string; detail: string }) {
  const query = useQuery(keysQuery(place));
  const [isNew, setNew] = useState(false);
  const { queryKey } = keysQuery(place);
  const id = JSON.stringify(queryKey);
  const refresh = useCallback(() => void queries.invalidateQueries({ queryKey: JSON.parse(id) }), [id]);
  const kind = place.env ? "server" : "relay";
  const header = `-H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'`;
  return (
    <>
      <Load query={query} rows={3}>
        {(keys) => (
          <CredentialList<ApiKey>
            title={title}
            detail={detail}
            empty={credentialWords.keys_empty}
            curl={`curl -X POST ${apiUrl(routeOf(place))} \\\n  ${header} \\\n  -d '{"kind":"${kind}","name":"checkout"}'`}
            all={keys}
            describe={(key) => (
              <>
                <code>{key.kind}</code> {key.origins.length > 0 && list(key.origins)}
              </>
            )}
            create={
              <Button kind="primary" icon="add" onPress={() => setNew(true)}>
                {credentialWords.key_new}
              </Button>
            }
            onRotate={async (key, overlap, intention) => (await rotateKey(place, key.id, overlap, intention)).key ?? ""}
            onRevoke={(key) => revokeKey(place, key.id)}
            onRefresh={refresh}
          />
        )}
      </Load>
      {isNew && <NewKey place={place} onClose={() => setNew(false)} />}
    </>
  );
}
