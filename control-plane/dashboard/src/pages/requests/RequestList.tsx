import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type PlacedRequest, requestsQuery } from "../../api/queries/requests";
import { useShortcuts } from "../../parts/keyboard";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted, PageBody, PageHead } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { usePeople } from "../../parts/people";
import { paths } from "../../paths";
import { requestWords } from "../../text/en/requests";
import { ago } from "../../text/format";
import { Choice } from "../../ui/Choice";
import { Empty } from "../../ui/States";
import { Status } from "../../ui/Status";
import styles from "./Requests.module.css";
import { listSchema } from "./search";
import { statusOf } from "./standing";

const linkId = ({ request }: PlacedRequest) => `request-${request.id}`;

export default function RequestList() {
  const { org } = useKeys();
  const search = usePageSearch(listSchema);
  const setSearch = useSetSearch<typeof listSchema>();
  const state = search.state ?? "open";
  const requests = useQuery(requestsQuery(org, state === "all" ? undefined : state, search.mine));
  const nameOf = usePeople(org);
  const [active, setActive] = useState(-1);
  const rows = requests.data ?? [];
  const pathOf = ({ project, environment, request }: PlacedRequest) =>
    paths.request(org, project, request.id, environment);
  const move = (step: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, active + step));
    setActive(next);
    const row = rows[next];
    if (row) document.querySelector<HTMLElement>(`#${linkId(row)} a`)?.focus();
  };
  // Enter opens the first, unless something else has the focus.
  const first = rows[0]?.request.id;
  useEffect(() => {
    const held = document.activeElement;
    if (first !== undefined && (held === document.body || held?.tagName === "MAIN"))
      document.querySelector<HTMLElement>(`#request-${first} a`)?.focus({ preventScroll: true });
  }, [first]);
  useShortcuts({ j: () => move(1), k: () => move(-1) });
  return (
    <>
      <PageHead title={requestWords.title} detail={requestWords.detail} />
      <PageBody>
        <div className={styles.filters}>
          <Choice
            label={requestWords.state}
            value={state}
            options={[
              { id: "open", label: requestWords.states.open },
              { id: "draft", label: requestWords.states.draft },
              { id: "applied", label: requestWords.states.applied },
              { id: "declined", label: requestWords.states.declined },
              { id: "withdrawn", label: requestWords.states.withdrawn },
              { id: "all", label: requestWords.any_state },
            ]}
            onChange={(id) => setSearch({ state: id === "open" ? undefined : id })}
          />
          <Choice
            label={requestWords.mine}
            value={search.mine ?? "all"}
            options={[
              { id: "all", label: requestWords.anybody },
              { id: "reviewer", label: requestWords.reviewer },
              { id: "author", label: requestWords.author },
            ]}
            onChange={(id) => setSearch({ mine: id === "all" ? undefined : id })}
          />
        </div>
        <Load query={requests}>
          {(list) =>
            list.length === 0 ? (
              <Empty
                title={search.mine === "reviewer" ? requestWords.none_for_me : requestWords.empty}
                detail={requestWords.empty_detail}
              />
            ) : (
              <Lines label={requestWords.list}>
                {list.map((row) => (
                  <Line
                    key={row.request.id}
                    end={<Status kind={statusOf[row.request.state]} text={requestWords.states[row.request.state]} />}
                  >
                    <span id={linkId(row)}>
                      <Link to={pathOf(row)}>{row.request.title}</Link>
                    </span>
                    <Muted>
                      {requestWords.in_env(row.project, row.environment)} ·{" "}
                      {requestWords.by(nameOf(row.request.author.id), ago(row.request.created_at))}
                      {row.request.result.approvals_required > 0 &&
                        ` · ${requestWords.approvals} ${requestWords.approvals_of(
                          row.request.approvals.filter((approval) => approval.stands).length,
                          row.request.result.approvals_required,
                        )}`}
                    </Muted>
                  </Line>
                ))}
              </Lines>
            )
          }
        </Load>
      </PageBody>
    </>
  );
}
