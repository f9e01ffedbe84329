{{/* Made by deploy/helm/make-charts from source/templates. */}}
{{/*
Parts of network policies. Everything is denied that no rule allows.
*/}}

{{/* Who may connect to which ports: (list PEERS PORT ..). Without a peer nobody may. */}}
{{- define "fanion.ingressRule" -}}
{{- with index . 0 }}
- from:
    {{- toYaml . | nindent 4 }}
  ports:
    {{- range rest $ }}
    - port: {{ . }}
      protocol: TCP
    {{- end }}
{{- end }}
{{- end -}}

{{/* Where pods may connect to: (list PEERS PORTS). Without a peer anywhere. */}}
{{- define "fanion.egressRule" -}}
{{- $peers := index . 0 }}
{{- with index . 1 }}
- ports:
    {{- range . }}
    - port: {{ . | int }}
      protocol: TCP
    {{- end }}
  {{- with $peers }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "fanion.dnsRule" -}}
{{- with .Values.networkPolicy.dns }}
- to:
    {{- toYaml . | nindent 4 }}
  ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end }}
{{- end -}}

{{/* A policy that denies everything to and from the pods of a component: (list $ SUFFIX COMPONENT ANNOTATIONS) */}}
{{- define "fanion.denyAll" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "fanion.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "fanion.selectorLabels" (index . 0) | nindent 6 }}
      app.kubernetes.io/component: {{ index . 2 }}
  policyTypes: [Ingress, Egress]
{{- end -}}
