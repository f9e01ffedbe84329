import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Tagged } from "../../api/client";
import { deleteWebhook, saveWebhook, testWebhook, type Webhook, webhookQuery } from "../../api/queries/webhooks";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { EditForm } from "../../parts/EditForm";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Narrow, PageBody, PageHead, Section } from "../../parts/PageHead";
import { Problem, problemText } from "../../parts/Problem";
import { useGo, useKeys, useSetSearch } from "../../parts/page";
import { useMay } from "../../parts/session";
import { useEdit } from "../../parts/use_edit";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { webhookWords as texts } from "../../text/en/webhooks";
import { Button } from "../../ui/Button";
import { Banner } from "../../ui/States";
import { Status } from "../../ui/Status";
import { toast } from "../../ui/toasts";
import { Deliveries } from "./Deliveries";
import { Secret } from "./Secret";
import type { webhookSchema } from "./search";
import { statusOf } from "./status";
import { pointers, WebhookFields } from "./WebhookFields";

export default function WebhookPage() {
  const { org, id } = useKeys();
  const may = useMay()("manage_webhooks", org);
  const webhook = useQuery({ ...webhookQuery(org, id), enabled: may });
  if (!may) {
    return (
      <PageBody>
        <WhyNot action="manage_webhooks" place={org} />
      </PageBody>
    );
  }
  if (webhook.isError && !webhook.data) {
    return (
      <PageBody>
        <Problem isPage error={webhook.error} onRetry={() => void webhook.refetch()} />
      </PageBody>
    );
  }
  return <Load query={webhook}>{(given) => <Found key={id} org={org} given={given} />}</Load>;
}

function Found({ org, given }: { org: string; given: Tagged<Webhook> }) {
  const { id, url } = given.value;
  const name = given.value.name || texts.unnamed;
  const go = useGo();
  const [isDeleting, setDeleting] = useState(false);
  return (
    <>
      <PageHead
        title={name}
        detail={url}
        mark={<Status {...statusOf(given.value)} />}
        actions={<Actions org={org} given={given} />}
      />
      <PageBody>
        <Disabled webhook={given.value} />
        <Deliveries org={org} webhook={id} />
        <Section title={texts.settings}>
          <Narrow>
            <Settings org={org} given={given} />
          </Narrow>
        </Section>
        <Secret org={org} webhook={given.value} />
        <Section title={texts.delete} detail={texts.delete_detail}>
          <div>
            <Button kind="danger" onPress={() => setDeleting(true)}>
              {texts.delete}
            </Button>
          </div>
        </Section>
      </PageBody>
      {isDeleting && (
        <ConfirmDialog
          title={texts.delete_named(name)}
          action={texts.delete}
          onConfirm={async () => {
            await deleteWebhook(org, id);
            toast(texts.deleted(name));
            go(paths.orgPart(org, "webhooks"), true);
          }}
          onClose={() => setDeleting(false)}
        >
          <p>{texts.delete_detail}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

// At once, as each is undone by its opposite.
function Actions({ org, given }: { org: string; given: Tagged<Webhook> }) {
  const { id, enabled } = given.value;
  const name = given.value.name || texts.unnamed;
  const set = useSetSearch<typeof webhookSchema>();
  const attempt = async (work: () => Promise<string>) => {
    try {
      toast(await work());
    } catch (error) {
      toast(problemText(error), { tone: "failed" });
    }
  };
  const turn = () =>
    attempt(async () => {
      await saveWebhook(org, id, { enabled: !enabled }, given.etag);
      return enabled ? texts.disabled(name) : texts.enabled(name);
    });
  const test = () =>
    attempt(async () => {
      set({ delivery: (await testWebhook(org, id)).id });
      return texts.test_sent;
    });
  return (
    <>
      <Link to={paths.orgPart(org, "webhooks")}>{texts.all}</Link>
      <Button onPress={() => void test()}>{texts.test}</Button>
      <Button kind={enabled ? "plain" : "primary"} onPress={() => void turn()}>
        {enabled ? texts.disable : texts.enable}
      </Button>
    </>
  );
}

function Disabled({ webhook: { enabled, disabled_reason: reason } }: { webhook: Webhook }) {
  if (enabled || !reason) return null;
  return <Banner tone="danger">{reason === "gone" ? texts.disabled_gone : texts.disabled_failing}</Banner>;
}

const fields = {
  name: texts.name,
  url: texts.url,
  template: texts.template,
  events: texts.events,
  projects: texts.projects,
  environments: texts.environments,
};

function Settings({ org, given }: { org: string; given: Tagged<Webhook> }) {
  const { id } = given.value;
  const edit = useEdit<Webhook>(`${org}/webhooks/${id}`, given, (changes, etag) =>
    saveWebhook(org, id, changes as never, etag),
  );
  return (
    <EditForm edit={edit} fields={fields} pointers={pointers} saved={texts.saved(edit.value.name || texts.unnamed)}>
      <WebhookFields org={org} value={edit.value} onChange={edit.set} at={edit.attempt.at} />
    </EditForm>
  );
}
