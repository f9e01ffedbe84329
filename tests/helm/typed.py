"""Types of objects by TypeScript (kubernetes-types, and @kubernetes-models for custom resources), and the Pod Security Standards by
Monokle. Both run once for all objects, and equal objects count once."""
import json
import pathlib
import re
import subprocess
import tempfile

import charts

MODULES = {"admissionregistration.k8s.io": "admissionregistration", "apps": "apps", "autoscaling": "autoscaling", "batch": "batch",
           "networking.k8s.io": "networking", "policy": "policy", "": "core"}
CUSTOM = {("monitoring.coreos.com/v1", kind): f"@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/{kind}"
          for kind in ("ServiceMonitor", "PodMonitor", "PrometheusRule")}
CUSTOM[("gateway.networking.k8s.io/v1", "HTTPRoute")] = "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute"
CUSTOM |= {("cert-manager.io/v1", kind): f"@kubernetes-models/cert-manager/cert-manager.io/v1/{kind}"
           for kind in ("Certificate", "ClusterIssuer")}
CUSTOM |= {("argoproj.io/v1alpha1", kind): f"@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/{kind}"
           for kind in ("AnalysisTemplate", "Rollout")}
# kubernetes-types leaves out what the object has from the Rule that it embeds.
RULE = ('declare module "kubernetes-types/admissionregistration/v1.js" '
        '{ interface RuleWithOperations { resources?: string[]; scope?: "Cluster" | "Namespaced" | "*" } }')
COMPILER = {"strict": True, "noEmit": True, "skipLibCheck": True, "module": "nodenext", "target": "es2022", "types": []}


def unique(objects_of):
    """(name of the first case, object), each object once."""
    seen = {}
    for name, objects in objects_of.items():
        for each in objects:
            seen.setdefault(json.dumps(each, sort_keys=True), (name, each))
    return list(seen.values())


def type_of(each):
    """(module, exported name) of the object's type."""
    custom = CUSTOM.get((each["apiVersion"], each["kind"]))
    if custom:
        return custom, "I" + each["kind"]
    group, _, version = each["apiVersion"].rpartition("/")
    return f"kubernetes-types/{MODULES[group]}/{version}.js", each["kind"]


def program(objects):
    """A TypeScript program with an object on each line after the imports."""
    imports, lines = {}, []
    for number, (_, each) in enumerate(objects):
        alias = imports.setdefault(type_of(each), f"T{len(imports)}")
        lines.append(f"export const o{number}: {alias} = {json.dumps(each)};")
    rule = [RULE] if any(kind == "MutatingWebhookConfiguration" for _, kind in imports) else []
    head = [*rule, *(f'import type {{ {name} as {alias} }} from "{module}";' for (module, name), alias in imports.items())]
    return "\n".join([*head, *lines]) + "\n", len(head)


def type_errors(objects_of):
    objects = unique(objects_of)
    text, head = program(objects)
    with tempfile.TemporaryDirectory(prefix="types-", dir=charts.TOOLS) as folder:
        (pathlib.Path(folder) / "objects.ts").write_text(text)
        (pathlib.Path(folder) / "package.json").write_text('{"type": "module"}')
        (pathlib.Path(folder) / "tsconfig.json").write_text(json.dumps({"files": ["objects.ts"], "compilerOptions": COMPILER}))
        done = subprocess.run(["node", charts.TOOLS / "node_modules/typescript/bin/tsc", "--project", folder, "--pretty", "false"],
                              capture_output=True, text=True, timeout=600, check=False)
    errors = []
    for line in done.stdout.splitlines():
        if found := re.match(r".*objects\.ts\((\d+),\d+\): (error .*)", line):
            name, each = objects[max(0, int(found[1]) - 1 - head)]
            errors.append(f"{name}, {each['kind']} {each['metadata']['name']}: {found[2]}")
        elif not line.startswith(" "):
            errors.append(line)
    assert done.returncode == 0 or errors, done.stdout + done.stderr
    return errors


def pod_security_problems(objects_of):
    objects = unique(objects_of)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump([each for _, each in objects], file)
        file.flush()
        done = subprocess.run(["node", charts.HERE / "pod_security.mjs", charts.TOOLS, file.name],
                              capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return [f"{objects[number][0]}, {objects[number][1]['kind']} {objects[number][1]['metadata']['name']}: {message}"
            for number, message in json.loads(done.stdout)]
