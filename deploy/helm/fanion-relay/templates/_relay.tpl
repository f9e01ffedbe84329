{{/*
What is particular to relays.
*/}}

{{- define "fanion-relay.component" -}}relay{{- end -}}
{{- define "fanion-relay.kind" -}}{{ .Values.kind }}{{- end -}}
{{- define "fanion-relay.operatorsPort" -}}9090{{- end -}}
{{- define "fanion-relay.streamPaths" -}}/ofrep/v1/stream /sdk/v1/stream /sdk/v1/poll /relay/v1/stream{{- end -}}

{{- define "fanion-relay.internalTrafficPolicy" -}}
{{- default (ternary "Local" "" (eq .Values.kind "DaemonSet")) .Values.service.internalTrafficPolicy -}}
{{- end -}}

{{- define "fanion-relay.ownOptions" -}}
{{- $v := .Values -}}
{{- $own := dict
  "listen" (printf "%s:8080" $v.bindAddress)
  "operators-listen" (printf "%s:9090" $v.bindAddress)
  "cache-dir" "/var/lib/fanion/relay"
  "upstream" $v.upstream
  "require-environments" $v.environments
  "bootstrap" $v.bootstrap
  "publish-to" $v.publishTo
  "threads" $v.threads
  "trusted-proxies" $v.trustedProxies
  "drain-delay" $v.drain.delayMillis
  "stop-timeout" $v.drain.stopTimeoutMillis -}}
{{- if $v.grpc.enabled }}{{ $_ := set $own "grpc-listen" (printf "%s:8013" $v.bindAddress) }}{{ end -}}
{{- if $v.tls.operators }}{{ $_ := set $own "operators-tls" "true" }}{{ end -}}
{{- toJson (merge $own $v.config) -}}
{{- end -}}

{{- define "fanion-relay.files" -}}
{{- $v := .Values -}}
{{- $files := list
  (include "fanion-relay.file" (list "relay-key" $v.relayKey (dict "key-file" $v.relayKey.key)))
  (include "fanion-relay.file" (list "trust" $v.trust (dict "trust" $v.trust.key)))
  (include "fanion-relay.file" (list "upstream-ca" $v.upstreamCA (dict "upstream-ca-file" $v.upstreamCA.key)))
  (include "fanion-relay.file" (list "upstream-tls" $v.upstreamTLS (dict "upstream-cert" "tls.crt" "upstream-key" "tls.key")))
  (include "fanion-relay.file" (list "store-credentials" $v.storeCredentials (dict "store-credentials" $v.storeCredentials.key)))
  (include "fanion-relay.file" (list "store-ca" $v.storeCA (dict "store-ca-file" $v.storeCA.key)))
  (include "fanion-relay.file" (list "tls" (dict "existingSecret" (include "fanion-relay.tlsSecret" .)) (dict "tls-cert" "tls.crt" "tls-key" "tls.key")))
  (include "fanion-relay.file" (list "client-ca" $v.tls.clientCA (dict "client-ca" $v.tls.clientCA.key))) -}}
[{{ without $files "" | join "," }}]
{{- end -}}

{{/* The container and the volumes that the webhook adds to pods, as JSON. The webhook puts the annotation in the place of ENVIRONMENT. */}}
{{- define "fanion-relay.sidecarFile" -}}
{{- $given := .Values.injector.sidecar -}}
{{- $image := mergeOverwrite (deepCopy .Values.image) (dict "tag" (default .Chart.AppVersion .Values.image.tag)) -}}
{{- if hasKey (default dict $given.image) "tag" }}{{ $_ := set $image "digest" "" }}{{ end -}}
{{- $values := mergeOverwrite (.Files.Get "files/sidecar-values.yaml" | fromYaml)
  (dict "image" $image "upstream" .Values.upstream "existingSecret" "fanion-relay") (deepCopy $given)
  (dict "environments" "ENVIRONMENT" "place" "injector.sidecar") -}}
{{- $sidecar := list . $values -}}
{{- dict "initContainers" (include "fanion-relay.sidecar.initContainers" $sidecar | fromYamlArray)
  "volumes" (include "fanion-relay.sidecar.volumes" $sidecar | fromYamlArray) | toPrettyJson -}}
{{- end -}}

