{{/* Made by deploy/helm/make-charts from source/templates. */}}
{{/*
What a relay beside other containers is made of. Chart fanion-sidecar puts it into the pods of other charts, and chart fanion-relay
into the file from which its webhook adds it to pods.

A chart that depends on fanion-sidecar writes into the pod of its templates

    initContainers:
      {{- include "fanion-sidecar.initContainers" . | nindent 8 }}
    volumes:
      {{- include "fanion-sidecar.volumes" . | nindent 8 }}

The values are those below `fanion-sidecar`; with an alias in Chart.yaml, give them: (include .. (list . .Values.ALIAS)).
*/}}

{{- define "fanion-sidecar.values" -}}
{{- if kindIs "slice" . -}}
{{- index . 1 | toJson -}}
{{- else -}}
{{- index .Values "fanion-sidecar" | toJson -}}
{{- end -}}
{{- end -}}

{{- define "fanion-sidecar.files" -}}
{{- $v := . -}}
{{- $secret := dict "existingSecret" $v.existingSecret -}}
{{- $trust := ternary (dict "existingConfigMap" $v.trust.existingConfigMap) $secret (ne $v.trust.existingConfigMap "") -}}
{{- $files := list
  (include "fanion-sidecar.file" (list "fanion-key" $secret (dict "key-file" $v.keyName)))
  (include "fanion-sidecar.file" (list "fanion-trust" $trust (dict "trust" $v.trust.key)))
  (include "fanion-sidecar.file" (list "fanion-grpc" (ternary $secret dict (ne $v.grpc.keyName "")) (dict "grpc-key-file" $v.grpc.keyName)))
  (include "fanion-sidecar.file" (list "fanion-ca" $v.upstreamCA (dict "upstream-ca-file" $v.upstreamCA.key))) -}}
[{{ without $files "" | join "," }}]
{{- end -}}

{{- define "fanion-sidecar.check" -}}
{{- $wrong := without (include "fanion-sidecar.checkSources" (list . "upstreamCA") | splitList "\n") "" -}}
{{- if not .upstream -}}
{{- $wrong = append $wrong "upstream: required: the URL of the control plane or of a relay" -}}
{{- end -}}
{{- if not .existingSecret -}}
{{- $wrong = append $wrong "existingSecret: required: the secret with relay.key and trust.json" -}}
{{- end -}}
{{- if and .grpc.keyName (not .grpc.port) -}}
{{- $wrong = append $wrong "grpc.port: required with grpc.keyName" -}}
{{- end -}}
{{- $place := default "fanion-sidecar" .place -}}
{{- if $wrong }}{{ fail (printf "values:\n  %s.%s" $place (join (printf "\n  %s." $place) $wrong)) }}{{ end -}}
{{- end -}}

{{/* allow-open-key-files: the volumes below. */}}
{{- define "fanion-sidecar.ownOptions" -}}
{{- $own := dict
  "allow-open-key-files" true
  "listen" (printf "127.0.0.1:%d" (int .port))
  "operators-listen" (printf "%s:%d" .operatorsAddress (int .operatorsPort))
  "cache-dir" "/var/lib/fanion/relay"
  "upstream" .upstream
  "require-environments" .environments
  "threads" .threads
  "drain-delay" 0
  "stop-timeout" .stopTimeoutMillis -}}
{{- if .grpc.port }}{{ $_ := set $own "grpc-listen" (printf "127.0.0.1:%d" (int .grpc.port)) }}{{ end -}}
{{/* Less than the program's defaults: what is on the disk must stay below cacheSize, or the kubelet ends the pod. */}}
{{- toJson (merge $own .config (dict "spool-bytes" 67108864 "bodies-bytes" 33554432)) -}}
{{- end -}}

{{- define "fanion-sidecar.initContainers" -}}
{{- $v := include "fanion-sidecar.values" . | fromJson -}}
{{- if $v.enabled -}}
{{- include "fanion-sidecar.check" $v -}}
{{- $files := include "fanion-sidecar.files" $v | fromJsonArray -}}
{{- $options := include "fanion-sidecar.ownOptions" $v | fromJson -}}
{{- $secure := dict "allowPrivilegeEscalation" false "readOnlyRootFilesystem" true "runAsNonRoot" true "runAsUser" 65532 "runAsGroup" 65532 "capabilities" (dict "drop" (list "ALL")) "seccompProfile" (dict "type" "RuntimeDefault") -}}
- name: fanion-relay
  image: {{ include "fanion-sidecar.image" (list "" $v.image) }}
  imagePullPolicy: {{ $v.image.pullPolicy }}
  # A native sidecar: it starts before the other containers and ends after them.
  restartPolicy: Always
  env:
    - name: FANION_RELAY_ID
      valueFrom:
        fieldRef:
          fieldPath: metadata.name
    {{- include "fanion-sidecar.options" $options | trim | nindent 4 }}
    {{- include "fanion-sidecar.fileOptions" $files | trim | nindent 4 }}
    {{- with $v.extraEnv }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  ports:
    - name: fanion-ops
      containerPort: {{ int $v.operatorsPort }}
  startupProbe:
    httpGet:
      path: {{ ternary "/readyz" "/startupz" (eq $v.waitFor "data") }}
      port: fanion-ops
    periodSeconds: 1
    timeoutSeconds: 3
    failureThreshold: 120
  livenessProbe:
    httpGet:
      path: /livez
      port: fanion-ops
    periodSeconds: 10
    timeoutSeconds: 5
  {{- if $v.readiness }}
  readinessProbe:
    httpGet:
      path: /readyz
      port: fanion-ops
    periodSeconds: 5
    timeoutSeconds: 3
  {{- end }}
  resources:
    {{- toYaml $v.resources | nindent 4 }}
  securityContext:
    {{- include "fanion-sidecar.withoutNull" (mergeOverwrite $secure $v.securityContext) | nindent 4 }}
  volumeMounts:
    - name: fanion-cache
      mountPath: /var/lib/fanion
    {{- include "fanion-sidecar.fileMounts" $files | trim | nindent 4 }}
    {{- with $v.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
{{- end -}}

{{- define "fanion-sidecar.volumes" -}}
{{- $v := include "fanion-sidecar.values" . | fromJson -}}
{{- if $v.enabled -}}
{{- $files := list -}}
{{/* Mode 0444: the pod's fsGroup is the application's, and only containers that mount the volume see it. */}}
{{- range include "fanion-sidecar.files" $v | fromJsonArray }}{{ $files = append $files (set . "mode" 292) }}{{ end -}}
- name: fanion-cache
  emptyDir:
    sizeLimit: {{ $v.cacheSize }}
{{ include "fanion-sidecar.fileVolumes" $files | trim }}
{{- end -}}
{{- end -}}
