{{/*
What is particular to the control plane.
*/}}

{{- define "fanion.component" -}}control-plane{{- end -}}
{{- define "fanion.kind" -}}Deployment{{- end -}}
{{- define "fanion.operatorsPort" -}}9091{{- end -}}
{{- define "fanion.internalTrafficPolicy" -}}{{ .Values.service.internalTrafficPolicy }}{{- end -}}

{{/* Below /api/v1/orgs there are the stream of changes and the exports. */}}
{{- define "fanion.streamPaths" -}}/relay/v1/stream /api/v1/orgs{{- end -}}

{{- define "fanion.ownOptions" -}}
{{- $v := .Values -}}
{{- $own := dict
  "listen" (printf "%s:8081" $v.bindAddress)
  "operators-listen" (printf "%s:9091" $v.bindAddress)
  "public-url" $v.publicUrl
  "publish-to" $v.publishTo
  "sink-kafka" $v.kafka.brokers
  "sink-kafka-topic" $v.kafka.topic
  "trusted-proxies" $v.trustedProxies
  "stop-timeout" $v.drain.stopTimeoutMillis -}}
{{- if $v.grpc.enabled }}{{ $_ := set $own "grpc-listen" (printf "%s:8444" $v.bindAddress) }}{{ end -}}
{{- if $v.tls.operators }}{{ $_ := set $own "operators-tls" "true" }}{{ end -}}
{{- if eq $v.migration.mode "startup" }}{{ $_ := set $own "migrate" "true" }}{{ end -}}
{{- toJson (merge $own (include "fanion.signerOptions" . | fromJson) $v.config) -}}
{{- end -}}

{{/* The password is in the URL, so it is a variable of the secret and no text in the pod. */}}
{{- define "fanion.databaseEnv" -}}
- name: FANION_DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.existingSecret }}
      key: {{ .Values.database.key }}
{{- end -}}

{{/* Where the trust document is, as JSON. */}}
{{- define "fanion.trust" -}}
{{- $trust := .Values.trust -}}
{{- if not (or $trust.existingSecret $trust.existingConfigMap) }}{{ $trust = dict "existingSecret" .Values.keys.existingSecret }}{{ end -}}
{{- toJson $trust -}}
{{- end -}}

{{- define "fanion.files" -}}
{{- $v := .Values -}}
{{- $keys := dict "jwt-key" $v.keys.jwtKey -}}
{{- if not $v.signer.socket }}{{ $_ := set $keys "signing-key" $v.keys.signingKey }}{{ end -}}
{{- with $v.keys.secretsKey }}{{ $_ := set $keys "secrets-key" . }}{{ end -}}
{{- $files := list
  (include "fanion.file" (list "keys" $v.keys $keys))
  (include "fanion.file" (list "trust" (include "fanion.trust" . | fromJson) (dict "trust" $v.trust.key)))
  (include "fanion.file" (list "store-credentials" $v.storeCredentials (dict "store-credentials" $v.storeCredentials.key)))
  (include "fanion.file" (list "store-ca" $v.storeCA (dict "store-ca-file" $v.storeCA.key)))
  (include "fanion.file" (list "kafka" $v.kafka.settings (dict "sink-kafka-settings" $v.kafka.settings.key)))
  (include "fanion.file" (list "webhook-ca" $v.webhookCA (dict "webhook-ca-file" $v.webhookCA.key)))
  (include "fanion.file" (list "tls" (dict "existingSecret" (include "fanion.tlsSecret" .)) (dict "tls-cert" "tls.crt" "tls-key" "tls.key")))
  (include "fanion.file" (list "client-ca" $v.tls.clientCA (dict "client-ca" $v.tls.clientCA.key))) -}}
[{{ without $files "" | join "," }}]
{{- end -}}

{{/* Public files only: a certificate to encrypt for, and the trust document. */}}
{{- define "fanion.backupFiles" -}}
{{- $v := .Values -}}
{{- $files := list
  (include "fanion.file" (list "backup-recipient" $v.backup.recipient (dict "backup-recipient" $v.backup.recipient.key)))
  (include "fanion.file" (list "trust" (include "fanion.trust" . | fromJson) (dict "backup-trust" $v.trust.key))) -}}
