{{/*
Names, labels, images and options: what the templates of every chart need.
*/}}

{{- define "CHART.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "CHART.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "CHART.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "CHART.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "CHART.selectorLabels" -}}
app.kubernetes.io/name: {{ include "CHART.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "CHART.labels" -}}
{{ include "CHART.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: fanion
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The labels of the pods that serve, of which a Service and everything else selects by CHART.podSelector. */}}
{{- define "CHART.podSelector" -}}
{{ include "CHART.selectorLabels" . }}
app.kubernetes.io/component: {{ include "CHART.component" . }}
{{- end -}}

{{/* metadata of an object: (list $ SUFFIX COMPONENT ANNOTATIONS) */}}
{{- define "CHART.metadata" -}}
{{- $root := index . 0 -}}
name: {{ include "CHART.fullname" $root }}{{ index . 1 }}
namespace: {{ $root.Release.Namespace }}
labels:
  {{- include "CHART.labels" $root | nindent 2 }}
  app.kubernetes.io/component: {{ index . 2 }}
{{- with mergeOverwrite (dict) $root.Values.commonAnnotations (index . 3) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* (list .Chart.AppVersion VALUES.image) */}}
{{- define "CHART.image" -}}
{{- $image := index . 1 -}}
{{- $name := $image.repository -}}
{{- if $image.registry }}{{ $name = printf "%s/%s" $image.registry $name }}{{ end -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default (index . 0) $image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "CHART.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "CHART.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Helm reads every number as a floating point number, and prints 1048576 as 1.048576e+06. */}}
{{- define "CHART.text" -}}
{{- if kindIs "float64" . }}{{ . | int64 }}{{ else if kindIs "slice" . }}{{ join "," . }}{{ else }}{{ . }}{{ end -}}
{{- end -}}

{{/* Options of the program as environment variables: a dictionary of option and value. Empty values are left out. */}}
{{- define "CHART.options" -}}
{{- range $option, $value := . }}
{{- $text := include "CHART.text" $value }}
{{- if ne $text "" }}
- name: FANION_{{ $option | upper | replace "-" "_" }}
  value: {{ $text | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
Files of existing secrets and config maps. A list of
  {name: trust, secret: NAME | configMap: NAME, paths: {OPTION: KEY, ..}}
becomes options, volumes and mounts. A directory is mounted, not a single file, so that a new content arrives in the pod.
*/}}
{{- define "CHART.fileOptions" -}}
{{- range $file := . }}
{{- range $option, $key := $file.paths }}
- name: FANION_{{ $option | upper | replace "-" "_" }}
  value: /etc/fanion/{{ $file.name }}/{{ $key }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "CHART.fileMounts" -}}
{{- range . }}
- name: {{ .name }}
  mountPath: /etc/fanion/{{ .name }}
  readOnly: true
{{- end }}
{{- end -}}

{{- define "CHART.fileVolumes" -}}
{{- range . }}
- name: {{ .name }}
  {{- $keys := values .paths | uniq | sortAlpha }}
  {{- if .secret }}
  secret:
    secretName: {{ .secret }}
    defaultMode: {{ default 288 .mode }}
  {{- else }}
  configMap:
    name: {{ .configMap }}
    defaultMode: 292
  {{- end }}
    items:
      {{- range $keys }}
      - key: {{ . }}
        path: {{ . }}
      {{- end }}
{{- end }}
{{- end -}}

{{/* A file of `values`, which has existingSecret or existingConfigMap: (list NAME VALUES {OPTION: KEY}) as one item of JSON, or "". */}}
{{- define "CHART.file" -}}
{{- $values := index . 1 -}}
{{- if $values.existingSecret -}}
{{- dict "name" (index . 0) "secret" $values.existingSecret "paths" (index . 2) | toJson -}}
{{- else if $values.existingConfigMap -}}
{{- dict "name" (index . 0) "configMap" $values.existingConfigMap "paths" (index . 2) | toJson -}}
{{- end -}}
{{- end -}}

{{/* A finding for each of these values that names both: (list $.Values PLACE ..) */}}
{{- define "CHART.checkSources" -}}
{{- $values := index . 0 -}}
{{- range rest . -}}
{{- $source := $values -}}
{{- range splitList "." . }}{{ $source = index $source . }}{{ end -}}
{{- if and $source.existingSecret $source.existingConfigMap -}}
{{ . }}.existingConfigMap: give it or {{ . }}.existingSecret, not both{{ "\n" }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The secret with tls.crt and tls.key; "" without TLS. */}}
{{- define "CHART.tlsSecret" -}}
{{- if .Values.tls.certManager.enabled -}}
{{- include "CHART.fullname" . }}-tls
{{- else -}}
{{- .Values.tls.existingSecret -}}
{{- end -}}
{{- end -}}

{{/* The ports of a list of URLs, as JSON. What is no URL (a folder) has none. */}}
{{- define "CHART.portsOf" -}}
{{- $ports := list -}}
{{- range . -}}
{{- $url := . -}}
{{- with regexFind "[?&]endpoint=https?://[^&]*" $url }}{{ $url = trimPrefix "endpoint=" (trimAll "?&" .) }}{{ end -}}
{{- $host := regexReplaceAll "^[a-z0-9]+://([^/?#]*).*$" $url "${1}" -}}
{{- $port := regexFind ":[0-9]+$" $host -}}
{{- if $port }}{{ $ports = append $ports (trimPrefix ":" $port | int) }}
{{- else if hasPrefix "http://" $url }}{{ $ports = append $ports 80 }}
{{- else if or (hasPrefix "https://" $url) (hasPrefix "s3://" $url) }}{{ $ports = append $ports 443 }}
{{- else if or (hasPrefix "redis://" $url) (hasPrefix "rediss://" $url) }}{{ $ports = append $ports 6379 }}
{{- end -}}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end -}}
