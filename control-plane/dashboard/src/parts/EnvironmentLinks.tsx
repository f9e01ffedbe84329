import type { Environment } from "../api/queries/projects";
import { Icon } from "../ui/Icon";
import { TabLinks } from "../ui/Tabs";
import { Link } from "./Link";

interface EnvironmentLinksProps {
  label: string;
  environments: readonly Environment[];
  current: string;
  pathOf: (env: string) => string;
}

// The environments of a page that shows one of them, in their order; protected ones carry the lock.
export function EnvironmentLinks({ label, environments, current, pathOf }: EnvironmentLinksProps) {
  const locked = new Set(environments.filter((env) => env.protected).map((env) => env.key));
  return (
    <TabLinks
      label={label}
      tabs={environments.map((env) => ({ id: env.key, label: env.name || env.key, href: pathOf(env.key) }))}
      current={current}
      renderLink={(tab, className, inside) => (
        <Link key={tab.id} to={tab.href} className={className} isCurrent={tab.id === current}>
          {locked.has(tab.id) && <Icon name="lock" />}
          {inside}
        </Link>
      )}
    />
  );
}
