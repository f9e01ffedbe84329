import { useQuery } from "@tanstack/react-query";
import { apiUrl } from "../../api/base";
import { type Webhook, webhooksQuery } from "../../api/queries/webhooks";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { OrgTabs } from "../../parts/OrgTabs";
import { Line, Lines, Muted, PageBody, Section } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { useMay } from "../../parts/session";
import { WhyNot } from "../../parts/WhyNot";
import { paths } from "../../paths";
import { webhookWords as texts } from "../../text/en/webhooks";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import { NewWebhook } from "./NewWebhook";
import { schema } from "./search";
import { statusOf } from "./status";

export default function Webhooks() {
  const { org } = useKeys();
  const may = useMay()("manage_webhooks", org);
  return (
    <OrgTabs current="webhooks">
      <PageBody>{may ? <List org={org} /> : <WhyNot action="manage_webhooks" place={org} />}</PageBody>
    </OrgTabs>
  );
}

function List({ org }: { org: string }) {
  const webhooks = useQuery(webhooksQuery(org));
  const search = usePageSearch(schema);
  const set = useSetSearch<typeof schema>();
  const add = (
    <Button kind="primary" icon="add" onPress={() => set({ new: "1" })}>
      {texts.new}
    </Button>
  );
  const header = `-H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json'`;
  return (
    <>
      <Load query={webhooks} rows={3}>
        {(all) =>
          all.length === 0 ? (
            <Empty
              title={texts.empty}
              detail={texts.empty_detail}
              actions={add}
              curl={`curl -X POST ${apiUrl(`/orgs/${org}/webhooks`)} \\\n  ${header} \\\n  -d '{"url":"https://hooks.example.com/fanion"}'`}
            />
          ) : (
            <Section title={texts.title} detail={texts.detail} actions={add}>
              <Lines label={texts.title}>
                {all.map((webhook) => (
                  <WebhookLine key={webhook.id} org={org} webhook={webhook} />
                ))}
              </Lines>
            </Section>
          )
        }
      </Load>
      {search.new && <NewWebhook org={org} onClose={() => set({ new: undefined })} />}
    </>
  );
}

function WebhookLine({ org, webhook }: { org: string; webhook: Webhook }) {
  const { id, name, url, template, events, projects, environments } = webhook;
  const filters = [
    events.length === 0 ? texts.all_events : list(events),
    ...(projects.length > 0 ? [list(projects)] : []),
    ...(environments.length > 0 ? [list(environments)] : []),
  ];
  return (
    <Line end={<Status {...statusOf(webhook)} />}>
      <span>
        <Link to={paths.webhook(org, id)}>{name || url}</Link> <Muted>{texts.templates[template]}</Muted>
      </span>
      {name !== "" && <Muted>{url}</Muted>}
      <Muted>{filters.join(" · ")}</Muted>
    </Line>
  );
}
