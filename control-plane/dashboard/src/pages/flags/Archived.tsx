import { useInfiniteQuery } from "@tanstack/react-query";
import { archivedFlagsQuery } from "../../api/queries/archived_flags";
import type { Flag } from "../../api/queries/flags";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Line, Lines, Muted, PageBody, PageHead } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { paths } from "../../paths";
import { flagsWords } from "../../text/en/flags";
import { ago } from "../../text/format";
import { Button } from "../../ui/Button";
import { SearchField } from "../../ui/SearchField";
import { Empty, NothingFound } from "../../ui/States";
import { Status } from "../../ui/Status";
import { archivedSchema } from "./search";

// /{org}/{project}/flags/-/archived?q: they are in no index, so the server searches.
export default function Archived() {
  const { org, project } = useKeys();
  const { q = "" } = usePageSearch(archivedSchema);
  const setSearch = useSetSearch<typeof archivedSchema>();
  const query = useInfiniteQuery(archivedFlagsQuery({ org, project }, q));
  return (
    <>
      <PageHead
        title={flagsWords.archived_title}
        detail={flagsWords.archived_detail}
        actions={<Link to={paths.flags(org, project)}>{flagsWords.title}</Link>}
      />
      <PageBody>
        <search>
          <SearchField
            label={flagsWords.archived_filter}
            value={q}
            onChange={(text) => setSearch({ q: text.trim() || undefined })}
          />
        </search>
        <Load query={query as never}>
          {(data: { pages: { items: Flag[] }[] }) => {
            const flags = data.pages.flatMap((page) => page.items);
            if (flags.length === 0 && q === "") return <Empty title={flagsWords.archived_none} />;
            if (flags.length === 0) return <NothingFound filters={[q]} onRemove={() => setSearch({ q: undefined })} />;
            return (
              <>
                <Lines label={flagsWords.archived_title}>
                  {flags.map((flag) => (
                    <Line key={flag.key} end={<Status kind="archived" text={ago(flag.updated_at)} />}>
                      <Link to={paths.flagPart(org, project, flag.key, "definition")}>{flag.name || flag.key}</Link>
                      <Muted>{[flag.key, flag.type, ...flag.tags.map((tag) => `#${tag}`)].join(" · ")}</Muted>
                    </Line>
                  ))}
                </Lines>
                {query.hasNextPage && (
                  <div>
                    <Button onPress={() => void query.fetchNextPage()} isPending={query.isFetchingNextPage}>
                      {flagsWords.archived_more}
                    </Button>
                  </div>
                )}
              </>
            );
          }}
        </Load>
      </PageBody>
    </>
  );
}
