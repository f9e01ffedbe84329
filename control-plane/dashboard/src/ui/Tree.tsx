import type { ReactNode } from "react";
import { Button as AriaButton, Tree as AriaTree, TreeItem, TreeItemContent } from "react-aria-components";
import { words } from "../text/en";
import { Icon } from "./Icon";
import styles from "./Tree.module.css";

export interface TreeNode {
  id: string;
  text: string; // for screen readers and typing ahead
  content: ReactNode;
  children?: readonly TreeNode[];
}

interface TreeProps {
  label: string;
  nodes: readonly TreeNode[];
  expanded?: Iterable<string>; // at first; without it, all
}

const idsOf = (nodes: readonly TreeNode[]): string[] =>
  nodes.flatMap((node) => [node.id, ...idsOf(node.children ?? [])]);

export function Tree({ label, nodes, expanded }: TreeProps) {
  return (
    <AriaTree aria-label={label} className={styles.tree ?? ""} defaultExpandedKeys={expanded ?? idsOf(nodes)}>
      {nodes.map(item)}
    </AriaTree>
  );
}

function item(node: TreeNode) {
  return (
    <TreeItem key={node.id} id={node.id} textValue={node.text} className={styles.item ?? ""}>
      <TreeItemContent>
        {({ hasChildItems }) => (
          <div className={styles.row}>
            {hasChildItems ? (
              <AriaButton slot="chevron" className={styles.chevron ?? ""} aria-label={words.more}>
                <Icon name="forward" />
              </AriaButton>
            ) : (
              <span className={styles.chevron} />
            )}
            {node.content}
          </div>
        )}
      </TreeItemContent>
      {node.children?.map(item)}
    </TreeItem>
  );
}
