"""What must hold for the objects of every release, whatever its values. Each function returns its findings as text."""
import pathlib
import re

import charts

PAGE = (charts.ROOT / "docs/configuration.md").read_text()
PROGRAM_OF = {"control-plane": "fanion-control-plane", "migrate": "fanion-control-plane", "relay": "fanion-relay",
              "fanion-relay": "fanion-relay", "injector": "fanion-relay"}
ALLOWED_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
OURS = ("fanion", "deploy/helm/fanion")


def documented(program):
    section = PAGE.split(f"\n## {program}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `--([a-z0-9-]+)` \|", section, re.M))


def documented_for_backups():
    """Options of `fanion backup`, and its variables as if they were options, of docs/backup.md."""
    page = (charts.ROOT / "docs/backup.md").read_text()
    variables = {name.lower().replace("_", "-") for name in re.findall(r"`FANION_([A-Z_]+)`", page)}
    return variables | set(re.findall(r"`--([a-z0-9-]+)`", page))


OPTIONS = {program: documented(program) for program in set(PROGRAM_OF.values())}
PROGRAM_OF["backup"] = "fanion"
OPTIONS["fanion"] = documented_for_backups()
PROGRAM_OF["signer"] = "fanion signer serve"
OPTIONS["fanion signer serve"] = set(re.findall(r"`--([a-z0-9-]+)", (charts.ROOT / "docs/signer.md").read_text()))
# The image's own program, which may be a probe too.
ITSELF = ["/usr/bin/fanion", "signer", "check"]


def is_ours(container):
    """Whether it runs what we know: a signer may be another program."""
    return container["name"] in PROGRAM_OF and not (container["name"] == "signer" and "command" in container)


def restricted(objects):
    """The restricted Pod Security Standard, rule by rule, of every pod."""
    for each, template in charts.pod_templates(objects):
        spec, where = template["spec"], f"{each['kind']} {each['metadata']['name']}"
        pod = spec.get("securityContext", {})
        for name in ("hostNetwork", "hostPID", "hostIPC"):
            if spec.get(name):
                yield f"{where}: {name}"
        for volume in spec.get("volumes", []):
            if kind := set(volume) - {"name"} - ALLOWED_VOLUMES:
                yield f"{where}: volume {volume['name']} of type {kind}"
        for container in charts.containers(template):
            yield from restricted_container(f"{where}, container {container['name']}", pod, container)


def restricted_container(where, pod, container):
    own = container.get("securityContext", {})
    if own.get("privileged") or own.get("allowPrivilegeEscalation") is not False:
        yield f"{where}: may get privileges"
    if own.get("capabilities", {}).get("drop") != ["ALL"] or own["capabilities"].get("add"):
        yield f"{where}: has capabilities"
    if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True or own.get("runAsUser", pod.get("runAsUser")) == 0:
        yield f"{where}: may run as root"
    if own.get("seccompProfile", pod.get("seccompProfile", {})).get("type") not in ("RuntimeDefault", "Localhost"):
        yield f"{where}: has no seccomp profile"
    if any("hostPort" in port for port in container.get("ports", [])):
        yield f"{where}: takes a port of the node"


def hardened(objects):
    """Beyond the standard, of our containers: a root file system that is read-only, and no shell, which the images do not have."""
    for each, template in charts.pod_templates(objects):
        for container in charts.containers(template):
            if not is_ours(container):
                continue
            where = f"{each['kind']} {each['metadata']['name']}, container {container['name']}"
            if container["securityContext"].get("readOnlyRootFilesystem") is not True:
                yield f"{where}: can write to its root file system"
            handlers = [container.get(name, {}) for name in ("startupProbe", "livenessProbe", "readinessProbe")]
            handlers += container.get("lifecycle", {}).values()
            commands = [handler["exec"]["command"] for handler in handlers if "exec" in handler]
            if "command" in container or any(command[:3] != ITSELF for command in commands):
                yield f"{where}: runs another program than the image's"
            if not container.get("resources", {}).get("limits", {}).get("memory"):
                yield f"{where}: has no limit of memory"
        if template["spec"].get("enableServiceLinks") is not False and each["metadata"]["name"] != "checkout":
            yield f"{each['metadata']['name']}: gets variables of Services, which may look like options"
        if template["spec"].get("automountServiceAccountToken") is not False and each["metadata"]["name"] != "checkout":
            yield f"{each['metadata']['name']}: has a token of the API"


