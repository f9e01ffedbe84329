import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { rulesetQuery } from "../../api/queries/exact";
import { environmentsQuery } from "../../api/queries/projects";
import { about, type Nested, nested, parseJson, type Requirement, requirementsOf } from "../../model/index";
import { EnvironmentPicker } from "../../parts/EnvironmentPicker";
import { Link } from "../../parts/Link";
import { Load } from "../../parts/Load";
import { Muted, PageBody, PageHead, Section } from "../../parts/PageHead";
import { useKeys, usePageSearch, useSetSearch } from "../../parts/page";
import { paths } from "../../paths";
import { graphWords as words } from "../../text/en/graph";
import { list } from "../../text/format";
import { Button } from "../../ui/Button";
import { type DataColumn, DataTable } from "../../ui/DataTable";
import { ComboBox } from "../../ui/Select";
import { Empty, Loading } from "../../ui/States";
import { Tree, type TreeNode } from "../../ui/Tree";
import { Drawing } from "./Drawing";
import styles from "./Graph.module.css";
import { schema } from "./search";

const most = 80; // flags that are drawn

// /{org}/{project}/graph?flag&env
export default function Graph() {
  const { org, project } = useKeys();
  const search = usePageSearch(schema);
  const setSearch = useSetSearch<typeof schema>();
  const environments = useQuery(environmentsQuery(org, project)).data ?? [];
  const env = search.env ?? environments.find((each) => each.protected)?.key ?? environments[0]?.key ?? "";
  const ruleset = useQuery({ ...rulesetQuery({ org, project }, env, []), enabled: env !== "" });
  const all = useMemo(() => (ruleset.data ? requirementsOf(parseJson(ruleset.data)) : []), [ruleset.data]);
  return (
    <>
      <PageHead title={words.title} detail={words.detail} />
      <PageBody>
        <search className={styles.tools}>
          <EnvironmentPicker
            label={words.environment}
            environments={environments}
            value={env}
            onChange={(next) => setSearch({ env: next })}
          />
          <FlagPicker requirements={all} flag={search.flag} onChange={(flag) => setSearch({ flag })} />
          {search.flag !== undefined && <Button onPress={() => setSearch({ flag: undefined })}>{words.all}</Button>}
        </search>
        {env === "" ? (
          <Loading />
        ) : (
          <Load query={ruleset}>{() => <Shown all={all} flag={search.flag} env={env} />}</Load>
        )}
      </PageBody>
    </>
  );
}

interface FlagPickerProps {
  requirements: readonly Requirement[];
  flag: string | undefined;
  onChange: (flag: string) => void;
}

function FlagPicker({ requirements, flag, onChange }: FlagPickerProps) {
  const [typed, setTyped] = useState(flag ?? "");
  const keys = [...new Set(requirements.flatMap(({ from, to }) => [from, to]))].sort();
  const found = keys.filter((key) => key.toLowerCase().includes(typed.toLowerCase())).slice(0, 40);
  return (
    <ComboBox
      label={words.flag}
      value={flag ?? null}
      input={typed}
      onInput={setTyped}
      options={found.map((key) => ({ id: key, label: key }))}
      onChange={(key) => key !== null && onChange(key)}
    />
  );
}

function Shown({ all, flag, env }: { all: readonly Requirement[]; flag: string | undefined; env: string }) {
  const { org, project } = useKeys();
  const shown = flag === undefined ? all : about(all, flag);
  const count = new Set(shown.flatMap(({ from, to }) => [from, to])).size;
  if (shown.length === 0)
    return <Empty title={flag === undefined ? words.none : words.none_of(flag)} detail={words.none_detail} />;
  const pathOf = (key: string) => paths.editor(org, project, key, env, "?step=prerequisites");
  return (
    <>
      {flag !== undefined && (
        <div className={styles.columns}>
          <NestedList title={words.needs(flag)} nodes={nested(all, flag, "needs")} />
          <NestedList title={words.needed_by(flag)} nodes={nested(all, flag, "needed_by")} />
        </div>
      )}
      <Section title={words.drawing} detail={words.drawing_of(count)}>
        {count > most ? (
          <Muted>{words.too_many(most)}</Muted>
        ) : (
          <Drawing requirements={shown} flag={flag} pathOf={pathOf} />
        )}
      </Section>
      <Section title={words.table}>
        <DataTable
          label={words.table}
          columns={columnsOf(pathOf)}
          rows={shown}
          idOf={({ from, to }) => `${from} ${to}`}
        />
      </Section>
    </>
  );
}

const columnsOf = (pathOf: (flag: string) => string): DataColumn<Requirement>[] => [
  { id: "from", head: words.requiring, cell: ({ from }) => <Link to={pathOf(from)}>{from}</Link> },
  { id: "to", head: words.required, cell: ({ to }) => <Link to={pathOf(to)}>{to}</Link> },
  { id: "variations", head: words.variations, cell: ({ variations }) => <code>{list(variations)}</code> },
];

function NestedList({ title, nodes }: { title: string; nodes: readonly Nested[] }) {
  return (
    <Section title={title}>
      {nodes.length === 0 ? (
        <Muted>{words.nothing}</Muted>
      ) : (
        <Tree label={title} nodes={nodes.map((node) => treeNode(node, ""))} />
      )}
    </Section>
  );
}

function treeNode({ flag, variations, below }: Nested, above: string): TreeNode {
  const id = `${above}/${flag}`;
  const detail = words.to_serve(variations);
  return {
    id,
    text: `${flag}, ${detail}`,
    content: (
      <span>
        <code>{flag}</code> <Muted>{detail}</Muted>
      </span>
    ),
    ...(below.length > 0 ? { children: below.map((each) => treeNode(each, id)) } : {}),
  };
}
