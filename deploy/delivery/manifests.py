"""Pure: the objects of Kubernetes that a rollout makes and reads.

The new build runs in a Deployment beside the stable one, which is its copy but for name, image, replicas and one label (TRACK). Its
pods keep the labels of the stable ones, so that Services, network policies and monitors select them too. Each Deployment owns its
pods by reference, so the wider selector of the stable one does no harm.
"""
import copy
import json

TRACK = "fanion.dev/track"
STATE = "fanion.dev/rollout"  # an annotation of the copy: what a rollout must know to go on or back
HASH = "pod-template-hash"
# Everything else in the metadata may be how Helm or a GitOps tool knows its own objects, which it would prune or put right.
KEPT_LABELS = ("app.kubernetes.io/name", "app.kubernetes.io/component", "app.kubernetes.io/part-of")


def containers(deployment):
    return deployment["spec"]["template"]["spec"]["containers"]


def container_of(deployment, program, asked):
    """The container whose image is replaced: the one that was asked for, or that of the program, or the only one. None: none."""
    names = [each["name"] for each in containers(deployment)]
    if asked:
        return asked if asked in names else None
    return program if program in names else names[0] if len(names) == 1 else None


def image_of(deployment, container):
    return next(each["image"] for each in containers(deployment) if each["name"] == container)


def labels_selector(deployment):
    """The selector of its pods, as kubectl's -l wants it."""
    labels = deployment["spec"]["selector"].get("matchLabels", {})
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))


def copied(deployment, name, track, container, image, replicas, state):
    """The Deployment of the new build."""
    made = copy.deepcopy(deployment)
    made.pop("status", None)
    spec = made["spec"]
    labels = {key: value for key, value in made["metadata"].get("labels", {}).items() if key in KEPT_LABELS}
    made["metadata"] = {"name": name, "labels": {**labels, TRACK: track}, "annotations": {STATE: json.dumps(state, sort_keys=True)}}
    spec["replicas"] = replicas
    spec["selector"].setdefault("matchLabels", {})[TRACK] = track
    spec["template"].setdefault("metadata", {}).setdefault("labels", {})[TRACK] = track
    for each in containers(made):
        if each["name"] == container:
            each["image"] = image
    return made


def state_of(deployment):
    """What `copied` or a later change noted. None if there is nothing that we wrote."""
    try:
        return json.loads(deployment["metadata"]["annotations"][STATE])
    except (KeyError, ValueError):
        return None


def is_available(deployment):
    """Whether all its pods are of its present template, and ready for long enough."""
    status, wanted = deployment.get("status", {}), deployment["spec"].get("replicas", 1)
    return (status.get("observedGeneration", 0) >= deployment["metadata"].get("generation", 0)
            and status.get("updatedReplicas", 0) == wanted and status.get("replicas", 0) == wanted
            and status.get("availableReplicas", 0) >= wanted)


def progress_of(deployment):
    status = deployment.get("status", {})
    return f"{status.get('availableReplicas', 0)} of {deployment['spec'].get('replicas', 1)} pods are available"


def given_up(deployment):
    """What Kubernetes says if it waited longer than progressDeadlineSeconds."""
    for condition in deployment.get("status", {}).get("conditions", []):
        if condition.get("type") == "Progressing" and condition.get("reason") == "ProgressDeadlineExceeded":
            return condition.get("message", "the progress deadline is exceeded")
    return None


def template_hash(deployment, replica_sets):
    """The label by which the pods of its present template are told from all others. None if it has no pods yet."""
    revision = deployment["metadata"].get("annotations", {}).get("deployment.kubernetes.io/revision")
    for each in replica_sets:
        metadata = each["metadata"]
        owners = [owner.get("uid") for owner in metadata.get("ownerReferences", [])]
        if (deployment["metadata"].get("uid") in owners
                and metadata.get("annotations", {}).get("deployment.kubernetes.io/revision") == revision):
            return metadata.get("labels", {}).get(HASH)
    return None


def pod_problems(pods, container, image):
    """What is wrong with pods that run this image: they ended, or cannot be started."""
    for pod in pods:
        if image not in [each["image"] for each in pod["spec"]["containers"] if each["name"] == container]:
            continue
        for status in pod.get("status", {}).get("containerStatuses", []):
            if status.get("name") != container:
                continue
            waiting = status.get("state", {}).get("waiting", {}).get("reason", "")
            if status.get("restartCount", 0) > 0:
                yield f"pod {pod['metadata']['name']} has restarted {status['restartCount']} times"
            elif waiting in ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "CreateContainerConfigError"):
                yield f"pod {pod['metadata']['name']} does not start: {waiting}"
