"""The schemas of the charts' values: what `make-charts` writes as values.schema.json. No remote reference, and nothing but types,
patterns and enumerations, so that a mistake has one message, with its place."""

NAME = "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$"
KEY = "^[-._a-zA-Z0-9]+$"
QUANTITY = "^[0-9]+(\\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti|P|Pi)?$"
DURATION = "^([0-9]+(h|m|s|ms))+$"


def text(pattern=None, **more):
    return {"type": "string", **({"pattern": pattern} if pattern else {}), **more}


def choice(*values):
    return {"enum": list(values)}


def number(least=0, most=2147483647):
    return {"type": "integer", "minimum": least, "maximum": most}


def items(of, **more):
    return {"type": "array", "items": of, **more}


def mapping(of):
    return {"type": "object", "additionalProperties": of}


def members(required=(), **properties):
    schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**schema, "required": list(required)} if required else schema


FLAG = {"type": "boolean"}
PORT = number(1, 65535)
FREE = {"type": "object"}  # a part of a Kubernetes object, which the API server checks
QUANTITY_VALUE = {"type": ["string", "number"], "pattern": QUANTITY}
COUNT_OR_PERCENT = {"type": ["integer", "string"], "pattern": "^([0-9]+%)?$", "minimum": 0}
TEXTS = mapping(text())
SOURCE = members(existingSecret=text(NAME), existingConfigMap=text(NAME), key=text(KEY))
SECRET = members(existingSecret=text(NAME), key=text(KEY))
SELECTOR = members(
    matchLabels=TEXTS,
    matchExpressions=items(members(("key", "operator"), key=text(), values=items(text()),
                                   operator=choice("In", "NotIn", "Exists", "DoesNotExist"))))
PEERS = items(members(podSelector=SELECTOR, namespaceSelector=SELECTOR,
                      ipBlock=members(("cidr",), cidr=text(), **{"except": items(text())})))
IMAGE = members(registry=text(), repository=text(minLength=1), tag=text(), digest=text("^(sha256:[0-9a-f]{64})?$"),
                pullPolicy=choice("Always", "IfNotPresent", "Never"))
RESOURCES = members(requests=mapping(QUANTITY_VALUE), limits=mapping(QUANTITY_VALUE), claims=items(FREE))
PROBE = members(initialDelaySeconds=number(), periodSeconds=number(1), timeoutSeconds=number(1), failureThreshold=number(1),
                successThreshold=number(1))
ISSUER = members(name=text(), kind=choice("Issuer", "ClusterIssuer"), group=text())
ENV = items(members(("name",), name=text(minLength=1), value=text(), valueFrom=FREE))
ENV_FROM = items(members(prefix=text(), configMapRef=FREE, secretRef=FREE))
MOUNTS = items(members(("name", "mountPath"), name=text(), mountPath=text(), subPath=text(), subPathExpr=text(), readOnly=FLAG,
                       mountPropagation=text(), recursiveReadOnly=text()))
VOLUMES = items({"type": "object", "required": ["name"]})
CONTAINERS = items({"type": "object", "required": ["name", "image"]})
PLACE = choice("ScheduleAnyway", "DoNotSchedule", "")
PROXY = text("^[0-9a-fA-F:.]+(/[0-9]{1,3})?$")
STORE = text("^[^,]+$")
UPSTREAM = text("^https?://[^,\\s]+$")
MONITOR = members(enabled=FLAG, interval=text(DURATION), scrapeTimeout=text("^(([0-9]+(h|m|s|ms))+)?$"), labels=TEXTS,
                  annotations=TEXTS, tlsConfig=FREE, relabelings=items(FREE), metricRelabelings=items(FREE))