[{{ without $files "" | join "," }}]
{{- end -}}

{{/* The folder that a place is in, which is a volume. */}}
{{- define "fanion.backupFolder" -}}/var/lib/fanion/backups{{- end -}}

{{- define "fanion.checkBackup" -}}
{{- $b := .Values.backup -}}
{{- $wrong := include "fanion.checkSources" (list .Values "backup.recipient" "backup.ca") | splitList "\n" -}}
{{- if not $b.place -}}
{{- $wrong = append $wrong "backup.place: required: s3://BUCKET, or a folder below /var/lib/fanion/backups" -}}
{{- end -}}
{{- if not $b.database.existingSecret -}}
{{- $wrong = append $wrong "backup.database.existingSecret: required: the secret with the URL of a role that may read everything" -}}
{{- end -}}
{{- if not (or $b.recipient.existingSecret $b.recipient.existingConfigMap) -}}
{{- $wrong = append $wrong "backup.recipient.existingConfigMap: required, or backup.recipient.existingSecret: the certificate to encrypt for" -}}
{{- end -}}
{{- $isBucket := hasPrefix "s3://" $b.place -}}
{{- if and $isBucket (not $b.credentials.existingSecret) (not $b.extraEnv) -}}
{{- $wrong = append $wrong "backup.credentials.existingSecret: required with a bucket: the secret with its access key" -}}
{{- end -}}
{{- $folder := include "fanion.backupFolder" . -}}
{{- if and $b.place (not $isBucket) (not (or (eq $b.place $folder) (hasPrefix (print $folder "/") $b.place))) -}}
{{- $wrong = append $wrong (printf "backup.place: a folder must be %s or below it, where backup.volume is" $folder) -}}
{{- else if and $b.place (not $isBucket) (not $b.volume) -}}
{{- $wrong = append $wrong "backup.volume: required with a folder: backups would end with the pod" -}}
{{- end -}}
{{- if and (not $b.keep) (or $b.keepWeekly $b.keepMonthly) -}}
{{- $wrong = append $wrong "backup.keep: required with keepWeekly and keepMonthly; 0 removes nothing" -}}
{{- end -}}
{{- include "fanion.refuse" (list . $wrong) -}}
{{- end -}}

{{- define "fanion.check" -}}
{{- $v := .Values -}}
{{- $wrong := list (include "fanion.checkDrain" .) (include "fanion.checkTls" .) (include "fanion.checkSigner" .) -}}
{{- $wrong = concat $wrong (include "fanion.checkSources" (list $v "trust" "storeCA" "webhookCA" "tls.clientCA") | splitList "\n") -}}
{{- if not $v.database.existingSecret -}}
{{- $wrong = append $wrong "database.existingSecret: required: the secret with the URL of the database" -}}
{{- end -}}
{{- if not $v.keys.existingSecret -}}
{{- $wrong = append $wrong "keys.existingSecret: required: the secret with signer.pem (unless there is signer.socket), jwt.pem and secrets.key" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (not (or $v.autoscaling.cpu $v.autoscaling.streams $v.autoscaling.extraMetrics)) -}}
{{- $wrong = append $wrong "autoscaling: give cpu, streams or extraMetrics" -}}
{{- end -}}
{{- if and $v.autoscaling.enabled (gt (int $v.autoscaling.minReplicas) (int $v.autoscaling.maxReplicas)) -}}
{{- $wrong = append $wrong "autoscaling.maxReplicas: less than minReplicas" -}}
{{- end -}}
{{- if and $v.kafka.settings.existingSecret (not $v.kafka.brokers) -}}
{{- $wrong = append $wrong "kafka.brokers: required with kafka.settings" -}}
{{- end -}}
{{- if and $v.ingress.enabled (not $v.ingress.hosts) -}}
{{- $wrong = append $wrong "ingress.hosts: required, as [{host: flags.example.com}]" -}}
{{- end -}}
{{- if and $v.httpRoute.enabled (not $v.httpRoute.parentRefs) -}}
{{- $wrong = append $wrong "httpRoute.parentRefs: required, as [{name: GATEWAY, namespace: NAMESPACE}]" -}}
{{- end -}}
{{- include "fanion.refuse" (list . $wrong) -}}
{{- end -}}
