// Webhooks of an organisation, and what became of their messages.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { all, api, body, type Tagged, tagged } from "../client";
import { orgKey, queries } from "../query";
import type { components } from "../schema";

export type Webhook = components["schemas"]["Webhook"];
export type WebhookInput = components["schemas"]["WebhookInput"];
export type Delivery = components["schemas"]["WebhookDelivery"];
export type DeliveryLine = components["schemas"]["WebhookDeliveries"]["items"][number];
export type DeliveryState = Delivery["state"];
export type Attempt = components["schemas"]["WebhookAttempt"];

const listPath = "/api/v1/orgs/{org}/webhooks" as const;
const path = `${listPath}/{webhook}` as const;
const deliveriesPath = `${path}/deliveries` as const;
const deliveryPath = `${deliveriesPath}/{delivery}` as const;
const changed = (org: string, ...rest: string[]) =>
  queries.invalidateQueries({ queryKey: orgKey(org, "webhooks", ...rest) });

export const webhooksQuery = (org: string) =>
  queryOptions({
    queryKey: orgKey(org, "webhooks"),
    queryFn: ({ signal }) =>
      all((cursor) => {
        const query = { limit: 50, ...(cursor === undefined ? {} : { cursor }) };
        return body(api.GET(listPath, { signal, params: { path: { org }, query } }));
      }),
  });

export const webhookQuery = (org: string, webhook: string) =>
  queryOptions({
    queryKey: orgKey(org, "webhooks", webhook),
    queryFn: ({ signal }) => tagged(api.GET(path, { signal, params: { path: { org, webhook } } })),
  });

// The answer has the secret, which is never shown again. It is not kept in the cache.
export async function createWebhook(org: string, webhook: WebhookInput, intention: string): Promise<Webhook> {
  const params = { path: { org }, header: { "Idempotency-Key": intention } };
  const made = await body(api.POST(listPath, { params, body: webhook }));
  await changed(org);
  return made as Webhook;
}

export async function saveWebhook(org: string, webhook: string, changes: Partial<WebhookInput>, etag: string) {
  const params = { path: { org, webhook }, header: { "If-Match": etag } };
  const saved = (await tagged(api.PATCH(path, { params, body: changes as never }))) as Tagged<Webhook>;
  queries.setQueryData(webhookQuery(org, webhook).queryKey, saved);
  await changed(org);
  return saved;
}

export async function deleteWebhook(org: string, webhook: string): Promise<void> {
  await body(api.DELETE(path, { params: { path: { org, webhook } } }));
  await queries.invalidateQueries({ queryKey: orgKey(org, "webhooks"), exact: true }); // the page of it is still there
}

// The new secret. For `hours` the one before signs as well.
export async function rotateWebhookSecret(org: string, webhook: string, hours: number): Promise<string> {
  const params = { path: { org, webhook } };
  const made = (await body(api.POST(`${path}/rotate`, { params, body: { overlap_hours: hours } }))) as Webhook;
  await changed(org, webhook);
  return made.secret ?? "";
}

export async function testWebhook(org: string, webhook: string): Promise<Delivery> {
  const queued = await body(api.POST(`${path}/test`, { params: { path: { org, webhook } }, body: {} as never }));
  await changed(org, webhook);
  return queued as Delivery;
}

const pageSize = 50;
const pause = 2_000; // between two looks at messages under way, which no event tells of

export const isUnderWay = ({ state, attempts }: { state: DeliveryState; attempts: number }): boolean =>
  state === "pending" && attempts === 0;

export const deliveriesQuery = (org: string, webhook: string, state: DeliveryState | undefined) =>
  infiniteQueryOptions({
    queryKey: orgKey(org, "webhooks", webhook, "deliveries", { state: state ?? null }),
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: pageSize, ...(state ? { state } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      return body(api.GET(deliveriesPath, { signal, params: { path: { org, webhook }, query } }));
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data?.pages.some((page) => page.items.some(isUnderWay)) ? pause : false),
  });

export const deliveryQuery = (org: string, webhook: string, delivery: string) =>
  queryOptions({
    queryKey: orgKey(org, "webhooks", webhook, "deliveries", delivery),
    queryFn: ({ signal }) =>
      body(api.GET(deliveryPath, { signal, params: { path: { org, webhook, delivery } } })) as Promise<Delivery>,
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data && isUnderWay(data) ? pause : false),
  });

export async function replayDelivery(org: string, webhook: string, delivery: string): Promise<void> {
  const params = { path: { org, webhook, delivery } };
  await body(api.POST(`${deliveryPath}/replay`, { params, body: {} as never }));
  await changed(org, webhook);
}
