"""Canary and blue/green of a Deployment, by kubectl. All that must outlive this program is in the cluster: the copy of the
Deployment, its annotation, and for blue/green the selector of the Service (docs/delivery.md)."""
import json

from delivery import manifests
from delivery.errors import NoTarget, Unsafe, Usage

SUFFIX = {"canary": "canary", "blue-green": "green"}


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        raise NoTarget(f"kubectl printed what is no JSON: {text[:200]}") from None


def noted(state):
    """A patch that has the copy remember it."""
    return {"metadata": {"annotations": {manifests.STATE: json.dumps(state, sort_keys=True)}}}


class Kubernetes:
    in_place = False  # the new build runs beside the old one
    def __init__(self, commands, waiting, options):
        self.commands, self.waiting, self.options = commands, waiting, options
        self.slow_kubectl = ["kubectl", *(["--context", options.context] if options.context else []),
                             *(["--namespace", options.namespace] if options.namespace else [])]
        self.kubectl = [*self.slow_kubectl, "--request-timeout=60s"]
        self.name = options.target
        self.touched = False  # whether a rollback has something to undo
        self.is_promoting = False

    # -- what is there ---------------------------------------------------------------------------------------------------------

    def _get(self, kind, name, may_be_gone=False):
        text = self.commands.read(*self.kubectl, "get", kind, name, "--output", "json",
                                  *(["--ignore-not-found"] if may_be_gone else []))
        return parsed(text) if text.strip() else None

    def _list(self, kind, selector):
        return parsed(self.commands.read(*self.kubectl, "get", kind, "--selector", selector, "--output", "json")).get("items", [])

    def find(self):
        """Reads the cluster. Afterwards size, before and unfinished say what is there; NoTarget if it cannot be rolled out."""
        self.stable = self._get("deployment", self.name)
        self.namespace = self.stable["metadata"]["namespace"]
        self.container = manifests.container_of(self.stable, self.options.program, self.options.container)
        if not self.container:
            names = ", ".join(each["name"] for each in manifests.containers(self.stable))
            raise NoTarget(f"deployment {self.name}: which container has the build? --container is one of {names}")
        self.size = self.stable["spec"].get("replicas", 1)
        self.running = manifests.image_of(self.stable, self.container)
        self.unfinished = None
        for strategy, suffix in SUFFIX.items():
            copy = self._get("deployment", f"{self.name}-{suffix}", may_be_gone=True)
            if copy:
                self.touched = True
                state = manifests.state_of(copy)
                if not state:
                    raise NoTarget(f"there is a deployment {self.name}-{suffix} that no rollout has made")
                self.unfinished = {**state, "count": copy["spec"]["replicas"]}
        self.before = self.unfinished["before"] if self.unfinished else self.running
        if not self.unfinished and self._pin():
            self.touched = True
            self.unfinished = {"strategy": "blue-green", "stage": "rollback", "before": self.running, "build": self.running}
        return self

    def describe(self):
        return f"deployment {self.name} in {self.namespace}: {self.size} pods of {self.running}"

    def check_build(self):
        if self.size == 0:
            raise NoTarget(f"deployment {self.name} has 0 replicas: there is nothing to compare a new build with")
        if self.options.strategy == "blue-green":
            self._service()

    def job(self):
        return self.stable["metadata"].get("labels", {}).get("app.kubernetes.io/name")

    def selector(self):
        """Matchers of the series of the new build's pods: of all pods, once they all have it. `NAME-HASH-ID`, so that deployments whose
        names begin in the same way are not meant."""
        name = f"{self.name}(-canary)?" if self.is_promoting else self._copy_name()
        return f'namespace="{self.namespace}",pod=~"{name}-[a-z0-9]+-[a-z0-9]+"'

    def problems(self):
        """What Kubernetes says against the new build while it is watched."""
        if self.commands.dry_run:
            return []
        pods = self._list("pods", manifests.labels_selector(self.stable))
        return [*manifests.pod_problems(pods, self.container, self.options.build)]

    # -- canary ----------------------------------------------------------------------------------------------------------------

    def canary(self, count, step):
        self._set_copy(count, {"stage": "canary", "step": step})

    def promote(self):
        """Every pod of the stable Deployment runs the new build; the copy goes on until `finish`."""
        self._note("promote")
        self._set_image(self.options.build)
        self.is_promoting = self.options.strategy == "canary"

    def finish(self):
        self._unpin()
        self._delete_copy()

    def rollback(self):
        """As it was, whatever was reached. What takes traffic away from the new build comes first."""
        stable = self._get("deployment", self.name)
        if self._get("deployment", self._copy_name(), may_be_gone=True):
            self._note("rollback")
        if manifests.image_of(stable, self.container) != self.before:
            self._set_image(self.before)
        if self._pin():
            self._point_at(self._hash(self.name))
        self._delete_copy()
        self._unpin()

    # -- blue/green ------------------------------------------------------------------------------------------------------------

    def prepare(self):
        """All of the new build, without a request: the Service is held to the pods that serve now before the first new one."""
        if not self._pin():
            self._set_copy(0, {"stage": "prepare"})  # it is there, so that no other rollout begins
            self._point_at(self._hash(self.name))
        self._set_copy(self.size, {"stage": "prepare"})

    def switch(self):
        self._note("switch")
        self._point_at(self._hash(self._copy_name()))

    # -- how -------------------------------------------------------------------------------------------------------------------

    def _track(self):
        return SUFFIX[self.options.strategy]

    def _copy_name(self):
        return f"{self.name}-{self._track()}"

    def _set_copy(self, count, stage):
        state = {"strategy": self.options.strategy, "before": self.before, "build": self.options.build, **stage}
        if self._get("deployment", self._copy_name(), may_be_gone=True):
            self._patch("deployment", self._copy_name(), {**noted(state), "spec": {"replicas": count}})
        else:
            made = manifests.copied(self.stable, self._copy_name(), self._track(), self.container, self.options.build, count, state)
            # Of two rollouts at once, one finds that it is there.
            self.commands.change(*self.kubectl, "create", "--filename", "-", text=json.dumps(made),
                                 what=f"kubectl create deployment {self._copy_name()}: {count} pods of {self.options.build}")
            self.touched = True
        self._await(self._copy_name())

    def _note(self, stage):
        state = {"strategy": self.options.strategy, "before": self.before, "build": self.options.build, "stage": stage}
        self._patch("deployment", self._copy_name(), noted(state))

    def _set_image(self, image):
        self.commands.change(*self.kubectl, "set", "image", f"deployment/{self.name}", f"{self.container}={image}")
        self._await(self.name)

    def _delete_copy(self):
        # In the foreground: afterwards none of its pods is left.
        self.commands.change(*self.slow_kubectl, "delete", "deployment", self._copy_name(), "--ignore-not-found", "--cascade=foreground")

    def _patch(self, kind, name, patch):
        self.commands.change(*self.kubectl, "patch", kind, name, "--type", "merge", "--patch", json.dumps(patch))

    def _await(self, name):
        if self.commands.dry_run:
            return

        def look():
            found = self._get("deployment", name)
            if reason := manifests.given_up(found):
                raise Unsafe("not_available", f"deployment {name}: {reason}")
            return manifests.is_available(found), f"{name}: {manifests.progress_of(found)}"

        self.waiting.until(look, f"deployment {name} is not available")

    # The selector of the Service names the hash of one template, while there are two.

    def _service(self):
        name = self.options.service or self.name
        service = self._get("service", name)
        labels = self.stable["spec"]["template"]["metadata"].get("labels", {})
        wanted = {key: value for key, value in service["spec"].get("selector", {}).items() if key != manifests.HASH}
        if not wanted or not wanted.items() <= labels.items():
            raise Usage(f"service {name} does not select the pods of deployment {self.name}; --service names the one that does")
        return service

    def _pin(self):
        """The hash that the Service is held to. None: none, or there is no Service."""
        name = self.options.service or self.name
        service = self._get("service", name, may_be_gone=True)
        return service and service["spec"].get("selector", {}).get(manifests.HASH)

    def _point_at(self, pods):
        self._patch("service", self.options.service or self.name, {"spec": {"selector": {manifests.HASH: pods}}})

    def _unpin(self):
        if self._pin():
            self._point_at(None)

    def _hash(self, name):
        if self.commands.dry_run and name != self.name:
            return f"(that of {name})"
        deployment = self._get("deployment", name)
        found = manifests.template_hash(deployment, self._list("replicasets", manifests.labels_selector(deployment)))
        if not found:
            raise NoTarget(f"deployment {name} has no replica set of its present template")
        return found
