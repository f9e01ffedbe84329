{{/* Made by deploy/helm/make-charts from source/templates. */}}
{{/*
Names, labels, images and options: what the templates of every chart need.
*/}}

{{- define "fanion.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "fanion.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "fanion.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "fanion.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "fanion.selectorLabels" -}}
app.kubernetes.io/name: {{ include "fanion.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "fanion.labels" -}}
{{ include "fanion.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: fanion
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The labels of the pods that serve, of which a Service and everything else selects by fanion.podSelector. */}}
{{- define "fanion.podSelector" -}}
{{ include "fanion.selectorLabels" . }}
app.kubernetes.io/component: {{ include "fanion.component" . }}
{{- end -}}

{{/* metadata of an object: (list $ SUFFIX COMPONENT ANNOTATIONS) */}}
{{- define "fanion.metadata" -}}
{{- $root := index . 0 -}}
name: {{ include "fanion.fullname" $root }}{{ index . 1 }}
namespace: {{ $root.Release.Namespace }}
labels:
  {{- include "fanion.labels" $root | nindent 2 }}
  app.kubernetes.io/component: {{ index . 2 }}
{{- with mergeOverwrite (dict) $root.Values.commonAnnotations (index . 3) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* (list .Chart.AppVersion VALUES.image) */}}
{{- define "fanion.image" -}}
{{- $image := index . 1 -}}
{{- $name := $image.repository -}}
{{- if $image.registry }}{{ $name = printf "%s/%s" $image.registry $name }}{{ end -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name (default (index . 0) $image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "fanion.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "fanion.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* Helm reads every number as a floating point number, and prints 1048576 as 1.048576e+06. */}}
{{- define "fanion.text" -}}
{{- if kindIs "float64" . }}{{ . | int64 }}{{ else if kindIs "slice" . }}{{ join "," . }}{{ else }}{{ . }}{{ end -}}
{{- end -}}

{{/* Options of the program as environment variables: a dictionary of option and value. Empty values are left out. */}}
{{- define "fanion.options" -}}
{{- range $option, $value := . }}
{{- $text := include "fanion.text" $value }}
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
{{- define "fanion.fileOptions" -}}
{{- range $file := . }}
{{- range $option, $key := $file.paths }}
- name: FANION_{{ $option | upper | replace "-" "_" }}
  value: /etc/fanion/{{ $file.name }}/{{ $key }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "fanion.fileMounts" -}}
{{- range . }}
- name: {{ .name }}
  mountPath: /etc/fanion/{{ .name }}
  readOnly: true
{{- end }}
{{- end -}}

{{- define "fanion.fileVolumes" -}}
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
{{- define "fanion.file" -}}
{{- $values := index . 1 -}}
{{- if $values.existingSecret -}}
{{- dict "name" (index . 0) "secret" $values.existingSecret "paths" (index . 2) | toJson -}}
{{- else if $values.existingConfigMap -}}
{{- dict "name" (index . 0) "configMap" $values.existingConfigMap "paths" (index . 2) | toJson -}}
{{- end -}}
{{- end -}}

{{/* A finding for each of these values that names both: (list $.Values PLACE ..) */}}
{{- define "fanion.checkSources" -}}
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
{{- define "fanion.tlsSecret" -}}
{{- if .Values.tls.certManager.enabled -}}
{{- include "fanion.fullname" . }}-tls
{{- else -}}
{{- .Values.tls.existingSecret -}}
{{- end -}}
{{- end -}}

{{/* The ports of a list of URLs, as JSON. What is no URL (a folder) has none. */}}
{{- define "fanion.portsOf" -}}
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
