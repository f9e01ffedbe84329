import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { publicUrl } from "../../api/base";
import { deleteIdentityProvider, identityProviderQuery } from "../../api/queries/identity_providers";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Muted, PageBody, PageHead, Section } from "../../parts/PageHead";
import { useGo, useKeys } from "../../parts/page";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { signOnWords as texts } from "../../text/en/sign_on";
import { Button } from "../../ui/Button";
import { CopyText } from "../../ui/CopyText";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/toasts";
import { Callback } from "./Callback";
import { ProviderForm } from "./ProviderForm";

export default function ProviderPage() {
  const { org, id } = useKeys();
  const may = useMay()("manage_organisation", org);
  const provider = useQuery({ ...identityProviderQuery(org, id), enabled: may });
  const value = provider.data?.value;
  return (
    <>
      <PageHead
        title={value?.name || id}
        detail={value?.issuer}
        mark={value && <Status kind={value.enabled ? "on" : "off"} text={value.enabled ? texts.on : texts.off} />}
        actions={<Link to={paths.orgPart(org, "sign-in")}>{texts.all}</Link>}
      />
      <PageBody isNarrow>
        {may ? (
          <Load query={provider} rows={8}>
            {(given) => (
              <>
                <Section title={texts.settings}>
                  <ProviderForm org={org} given={given} />
                </Section>
                <Addresses org={org} provider={id} />
                <Remove org={org} provider={id} name={given.value.name || id} />
              </>
            )}
          </Load>
        ) : (
          <WhyNot action="configure_sign_on" place={org} />
        )}
      </PageBody>
    </>
  );
}

function Addresses({ org, provider }: { org: string; provider: string }) {
  return (
    <>
      <Section title={texts.at_provider} detail={texts.at_provider_detail}>
        <Callback />
      </Section>
      <Section title={texts.link} detail={texts.link_detail}>
        <CopyText text={new URL(`ui${paths.singleSignOn(org, provider)}`, publicUrl).href} isBlock />
        <Muted>{texts.try_detail}</Muted>
      </Section>
    </>
  );
}

function Remove({ org, provider, name }: { org: string; provider: string; name: string }) {
  const go = useGo();
  const [isAsking, setAsking] = useState(false);
  return (
    <Section title={texts.delete} detail={texts.delete_detail}>
      <div>
        <Button kind="danger" onPress={() => setAsking(true)}>
          {texts.delete}
        </Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title={texts.delete_named(name)}
          action={texts.delete}
          typed={provider}
          onConfirm={async () => {
            await deleteIdentityProvider(org, provider);
            toast(texts.deleted(name));
            go(paths.orgPart(org, "sign-in"), true);
          }}
          onClose={() => setAsking(false)}
        >
          <p>{texts.delete_detail}</p>
        </ConfirmDialog>
      )}
    </Section>
  );
}
