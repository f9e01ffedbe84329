import { useInfiniteQuery } from "@tanstack/react-query";
import { type DeliveryLine, type DeliveryState, deliveriesQuery } from "../../api/queries/webhooks";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Muted, Section } from "../../parts/PageHead";
import { usePageSearch, useSetSearch } from "../../parts/page";
import { paths } from "../../paths";
import { webhookWords as texts } from "../../text/en/webhooks";
import { ago, count, exactTime } from "../../text/format";
import { Button } from "../../ui/Button";
import { type DataColumn, DataTable } from "../../ui/DataTable";
import { Select } from "../../ui/Select";
import { NothingFound, State } from "../../ui/States";
import { Status } from "../../ui/Status";
import { DeliverySheet } from "./DeliverySheet";
import { webhookSchema } from "./search";
import { deliveryStatus } from "./status";

const any = "-"; // no state
const states: readonly DeliveryState[] = ["pending", "failed", "delivered", "dead"];

export function Deliveries({ org, webhook }: { org: string; webhook: string }) {
  const { state, delivery } = usePageSearch(webhookSchema);
  const set = useSetSearch<typeof webhookSchema>();
  const list = useInfiniteQuery(deliveriesQuery(org, webhook, state));
  const choose = (
    <Select
      label={texts.state}
      isLabelHidden
      value={state ?? any}
      onChange={(id) => set({ state: states.find((one) => one === id) })}
      options={[{ id: any, label: texts.any_state }, ...states.map((id) => ({ id, label: texts.states[id] }))]}
    />
  );
  return (
    <Section title={texts.deliveries} detail={texts.deliveries_detail} actions={choose}>
      <Load query={list} rows={4}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length > 0) {
            return (
              <DataTable
                label={texts.deliveries}
                columns={columnsOf(org, webhook)}
                rows={items}
                idOf={(one) => one.id}
                foot={
                  list.hasNextPage && (
                    <Button onPress={() => void list.fetchNextPage()} isPending={list.isFetchingNextPage}>
                      {texts.more}
                    </Button>
                  )
                }
              />
            );
          }
          if (!state) return <State title={texts.deliveries_empty} detail={texts.deliveries_empty_detail} />;
          return <NothingFound filters={[texts.states[state]]} onRemove={() => set({ state: undefined })} />;
        }}
      </Load>
      {delivery && (
        <DeliverySheet org={org} webhook={webhook} delivery={delivery} onClose={() => set({ delivery: undefined })} />
      )}
    </Section>
  );
}

const columnsOf = (org: string, webhook: string): DataColumn<DeliveryLine>[] => [
  {
    id: "event",
    head: texts.event,
    isRowHead: true,
    cell: (one) => (
      <Link to={paths.webhook(org, webhook, `?delivery=${encodeURIComponent(one.id)}`)}>
        <code>{one.event}</code>
      </Link>
    ),
  },
  { id: "state", head: texts.state, cell: (one) => <Status {...deliveryStatus(one.state)} /> },
  { id: "last", head: texts.last, cell: (one) => <Last of={one} /> },
  { id: "attempts", head: texts.attempts, isEnd: true, cell: (one) => count(one.attempts) },
  { id: "resource", head: texts.resource, cell: (one) => <code>{one.resource}</code> },
  {
    id: "queued",
    head: texts.queued,
    cell: (one) => (
      <time dateTime={one.created_at} title={exactTime(one.created_at)}>
        {ago(one.created_at)}
      </time>
    ),
  },
];

function Last({ of: { last_attempt: last } }: { of: DeliveryLine }) {
  if (!last) return <Muted>–</Muted>;
  return (
    <>
      {last.status === null ? texts.no_answer : texts.status(last.status)} {last.error && <Muted>{last.error}</Muted>}
    </>
  );
}
