"""The dashboard over a whole Fanion: served by the control plane where it can, else by the small server of control-plane/dashboard."""
import contextlib
import functools
import json
import os
import pathlib
import subprocess
import tarfile
import threading
import types

from support.processes import Process, free_port, http, wait_for
from support.stack import BIN, PASSWORD, ROOT, Stack

PLACE = ROOT / "control-plane/dashboard"
TAR = pathlib.Path(os.environ["FANION_DASHBOARD_TAR"])
NODE = PLACE / "node_modules/.bin/node"
FLOWS = pathlib.Path(__file__).parent / "flows"
FLOW_DEADLINE = 600  # seconds; a machine that does much else is slow
FLOW_LIMIT = FLOW_DEADLINE - 60  # the flow itself ends then, and says and shows where it was


def is_served():
    """Whether the control plane serves pages itself."""
    shown = subprocess.run([BIN / "fanion-control-plane", "serve", "--help"], capture_output=True, text=True, timeout=60, check=False)
    return "--dashboard" in shown.stdout


class DashboardStack(Stack):
    def __enter__(self):
        self.served = is_served()
        if self.served:
            self.options = (*self.options, "--dashboard", str(TAR))
        super().__enter__()
        self.pages = self.control.url
        if not self.served:
            self._serve()
        return self

    def __exit__(self, *exception):
        with contextlib.ExitStack() as ending:
            ending.callback(super().__exit__, *exception)
            if hasattr(self, "_browser"):
                ending.callback(self._end_browser)
            if not self.served:
                ending.callback(self.server.stop)

    def _serve(self):
        dist = self.dir / "dist"
        with tarfile.open(TAR) as archive:
            archive.extractall(dist)
        port = free_port()
        self.server = Process([NODE, PLACE / "tools/serve.mjs", dist, str(port), self.control.url], self.dir / "pages.log", None)
        self.server.start()
        self.pages = f"http://127.0.0.1:{port}"
        wait_for(lambda: (answer := http("GET", f"{self.pages}/ui/")) is not None and answer.status == 200, "the pages are served")

    def many_flags(self, project, count, environments=()):
        """A project with `count` flags, made of one in the database: by the API it would take minutes. `environments`: besides its three."""
        self.admin.call("POST", f"/orgs/{self.org}/projects", {"key": project, "name": "Many"})
        for env in environments:
            self.admin.call("POST", f"/orgs/{self.org}/projects/{project}/environments", {"key": env, "name": env.capitalize()})
        self.admin.call("POST", f"/orgs/{self.org}/projects/{project}/flags", {"key": "many-template", "type": "boolean"})
        columns = "org_id, project_id, type, description, owner, salt, client, track, variations"
        self._sql(f"""
            CREATE TEMP TABLE made AS SELECT 'f_many' || i AS flag_id, i FROM generate_series(1, {int(count)}) i;
            INSERT INTO flags (flag_id, key, name, tags, {columns})
                SELECT made.flag_id, 'many-' || lpad(i::text, 5, '0'), 'Number ' || i, ARRAY['t' || i % 50], {columns}
                FROM flags f, made WHERE f.key = 'many-template';
            INSERT INTO flag_configs (flag_id, env_id, org_id, version, config, enabled, share, updated_by)
                SELECT made.flag_id, c.env_id, c.org_id, 1, c.config, c.enabled, c.share, c.updated_by
                FROM flag_configs c JOIN flags f USING (flag_id), made WHERE f.key = 'many-template';
            DELETE FROM flags WHERE key = 'many-template';""")
        return count

    def counted(self, flag, hours, env="development"):
        """Evaluations as relays would have reported them: {hours ago: {(variation, reason): count}}."""
        rows = ", ".join(f"({int(ago)}, '{variation}', '{reason}', {int(n)})"
                         for ago, counts in hours.items() for (variation, reason), n in counts.items())
        self._sql(f"""
            INSERT INTO evaluation_counts (org_id, env_id, flag, variation, version, reason, sdk, minute, n, rule)
                SELECT e.org_id, e.env_id, f.key, made.variation, 1, made.reason, 'server', date_trunc('hour', now()) - make_interval(hours => made.ago),
                       made.n, ''
                FROM (VALUES {rows}) AS made (ago, variation, reason, n), environments e JOIN flags f USING (project_id)
                WHERE e.key = '{env}' AND f.key = '{flag}';""")

    def look_old(self):
        """All flags and environments as if they had been made two months ago, so that what nobody asks for looks done with."""
        past = "SET created_at = created_at - interval '60 days' WHERE created_at > now() - interval '1 day'"
        self._sql(f"UPDATE flags {past}; UPDATE environments {past};")

    def _sql(self, text):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.dir / "pg", "-U", "fanion", "-d", "fanion",
                        "-c", "SET search_path = fanion; " + text], check=True, timeout=120)

    @functools.cached_property
    def browser(self):
        """Where the flows find Chromium, from the first one on."""
        with open(self.dir / "browser.log", "w") as log:
            self._browser = subprocess.Popen([NODE, FLOWS / "browser.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        place = self._browser.stdout.readline().strip()
        assert place, f"Chromium has not started:\n{(self.dir / 'browser.log').read_text()[-4000:]}"
        return place

    def _end_browser(self):
        self._browser.stdin.close()
        try:
            self._browser.wait(timeout=30)
        finally:
            self._browser.kill()
            self._browser.wait()
            self._browser.stdout.close()

    def flow(self, name, acts=None, **given):
        """Runs flows/NAME.mjs, which ends with 0 if all went well. `acts`: what it asks for meanwhile, by name."""
        settings = {"pages": self.pages, "email": self.email, "password": PASSWORD, "org": self.org, "project": self.project,
                    "limit": FLOW_LIMIT, "browser": self.browser,
                    "shots": os.environ.get("FLOW_SHOTS", str(self.dir / "shots")), **given}
        process = subprocess.Popen([NODE, FLOWS / f"{name}.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True, env={**os.environ, "FLOW": json.dumps(settings)})
        deadline = threading.Timer(FLOW_DEADLINE, process.kill)
        deadline.start()
        said = []
        try:
            for line in process.stdout:
                said.append(line)
                if line.startswith("act: "):
                    acts[line.removeprefix("act: ").strip()]()
                    process.stdin.write("done\n")
                    process.stdin.flush()
            assert process.wait() == 0, f"{name}:\n{''.join(said)[-8000:]}"
        finally:
            deadline.cancel()
            process.kill()
            process.communicate()
        return "".join(said)

    def proxy(self, *upstreams, prefix="", port=None):
        """Passes requests on to the first of `upstreams` that answers, without the prefix of their paths."""
        port = port or free_port()
        process = Process([NODE, FLOWS / "proxy.mjs", str(port), prefix, *upstreams], self.dir / f"proxy-{port}.log").start()
        self.services.append(types.SimpleNamespace(process=process))
        url = f"http://127.0.0.1:{port}{prefix}"
        wait_for(lambda: http("GET", f"{url}/ui/") is not None, "the proxy answers")
        return url