def options(objects):
    """Every FANION_ variable is an option of the program, none is set twice, and none has a secret as its text."""
    for each, template in charts.pod_templates(objects):
        for container in charts.containers(template):
            program = PROGRAM_OF[container["name"]] if is_ours(container) else None
            names = [variable["name"] for variable in container.get("env", [])]
            if program is None:
                continue
            for name in names:
                option = name.removeprefix("FANION_").lower().replace("_", "-")
                if name.startswith("FANION_") and option not in OPTIONS[program]:
                    yield f"{container['name']}: {program} has no option --{option}"
            yield from (f"{container['name']}: {name} twice" for name in {*names} if names.count(name) > 1)
            for argument in container.get("args", []):
                if argument.startswith("--") and argument[2:] not in OPTIONS[program]:
                    yield f"{container['name']}: {program} has no option {argument}"
    for each in objects:
        if each["kind"] == "Secret":
            yield f"Secret {each['metadata']['name']}: secrets are the operator's"


def files(objects):
    """Mounted volumes exist, volumes are mounted, and an option that names a file names one of a volume."""
    for each, template in charts.pod_templates(objects):
        where = each["metadata"]["name"]
        volumes = {volume["name"]: volume for volume in template["spec"].get("volumes", [])}
        claimed = {claim["metadata"]["name"] for claim in each["spec"].get("volumeClaimTemplates", [])}
        mounted = set()
        for container in charts.containers(template):
            mounts = {mount["mountPath"]: mount["name"] for mount in container.get("volumeMounts", [])}
            mounted |= set(mounts.values())
            options_given = [*charts.environment(container).items(), *(("an argument", each) for each in container.get("args", []))]
            for name, value in options_given:
                if isinstance(value, str) and value.startswith("/etc/fanion/"):
                    path = pathlib.PurePath(value)
                    volume = volumes.get(mounts.get(str(path.parent)), {})
                    keys = [item["key"] for item in (volume.get("secret") or volume.get("configMap") or {}).get("items", [])]
                    if path.name not in keys:
                        yield f"{where}: {name}={value} is in no volume"
        if mounted - set(volumes) - claimed:
            yield f"{where}: mounts of no volume: {mounted - set(volumes) - claimed}"
        if (set(volumes) | claimed) - mounted:
            yield f"{where}: volumes that nothing mounts: {(set(volumes) | claimed) - mounted}"


def selectors(objects):
    """Services, policies, budgets and monitors select what there is, and name ports that it has."""
    labels = [(template["metadata"]["labels"], charts.containers(template)) for _, template in charts.pod_templates(objects)]
    services = [each for each in objects if each["kind"] == "Service"]
    for each in objects:
        kind, spec, where = each["kind"], each.get("spec", {}), f"{each['kind']} {each['metadata']['name']}"
        if kind == "Service":
            selector, ports = spec["selector"], [port["targetPort"] for port in spec["ports"]]
        elif kind == "PodDisruptionBudget":
            selector, ports = spec["selector"]["matchLabels"], []
        elif kind == "NetworkPolicy":
            selector = spec["podSelector"]["matchLabels"]
            ports = [port["port"] for rule in spec.get("ingress", []) for port in rule.get("ports", [])]
        else:
            if kind == "ServiceMonitor":
                selector = spec["selector"]["matchLabels"]
                chosen = [service for service in services if charts.selects(selector, service["metadata"]["labels"])]
                if [port["name"] for service in chosen for port in service["spec"]["ports"]] != ["operators"]:
                    yield f"{where}: selects {[service['metadata']['name'] for service in chosen]}"
            if kind == "HorizontalPodAutoscaler":
                target = charts.one(objects, spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"])
                if "replicas" in target["spec"]:
                    yield f"{where}: its target has a number of replicas of its own"
            continue
        chosen = [own for one, own in labels if charts.selects(selector, one)]
        if len(chosen) != 1:
            yield f"{where}: selects the pods of {len(chosen)} templates"
        named = {port["name"] for own in chosen for container in own for port in container.get("ports", [])}
        if unknown := {port for port in ports if isinstance(port, str)} - named:
            yield f"{where}: its pods have no port {unknown}"


def denied(objects, has_policies):
    """Where policies are on, everything is denied to each of our pods that no rule allows."""
    policies = [each for each in objects if each["kind"] == "NetworkPolicy"]
    if not has_policies:
        return [f"NetworkPolicy {each['metadata']['name']}: not asked for" for each in policies]
    found = []
    for each, template in charts.pod_templates(objects):
        of_pod = [policy for policy in policies
                  if charts.selects(policy["spec"]["podSelector"]["matchLabels"], template["metadata"]["labels"])]
        types = {kind for policy in of_pod for kind in policy["spec"]["policyTypes"]}
        if types != {"Ingress", "Egress"}:
            found.append(f"{each['metadata']['name']}: policies are of {sorted(types)}")
    return found


def findings(objects, has_policies=True):
    checks = [restricted, hardened, options, files, selectors]
    found = [finding for check in checks for finding in check(objects)]
    return found + (denied(objects, has_policies) if objects[0]["metadata"]["name"] != "checkout" else [])
