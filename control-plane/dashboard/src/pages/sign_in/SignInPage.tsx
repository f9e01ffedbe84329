import { useQuery } from "@tanstack/react-query";
import { apiUrl } from "../../api/base";
import { type IdentityProvider, identityProvidersQuery } from "../../api/queries/identity_providers";
import { signInQuery } from "../../api/queries/organisation";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { OrgTabs } from "../../parts/OrgTabs";
import { Line, Lines, Muted, PageBody, Section } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { organisationWords } from "../../text/en/organisation";
import { signOnWords as texts } from "../../text/en/sign_on";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import { NewProvider } from "./NewProvider";
import { SecondFactorForm } from "./SecondFactorForm";
import { schema } from "./search";

// How members of an organisation sign in.
export default function SignInPage() {
  const { org } = useKeys();
  const may = useMay()("manage_organisation", org);
  const signIn = useQuery(signInQuery(org));
  return (
    <OrgTabs current="sign-in">
      <PageBody isNarrow>
        {!may && <WhyNot action="configure_sign_on" place={org} />}
        <Section title={organisationWords.second_factor} detail={organisationWords.second_factor_detail}>
          <Load query={signIn} rows={1}>
            {(given) =>
              may ? <SecondFactorForm org={org} given={given} /> : <p>{organisationWords[given.value.second_factor]}</p>
            }
          </Load>
        </Section>
        {may && <Providers org={org} />}
      </PageBody>
    </OrgTabs>
  );
}

function Providers({ org }: { org: string }) {
  const providers = useQuery(identityProvidersQuery(org));
  const search = usePageSearch(schema);
  const set = useSetSearch<typeof schema>();
  const add = (
    <Button kind="primary" icon="add" onPress={() => set({ new: "1" })}>
      {texts.new}
    </Button>
  );
  const header = `-H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'`;
  const given = `'{"key":"company","issuer":"https://login.example.com","client_id":"fanion","client_secret":"..."}'`;
  return (
    <>
      <Load query={providers} rows={2}>
        {(all) =>
          all.length === 0 ? (
            <Empty
              title={texts.empty}
              detail={texts.empty_detail}
              actions={add}
              curl={`curl -X POST ${apiUrl(`/orgs/${org}/identity-providers`)} \\\n  ${header} \\\n  -d ${given}`}
            />
          ) : (
            <Section title={texts.title} detail={texts.detail} actions={add}>
              <Lines label={texts.title}>
                {all.map((provider) => (
                  <ProviderLine key={provider.key} org={org} provider={provider} />
                ))}
              </Lines>
            </Section>
          )
        }
      </Load>
      {search.new && <NewProvider org={org} onClose={() => set({ new: undefined })} />}
    </>
  );
}

function ProviderLine({ org, provider }: { org: string; provider: IdentityProvider }) {
  const { key, name, issuer, domains = [], enabled } = provider;
  return (
    <Line end={<Status kind={enabled ? "on" : "off"} text={enabled ? texts.on : texts.off} />}>
      <Link to={paths.identityProvider(org, key)}>{name || key}</Link>
      <Muted>{[issuer, list(domains)].filter((text) => text !== "").join(" · ")}</Muted>
    </Line>
  );
}