{{- define "fanion-relay.check" -}}
{{- $v := .Values -}}
{{- $wrong := list (include "fanion-relay.checkDrain" .) (include "fanion-relay.checkTls" .) -}}
{{- $wrong = concat $wrong (include "fanion-relay.checkSources" (list $v "trust" "storeCA" "upstreamCA" "tls.clientCA") | splitList "\n") -}}
{{- if and (not $v.upstream) (not $v.bootstrap) -}}
{{- $wrong = append $wrong "upstream: required without bootstrap: the URL of the control plane, as [https://flags.example.com]" -}}
{{- end -}}
{{- if and $v.upstream (not $v.relayKey.existingSecret) -}}
{{- $wrong = append $wrong "relayKey.existingSecret: required with upstream: the secret with the relay key" -}}
{{- end -}}
{{- if not (or $v.trust.existingSecret $v.trust.existingConfigMap) -}}
{{- $wrong = append $wrong "trust.existingConfigMap: required, or trust.existingSecret: where the trust document is" -}}
{{- end -}}
{{- if and $v.cache.persistence.enabled (ne $v.kind "StatefulSet") -}}
{{- $wrong = append $wrong (printf "cache.persistence.enabled: a %s has no volume for each pod; set kind: StatefulSet" $v.kind) -}}
{{- end -}}
{{- if and $v.cache.persistence.enabled $v.cache.volume -}}
{{- $wrong = append $wrong "cache.volume: not together with cache.persistence" -}}
{{- end -}}
{{- $strategies := dict
  "Deployment" (dict "types" (list "RollingUpdate" "Recreate") "members" (list "maxSurge" "maxUnavailable"))
  "StatefulSet" (dict "types" (list "RollingUpdate" "OnDelete") "members" (list "maxUnavailable" "partition"))
  "DaemonSet" (dict "types" (list "RollingUpdate" "OnDelete") "members" (list "maxSurge" "maxUnavailable")) -}}
{{- $strategy := index $strategies $v.kind -}}
{{- with $v.updateStrategy.type }}{{ if not (has . $strategy.types) -}}
{{- $wrong = append $wrong (printf "updateStrategy.type: a %s has no %s; it has %s" $v.kind . (join " and " $strategy.types)) -}}
{{- end }}{{ end -}}
{{- range $member, $_ := $v.updateStrategy.rollingUpdate }}{{ if not (has $member $strategy.members) -}}
{{- $wrong = append $wrong (printf "updateStrategy.rollingUpdate.%s: a %s has none; it has %s" $member $v.kind (join " and " $strategy.members)) -}}
{{- end }}{{ end -}}
{{- if and $v.autoscaling.enabled (eq $v.kind "DaemonSet") -}}
{{- $wrong = append $wrong "autoscaling.enabled: a DaemonSet has as many pods as there are nodes" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (not (or $v.autoscaling.cpu $v.autoscaling.streams $v.autoscaling.extraMetrics)) -}}
{{- $wrong = append $wrong "autoscaling: give cpu, streams or extraMetrics" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- $wrong = append $wrong "autoscaling.maxReplicas: less than minReplicas" -}}
{{- end -}}
{{- if and $v.ingress.enabled (not $v.ingress.hosts) -}}
{{- $wrong = append $wrong "ingress.hosts: required, as [{host: flags.example.com}]" -}}
{{- end -}}
{{- if and $v.httpRoute.enabled (not $v.httpRoute.parentRefs) -}}
{{- $wrong = append $wrong "httpRoute.parentRefs: required, as [{name: GATEWAY, namespace: NAMESPACE}]" -}}
{{- end -}}
{{- $i := $v.injector -}}
{{- if and $i.enabled (eq $i.certManager.enabled (ne $i.existingSecret "")) -}}
{{- $wrong = append $wrong "injector: give existingSecret (and caBundle) or certManager.enabled" -}}
{{- end -}}
{{- if and $i.enabled $i.existingSecret (not $i.caBundle) -}}
{{- $wrong = append $wrong "injector.caBundle: required with injector.existingSecret: the authority's certificate, PEM in base64" -}}
{{- end -}}
{{- if and $i.enabled $i.certManager.enabled (not $i.certManager.issuerRef.name) -}}
{{- $wrong = append $wrong "injector.certManager.issuerRef.name: required: the issuer that signs the certificate" -}}
{{- end -}}
{{- include "fanion-relay.refuse" (list . $wrong) -}}
{{- end -}}
