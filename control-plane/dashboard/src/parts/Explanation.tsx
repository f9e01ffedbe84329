import { explanationWords as words } from "../text/en/explanation";
import { Tree, type TreeNode } from "../ui/Tree";
import styles from "./Explanation.module.css";
import type { Explained } from "./explanation";
import { type ExplainedNode, stepNodes } from "./explanation_tree";

// Step by step, how an answer came about: what was examined, what was seen, what held.
export function Explanation({ explained }: { explained: Explained }) {
  return (
    <>
      {explained.error && <p>{words.error(explained.error)}</p>}
      <Tree label={words.title} nodes={stepNodes(explained.steps).map(nodeOf)} />
    </>
  );
}

function nodeOf(node: ExplainedNode): TreeNode {
  const mark = node.holds === undefined ? "" : node.holds ? "✓" : "✗";
  const said = node.holds === undefined ? "" : node.holds ? words.holds : words.fails;
  return {
    id: node.id,
    text: [node.text, node.found, said].filter(Boolean).join(", "),
    content: (
      <span className={styles.node}>
        <span className={styles.mark} data-holds={node.holds} aria-hidden>
          {mark}
        </span>
        <span className={styles.text}>{node.text}</span>
        {node.found && <span className={styles.found}>{node.found}</span>}
        {said && <span className="visually-hidden">{said}</span>}
        {node.slot && <SlotBar {...node.slot} />}
      </span>
    ),
    ...(node.children.length > 0 ? { children: node.children.map(nodeOf) } : {}),
  };
}

const slots = 100_000;

// All slots, the range that is served, and where the context's slot is. The text beside it says the same.
function SlotBar({ at, from, to }: NonNullable<ExplainedNode["slot"]>) {
  const shares = { "--at": at / slots, "--from": from / slots, "--size": (to - from) / slots };
  return (
    <span aria-hidden className={styles.slots} style={shares as object}>
      <span className={styles.range} />
      <span className={styles.slot} />
    </span>
  );
}