# Of the control plane's and the relay's chart alike.
SHARED = {
    "global": FREE,
    "nameOverride": text(NAME), "fullnameOverride": text(NAME), "commonLabels": TEXTS, "commonAnnotations": TEXTS,
    "image": IMAGE, "imagePullSecrets": items(members(("name",), name=text(NAME))),
    "replicas": number(), "annotations": TEXTS, "podLabels": TEXTS, "podAnnotations": TEXTS,
    "publishTo": items(STORE), "storeCredentials": SECRET, "storeCA": SOURCE,
    "tls": members(
        existingSecret=text(NAME), clientCA=SOURCE, operators=FLAG,
        certManager=members(enabled=FLAG, issuerRef=ISSUER, dnsNames=items(text(minLength=1)), duration=text(DURATION),
                            renewBefore=text(DURATION))),
    "bindAddress": choice("0.0.0.0", "[::]"),
    "service": members(
        type=choice("ClusterIP", "NodePort", "LoadBalancer"), port=PORT, annotations=TEXTS, loadBalancerClass=text(),
        loadBalancerSourceRanges=items(PROXY), externalTrafficPolicy=choice("", "Cluster", "Local"),
        internalTrafficPolicy=choice("", "Cluster", "Local"), trafficDistribution=text(),
        ipFamilyPolicy=choice("", "SingleStack", "PreferDualStack", "RequireDualStack"),
        extraPorts=items(members(("name", "port"), name=text(), port=PORT, targetPort={"type": ["integer", "string"]},
                                 nodePort=PORT, protocol=choice("TCP", "UDP", "SCTP"), appProtocol=text()))),
    "grpc": members(enabled=FLAG, port=PORT), "trustedProxies": items(PROXY),
    "ingress": members(
        enabled=FLAG, className=text(), controller=choice("nginx", "haproxy", "traefik", "other"), annotations=TEXTS,
        hosts=items(members(("host",), host=text(minLength=1), paths=items(text("^/")))),
        tls=items(members(secretName=text(), hosts=items(text()))), streamTimeoutSeconds=number(60),
        maxBodySize=text("^[0-9]+[kmg]?$")),
    "httpRoute": members(
        enabled=FLAG, annotations=TEXTS, hostnames=items(text(minLength=1)), filters=items(FREE), requestTimeout=text(DURATION),
        parentRefs=items(members(("name",), name=text(NAME), namespace=text(NAME), sectionName=text(), port=PORT, kind=text(),
                                 group=text()))),
    "resources": RESOURCES, "updateStrategy": FREE, "minReadySeconds": number(), "revisionHistoryLimit": number(),
    "probes": members(startup=PROBE, liveness=PROBE, readiness=PROBE),
    "autoscaling": members(
        enabled=FLAG, minReplicas=number(1), maxReplicas=number(1), cpu=number(0, 1000), streams=number(),
        streamsMetric=text(minLength=1), extraMetrics=items(FREE), behavior=FREE),
    "podDisruptionBudget": members(enabled=FLAG, maxUnavailable=COUNT_OR_PERCENT, minAvailable=COUNT_OR_PERCENT),
    "topologySpread": members(zone=PLACE, host=PLACE),
    "topologySpreadConstraints": items(members(
        ("maxSkew", "topologyKey", "whenUnsatisfiable"), maxSkew=number(1), topologyKey=text(), whenUnsatisfiable=PLACE,
        labelSelector=SELECTOR, matchLabelKeys=items(text()), minDomains=number(1), nodeAffinityPolicy=text(),
        nodeTaintsPolicy=text())),
    "serviceMonitor": MONITOR,
    "prometheusRule": members(enabled=FLAG, labels=TEXTS, annotations=TEXTS, groups=items(text()), extraGroups=items(FREE)),
    "serviceAccount": members(create=FLAG, name=text(NAME), annotations=TEXTS),
    "podSecurityContext": FREE, "securityContext": FREE, "nodeSelector": TEXTS, "affinity": members(
        nodeAffinity=FREE, podAffinity=FREE, podAntiAffinity=FREE),
    "tolerations": items(members(key=text(), operator=choice("Exists", "Equal"), value=text(), tolerationSeconds=number(),
                                 effect=choice("", "NoSchedule", "PreferNoSchedule", "NoExecute"))),
    "priorityClassName": text(), "runtimeClassName": text(), "schedulerName": text(),
    "hostAliases": items(members(("ip", "hostnames"), ip=text(), hostnames=items(text()))),
    "dnsPolicy": choice("", "ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "dnsConfig": members(nameservers=items(text()), searches=items(text()), options=items(FREE)),
    "extraArgs": items(text()), "extraEnv": ENV, "extraEnvFrom": ENV_FROM,
    "extraVolumes": VOLUMES, "extraVolumeMounts": MOUNTS,
    "extraContainers": CONTAINERS, "extraInitContainers": CONTAINERS, "extraObjects": items({"type": ["object", "string"]}),
}


def drain(**more):
    return members(preStopSeconds=number(0, 3600), stopTimeoutMillis=number(0, 600000), gracePeriodSeconds=number(1, 7200), **more)


def policy(**own):
    ports = items(PORT)
    return members(enabled=FLAG, monitoring=PEERS, dns=PEERS, extraIngress=items(FREE), extraEgress=items(FREE),
                   **{name: ports if own[name] == "ports" else PEERS for name in own})


CONTROL_PLANE = {
    **SHARED,
    "database": SECRET,
    "keys": members(existingSecret=text(NAME), signingKey=text(KEY), jwtKey=text(KEY), secretsKey=text("^[-._a-zA-Z0-9]*$")),
    "trust": SOURCE, "publicUrl": text("^(https?://.+)?$"),
    "migration": members(
        mode=choice("hook", "startup", "none"), backoffLimit=number(), activeDeadlineSeconds=number(1),
        serviceAccountName=text(NAME), annotations=TEXTS, podAnnotations=TEXTS, resources=RESOURCES),
    "backup": members(
        enabled=FLAG, schedule=text("^(@[a-z]+|[^ ]+( [^ ]+){4})$"), timeZone=text("^[A-Za-z0-9_+/-]*$"),
        place=text("^(s3://.+|/.+)?$"), volume=FREE, database=SECRET, recipient=SOURCE, ca=SOURCE,
        credentials=members(existingSecret=text(NAME), accessKeyId=text(KEY), secretAccessKey=text(KEY),
                            sessionToken=text("^[-._a-zA-Z0-9]*$")),
        keep=number(), keepWeekly=number(), keepMonthly=number(), image=IMAGE, suspend=FLAG, startingDeadlineSeconds=number(10),
        backoffLimit=number(), activeDeadlineSeconds=number(1), successfulJobsHistoryLimit=number(),
        failedJobsHistoryLimit=number(), annotations=TEXTS, podAnnotations=TEXTS, extraArgs=items(text()), extraEnv=ENV,
        resources=RESOURCES),
    "kafka": members(brokers=items(text("^[^,\\s]+:[0-9]+$")), topic=text("^[-._a-zA-Z0-9]*$"), settings=SECRET),
    "webhookCA": SOURCE, "drain": drain(),
    "signer": members(
        socket=text("^(/run(/[-_a-zA-Z0-9][-._a-zA-Z0-9]*){2,})?$", maxLength=107), timeoutMillis=number(1, 600000), volume=FREE,
        sidecar=members(
            enabled=FLAG, image=IMAGE, command=items(text(minLength=1)), args=items(text()), key=SECRET,
            pkcs11=members(module=text("^(/.+)?$"), token=text(), keyLabel=text(), pin=SECRET),
            startupProbe=FREE, securityContext=FREE, extraEnv=ENV, extraEnvFrom=ENV_FROM, extraVolumes=VOLUMES,
            extraVolumeMounts=MOUNTS, resources=RESOURCES)),
    "networkPolicy": policy(clients="peers", database="peers", databasePorts="ports", internetPorts="ports"),
}

SIDECAR = {
    "global": FREE,
    "upstream": {"type": ["string", "array"], "pattern": "^(https?://\\S+)?$", "items": UPSTREAM},
    "existingSecret": text(NAME), "environments": {"type": ["string", "array"], "items": text("^[^,\\s]+$")},
    "enabled": FLAG, "image": IMAGE, "keyName": text(KEY), "trust": members(existingConfigMap=text(NAME), key=text(KEY)),
    "upstreamCA": SOURCE, "waitFor": choice("data", "start"), "readiness": FLAG, "port": PORT, "operatorsPort": PORT,
    "operatorsAddress": choice("0.0.0.0", "[::]"), "grpc": members(port=number(0, 65535), keyName=text("^[-._a-zA-Z0-9]*$")),
    "threads": number(1, 1024), "cacheSize": QUANTITY_VALUE, "stopTimeoutMillis": number(0, 600000), "resources": RESOURCES,
    "securityContext": FREE, "extraEnv": ENV, "extraVolumeMounts": MOUNTS,
}
# What the webhook adds to pods is a sidecar too, but for what pods say by their annotations or only a chart's own pods have.
INJECTED = {name: part for name, part in SIDECAR.items() if name not in ("global", "enabled", "environments", "extraVolumeMounts")}

RELAY = {
    **SHARED,
    "upstream": items(UPSTREAM), "environments": items(text("^[^,\\s]+$")), "relayKey": SECRET, "trust": SOURCE,
    "kind": choice("Deployment", "StatefulSet", "DaemonSet"), "threads": number(1, 1024), "bootstrap": items(STORE),
    "upstreamCA": SOURCE, "upstreamTLS": members(existingSecret=text(NAME)),
    "cache": members(
        emptyDir=members(sizeLimit=QUANTITY_VALUE, medium=choice("", "Memory")), volume=FREE,
        persistence=members(enabled=FLAG, size=QUANTITY_VALUE, storageClass=text(), annotations=TEXTS,
                            accessModes=items(choice("ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"), minItems=1))),
    "drain": drain(delayMillis=number(0, 600000)),
    "networkPolicy": policy(applications="peers", upstream="peers", upstreamPorts="ports"),
    "injector": members(
        enabled=FLAG, replicas=number(), existingSecret=text(NAME), caBundle=text("^[A-Za-z0-9+/=]*$"),
        certManager=members(enabled=FLAG, issuerRef=ISSUER, duration=text(DURATION), renewBefore=text(DURATION)),
        extraArgs=items(text()), extraEnv=ENV, failurePolicy=choice("Ignore", "Fail"), timeoutSeconds=number(1, 30),
        namespaceSelector=SELECTOR, resources=RESOURCES),
}

# Options that a chart sets from other values, or that have no place in a container.
SET_BY_CHART = {
    "fanion": """listen operators-listen grpc-listen database-url trust signing-key jwt-key secrets-key public-url publish-to
        store-credentials store-ca-file sink-kafka sink-kafka-topic sink-kafka-settings webhook-ca-file trusted-proxies stop-timeout
        signer signer-timeout migrate tls-cert tls-key client-ca operators-tls""",
    "fanion-relay": """listen operators-listen grpc-listen upstream key-file trust upstream-ca-file upstream-cert upstream-key
        bootstrap publish-to store-credentials store-ca-file cache-dir relay-id threads trusted-proxies require-environments
        drain-delay stop-timeout tls-cert tls-key client-ca operators-tls""",
    "fanion-sidecar": """listen operators-listen grpc-listen grpc-key-file upstream key-file trust upstream-ca-file cache-dir relay-id
        threads require-environments drain-delay stop-timeout allow-open-key-files""",
}
NOT_HERE = {
    # One machine's, commands', and what kubelet's probes or a port could not do.
    "fanion": """config check live data-dir embedded-postgres embedded-postgres-user embedded-postgres-bin org org-name limits email
        socket-mode operators-client-ca""",
    "fanion-relay": "config live sidecar grpc-key-file socket-mode operators-client-ca",
    "fanion-sidecar": "config live sidecar socket-mode operators-client-ca",
}
NUMBERS = {"threads", "audit-retention-days", "counts-retention-days", "ruleset-retention-days", "ready-max-stale"}
LISTS = {"quotas", "webhook-allow-networks", "bootstrap", "publish-to", "trusted-proxies"}
CHOICES = {"attribute-names": ["on", "off"], "log-level": ["debug", "info", "warn", "error"]}


def option_schema(option, default):
    """Of a row of docs/configuration.md."""
    if option in CHOICES:
        return {"type": "string", "enum": CHOICES[option]}
    if option in NUMBERS or default.isdecimal():
        return number(0, 2 ** 53)
    if option in LISTS:
        return {"type": ["string", "array"], "items": text()}
    return text()


def config_schema(chart, options):
    """The options that values give by their names."""
    set_by_chart, not_here = set(SET_BY_CHART[chart].split()), set(NOT_HERE[chart].split())
    if unknown := (set_by_chart | not_here) - set(options):
        raise SystemExit(f"source/schema.py: no option of docs/configuration.md: {sorted(unknown)}")
    return members(**{option: option_schema(option, default) for option, default in options.items()
                      if option not in set_by_chart | not_here})


def values_schema(chart, options):
    """`options`: of the program, with their defaults as docs/configuration.md says them."""
    properties = {"fanion": CONTROL_PLANE, "fanion-relay": RELAY, "fanion-sidecar": SIDECAR}[chart]
    if chart == "fanion-relay":
        injected = members(**INJECTED, config=config_schema("fanion-sidecar", options))
        injector = {**RELAY["injector"], "properties": {**RELAY["injector"]["properties"], "sidecar": injected}}
        properties = {**properties, "injector": injector}
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": f"values of the chart {chart}",
            **members(**properties, config=config_schema(chart, options))}
