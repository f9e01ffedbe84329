{{/*
The signer: a process that has the key which signs rulesets, behind a Unix socket (docs/signer.md). It is a native sidecar, because
a control plane cannot start without it and signs until it ends, and has a user of its own, so that neither may look into the other.
*/}}

{{- define "fanion.signerOptions" -}}
{{- with .Values.signer -}}
{{- toJson (ternary (dict "signer" (print "unix:" .socket) "signer-timeout" .timeoutMillis) dict (ne .socket "")) -}}
{{- end -}}
{{- end -}}

{{- define "fanion.hasSignerSidecar" -}}
{{- if and .Values.signer.socket .Values.signer.sidecar.enabled }}true{{ end -}}
{{- end -}}

{{/* The user that the control plane runs as; "" where something else chooses it. */}}
{{- define "fanion.controlPlaneUser" -}}
{{- $user := get (include "fanion.podSecurityContext" . | fromYaml) "runAsUser" -}}
{{- if hasKey .Values.securityContext "runAsUser" }}{{ $user = .Values.securityContext.runAsUser }}{{ end -}}
{{- include "fanion.text" (default "" $user) -}}
{{- end -}}

{{- define "fanion.signerSecurityContext" -}}
{{- $own := dict -}}
{{- if include "fanion.controlPlaneUser" . }}{{ $own = dict "runAsUser" 65533 }}{{ end -}}
{{- $context := mergeOverwrite (deepCopy .Values.securityContext) $own (deepCopy .Values.signer.sidecar.securityContext) -}}
{{- include "fanion.securityContext" (dict "Values" (dict "securityContext" $context)) -}}
{{- end -}}

{{/* What only the signer may read: its key, or the token's PIN. */}}
{{- define "fanion.signerFiles" -}}
{{- $sidecar := .Values.signer.sidecar -}}
{{- $files := list
  (include "fanion.file" (list "signer-key" $sidecar.key (dict "key" $sidecar.key.key)))
  (include "fanion.file" (list "signer-pin" $sidecar.pkcs11.pin (dict "pin-file" $sidecar.pkcs11.pin.key))) -}}
[{{ without $files "" | join "," }}]
{{- end -}}

{{- define "fanion.signerArgs" -}}
{{- $sidecar := .Values.signer.sidecar -}}
- signer
- serve
- --socket
- {{ .Values.signer.socket }}
{{- $user := include "fanion.controlPlaneUser" . }}
{{- if $user }}
{{- range without (list $user (get (include "fanion.signerSecurityContext" . | fromYaml) "runAsUser" | include "fanion.text")) "" | uniq }}
- --allow-user
- {{ . | quote }}
{{- end }}
{{- end }}
{{- if $sidecar.pkcs11.module }}
- --pkcs11-module
- {{ $sidecar.pkcs11.module | quote }}
- --token
- {{ $sidecar.pkcs11.token | quote }}
- --key-label
- {{ $sidecar.pkcs11.keyLabel | quote }}
- --pin-file
- /etc/fanion/signer-pin/{{ $sidecar.pkcs11.pin.key }}
{{- else }}
- --key
- /etc/fanion/signer-key/{{ $sidecar.key.key }}
{{- end }}
{{- end -}}

{{- define "fanion.signerContainer" -}}
{{- $sidecar := .Values.signer.sidecar -}}
- name: signer
  image: {{ include "fanion.image" (list .Chart.AppVersion $sidecar.image) }}
  imagePullPolicy: {{ $sidecar.image.pullPolicy }}
  restartPolicy: Always
  {{- with $sidecar.command }}
  command:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- if or $sidecar.args (not $sidecar.command) }}
  args:
    {{- if not $sidecar.command }}
    {{- include "fanion.signerArgs" . | nindent 4 }}
    {{- end }}
    {{- with $sidecar.args }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
  {{- with $sidecar.extraEnv }}
  env:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $sidecar.extraEnvFrom }}
  envFrom:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- $probe := $sidecar.startupProbe }}
  {{- if not (or $probe $sidecar.command) }}
  {{- $check := list "/usr/bin/fanion" "signer" "check" "--socket" .Values.signer.socket }}
  {{- $probe = dict "exec" (dict "command" $check) "periodSeconds" 1 "timeoutSeconds" 5 "failureThreshold" 120 }}
  {{- end }}
  {{- with $probe }}
  # The control plane is started when this has succeeded.
  startupProbe:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  resources:
    {{- toYaml $sidecar.resources | nindent 4 }}
  securityContext:
    {{- include "fanion.signerSecurityContext" . | nindent 4 }}
  volumeMounts:
    - name: signer
      mountPath: {{ dir .Values.signer.socket }}
    {{- include "fanion.fileMounts" (include "fanion.signerFiles" . | fromJsonArray) | trim | nindent 4 }}
    {{- with $sidecar.extraVolumeMounts }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "fanion.signerVolumes" -}}
- name: signer
  {{- toYaml (default (dict "emptyDir" (dict "medium" "Memory" "sizeLimit" "1Mi")) .Values.signer.volume) | nindent 2 }}
{{- if include "fanion.hasSignerSidecar" . }}
{{- include "fanion.fileVolumes" (include "fanion.signerFiles" . | fromJsonArray) }}
{{- with .Values.signer.sidecar.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* One message for each mistake; those that follow from another are not named. */}}
{{- define "fanion.checkSigner" -}}
{{- $signer := .Values.signer -}}
{{- $sidecar := $signer.sidecar -}}
{{- $pkcs11 := $sidecar.pkcs11 -}}
{{- $hasPkcs11 := or $pkcs11.module $pkcs11.token $pkcs11.keyLabel $pkcs11.pin.existingSecret -}}
{{- $ways := list -}}
{{- if $sidecar.key.existingSecret }}{{ $ways = append $ways "key.existingSecret" }}{{ end -}}
{{- if $hasPkcs11 }}{{ $ways = append $ways "pkcs11" }}{{ end -}}
{{- if $sidecar.command }}{{ $ways = append $ways "command" }}{{ end -}}
{{- if not $signer.socket -}}
{{- if or $ways $signer.volume -}}
signer.socket: required with other values of the signer, as /run/fanion-signer/signer.sock
{{- end -}}
{{- else if not $sidecar.enabled -}}
{{- if not $signer.volume -}}
signer.volume: required without signer.sidecar.enabled: the volume with the socket
{{- else if $ways -}}
signer.sidecar.enabled: required with signer.sidecar.{{ first $ways }}
{{- end -}}
{{- else if not $ways -}}
signer.sidecar.key.existingSecret: required, or signer.sidecar.pkcs11, or signer.sidecar.command: where the signer has its key from
{{- else if gt (len $ways) 1 -}}
signer.sidecar: give one of {{ join " and " $ways }}, not {{ ternary "both" "all" (eq (len $ways) 2) }}
{{- else if and $hasPkcs11 (not (and $pkcs11.module $pkcs11.token $pkcs11.keyLabel $pkcs11.pin.existingSecret)) -}}
signer.sidecar.pkcs11: give module, token, keyLabel and pin.existingSecret
{{- end -}}
{{- end -}}
