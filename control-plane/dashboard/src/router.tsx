// The router over the table of pages.
import {
  type AnyRoute,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useRouter,
} from "@tanstack/react-router";
import { basePath } from "./api/base";
import { ProblemError } from "./api/errors";
import { meQuery } from "./api/queries/me";
import { queries } from "./api/query";
import Frame from "./pages/frame/Frame";
import { PageBody } from "./parts/PageHead";
import { Problem } from "./parts/Problem";
import type { Page, PathKeys, RouterContext } from "./parts/page";
import { pages } from "./routes";
import { parseSearch, type Schema, validate, writeSearch } from "./search";
import { code } from "./ui/later";
import { Loading, NotFound } from "./ui/States";

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  notFoundComponent: () => <NotFound isPage />,
});

// Everything but the pages before it needs a session.
const frame = createRoute({
  getParentRoute: () => root,
  id: "frame",
  component: Frame,
  pendingMs: Number.POSITIVE_INFINITY, // index.html shows its place
  beforeLoad: async ({ location, matches }) => {
    // The code of the page comes meanwhile.
    for (const { routeId } of matches) {
      const route = router.routesById[routeId];
      if (route) void router.loadRouteChunk(route)?.catch(() => undefined);
    }
    try {
      await queries.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof ProblemError && error.status === 401)) throw error;
      // What stands behind the # stays there: no server sees it, even when the sign-in page is loaded again.
      const [to, ...hash] = location.href.split("#");
      throw redirect({ to: "/-/signin" as never, search: { to } as never, hash: hash.join("#"), replace: true });
    }
  },
});

// The code of a page may be fetched before somebody goes there.
const isGoing = (): boolean => router.state.status === "pending";

const routeOf = (page: Page) =>
  createRoute({
    getParentRoute: () => (page.isFrameless ? root : frame) as typeof root,
    path: page.path as "/",
    component: lazyRouteComponent(() => code(page.load, isGoing)),
    ...(page.ahead ? { loader: ({ params }: { params: unknown }) => page.ahead?.(params as PathKeys) } : {}),
    ...(page.search
      ? { validateSearch: (given: Record<string, unknown>) => validate(page.search as Schema, given) }
      : {}),
  });

function Failed({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <PageBody>
      <Problem isPage error={error} onRetry={() => void router.invalidate()} />
    </PageBody>
  );
}

export const router = createRouter({
  routeTree: root.addChildren([
    ...pages.filter((page) => page.isFrameless).map(routeOf),
    frame.addChildren(pages.filter((page) => !page.isFrameless).map(routeOf) as never),
  ] as never) as unknown as AnyRoute,
  basepath: basePath,
  context: {
    paths: pages.map((page) => page.path),
    menu: pages.flatMap(({ menu, path, permission }) =>
      menu ? [{ ...menu, path, ...(permission ? { permission } : {}) }] : [],
    ),
  },
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: false,
  defaultPendingMs: 150,
  defaultPendingMinMs: 0, // a page that has come is shown
  defaultPendingComponent: () => (
    <PageBody>
      <Loading />
    </PageBody>
  ),
  defaultErrorComponent: Failed,
  defaultNotFoundComponent: () => <NotFound isPage />,
  scrollRestoration: true,
});
