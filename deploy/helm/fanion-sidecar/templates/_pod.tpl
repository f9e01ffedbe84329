{{/* Made by deploy/helm/make-charts from source/templates. */}}
{{/*
Parts of pods: what the restricted Pod Security Standard asks for, probes, the drain, where pods go.
*/}}

{{- define "fanion-sidecar.podSecurityContext" -}}
{{- $default := dict "runAsNonRoot" true "runAsUser" 65532 "runAsGroup" 65532 "fsGroup" 65532 "fsGroupChangePolicy" "OnRootMismatch" "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- include "fanion-sidecar.withoutNull" (mergeOverwrite $default (deepCopy .Values.podSecurityContext)) -}}
{{- end -}}

{{- define "fanion-sidecar.securityContext" -}}
{{- $default := dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "runAsNonRoot" true "capabilities" (dict "drop" (list "ALL")) -}}
{{- include "fanion-sidecar.withoutNull" (mergeOverwrite $default (deepCopy .Values.securityContext)) -}}
{{- end -}}

{{/* A dictionary as YAML without the members that are null, by which values remove a default (OpenShift chooses the user). */}}
{{- define "fanion-sidecar.withoutNull" -}}
{{- $kept := dict -}}
{{- range $name, $value := . }}{{ if not (kindIs "invalid" $value) }}{{ $_ := set $kept $name $value }}{{ end }}{{ end -}}
{{- toYaml $kept -}}
{{- end -}}

{{/* Startup, liveness and readiness by the operators' port. */}}
{{- define "fanion-sidecar.probes" -}}
{{- $scheme := ternary "HTTPS" "HTTP" .Values.tls.operators -}}
{{- range $probe, $path := dict "startupProbe" "/startupz" "livenessProbe" "/livez" "readinessProbe" "/readyz" }}
{{ $probe }}:
  httpGet:
    path: {{ $path }}
    port: operators
    scheme: {{ $scheme }}
  {{- toYaml (index $.Values.probes (trimSuffix "Probe" $probe)) | nindent 2 }}
{{- end }}
{{- end -}}

{{/* The load balancers hear that the pod ends while it still serves; the sleep is the kubelet's, so the image needs no shell. */}}
{{- define "fanion-sidecar.lifecycle" -}}
{{- if .Values.drain.preStopSeconds }}
lifecycle:
  preStop:
    sleep:
      seconds: {{ .Values.drain.preStopSeconds | int }}
{{- end }}
{{- end -}}

{{- define "fanion-sidecar.topologySpread" -}}
{{- if .Values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml .Values.topologySpreadConstraints | nindent 2 }}
{{- else if or .Values.topologySpread.zone .Values.topologySpread.host }}
topologySpreadConstraints:
  {{- range $place, $key := dict "zone" "topology.kubernetes.io/zone" "host" "kubernetes.io/hostname" }}
  {{- with index $.Values.topologySpread $place }}
  - maxSkew: 1
    topologyKey: {{ $key }}
    whenUnsatisfiable: {{ . }}
    labelSelector:
      matchLabels:
        {{- include "fanion-sidecar.podSelector" $ | nindent 8 }}
    {{- if eq (include "fanion-sidecar.kind" $) "Deployment" }}
    matchLabelKeys: [pod-template-hash]
    {{- end }}
  {{- end }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* What says where and how pods run, as it is in the values. */}}
{{- define "fanion-sidecar.placement" -}}
{{- range $field := list "nodeSelector" "tolerations" "affinity" "priorityClassName" "runtimeClassName" "schedulerName" "hostAliases" "dnsPolicy" "dnsConfig" }}
{{- with index $.Values $field }}
{{ $field }}:
  {{- if kindIs "string" . }} {{ . }}{{ else }}{{ toYaml . | nindent 2 }}{{ end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The environment of a pod's main container: (list OPTIONS FILES $). What the operator adds comes last and wins. */}}
{{- define "fanion-sidecar.env" -}}
{{- include "fanion-sidecar.options" (index . 0) }}
{{- include "fanion-sidecar.fileOptions" (index . 1) }}
{{- with (index . 2).Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "fanion-sidecar.envFrom" -}}
{{- with .Values.extraEnvFrom }}
envFrom:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A pod has this much time, of which the program may use up what its options say and 15 s for its last writes. */}}
{{- define "fanion-sidecar.checkDrain" -}}
{{- $drain := .Values.drain -}}
{{- $needed := add (mul 1000 (int $drain.preStopSeconds)) (int (default 0 $drain.delayMillis)) (int $drain.stopTimeoutMillis) 15000 -}}
{{- if lt (mul 1000 (int $drain.gracePeriodSeconds)) $needed -}}
drain.gracePeriodSeconds: {{ $drain.gracePeriodSeconds }} s are too few: a stop may take preStopSeconds, {{ if hasKey $drain "delayMillis" }}delayMillis, {{ end }}stopTimeoutMillis and 15 s, together {{ divf $needed 1000 | ceil }} s
{{- end -}}
{{- end -}}

{{- define "fanion-sidecar.checkTls" -}}
{{- $tls := .Values.tls -}}
{{- if and $tls.certManager.enabled $tls.existingSecret -}}
tls.existingSecret: give it or enable tls.certManager, not both
{{- else if and $tls.certManager.enabled (not $tls.certManager.issuerRef.name) -}}
tls.certManager.issuerRef.name: required: the issuer that signs the certificate
{{- else if and $tls.operators (not (include "fanion-sidecar.tlsSecret" .)) -}}
tls.operators: needs tls.existingSecret or tls.certManager
{{- else if and (or $tls.clientCA.existingSecret $tls.clientCA.existingConfigMap) (not (include "fanion-sidecar.tlsSecret" .)) -}}
tls.clientCA: needs tls.existingSecret or tls.certManager
{{- end -}}
{{- end -}}

{{/* Fails with every mistake at once: (list $ MISTAKES) */}}
{{- define "fanion-sidecar.refuse" -}}
{{- $found := without (index . 1) "" -}}
{{- if $found -}}
{{- fail (printf "values of %s:\n  %s" (index . 0).Chart.Name (join "\n  " $found)) -}}
{{- end -}}
{{- end -}}
