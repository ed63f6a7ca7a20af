{{- define "mapagent.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "mapagent.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "mapagent.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride -}}
{{- end -}}

{{/* Names of objects that no namespace holds must not meet those of another release. */}}
{{- define "mapagent.clusterName" -}}
{{- printf "%s-%s" (include "mapagent.namespace" .) (include "mapagent.fullname" .) -}}
{{- end -}}

{{- define "mapagent.selectorLabels" -}}
app.kubernetes.io/name: {{ include "mapagent.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "mapagent.labels" -}}
{{ include "mapagent.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: metrics
app.kubernetes.io/part-of: {{ include "mapagent.name" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- if .Values.releaseLabel }}
release: {{ .Release.Name }}
{{- end }}
{{- with .Values.commonLabels }}
{{ tpl (toYaml .) $ }}
{{- end }}
{{- end -}}

{{- define "mapagent.image" -}}
{{- $registry := default .Values.image.registry .Values.global.imageRegistry -}}
{{- if $registry }}{{ $registry }}/{{ end }}{{ .Values.image.repository }}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ default .Chart.AppVersion .Values.image.tag }}{{ end -}}
{{- end -}}

{{- define "mapagent.pullSecrets" -}}
{{- range concat .Values.global.imagePullSecrets .Values.imagePullSecrets }}
{{- if kindIs "string" . }}
- name: {{ . }}
{{- else }}
- {{ toYaml . | nindent 2 | trim }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "mapagent.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "mapagent.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* "true" where a token is needed: the kubelet and the API server ask who is there. */}}
{{- define "mapagent.automount" -}}
{{- if kindIs "bool" .Values.serviceAccount.automount -}}
{{- .Values.serviceAccount.automount -}}
{{- else -}}
{{- has .Values.identity.source (list "kubelet" "api") -}}
{{- end -}}
{{- end -}}

{{/* The agent's configuration: what the values say wins over what the chart knows. */}}
{{- define "mapagent.config" -}}
{{- $kubernetes := dict "enabled" (ne .Values.identity.source "none") -}}
{{- mergeOverwrite (dict "kubernetes" $kubernetes) (deepCopy .Values.config) | toYaml -}}
{{- end -}}

{{- define "mapagent.webSecret" -}}
{{- if .Values.web.existingSecret -}}
{{- .Values.web.existingSecret -}}
{{- else if .Values.web.config -}}
{{- include "mapagent.fullname" . }}-web
{{- end -}}
{{- end -}}

{{/* A probe with its times: dict "times" "path" "root". */}}
{{- define "mapagent.probe" -}}
{{- if eq .root.Values.probes.handler "exec" -}}
exec:
  command: [/usr/bin/mapagent, healthcheck]
{{- else -}}
httpGet:
  path: {{ .path }}
  port: {{ .root.Values.service.portName }}
  scheme: {{ .root.Values.probes.scheme }}
  {{- with .root.Values.probes.httpHeaders }}
  httpHeaders:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{ toYaml .times }}
{{- end -}}

{{/*
The agent's variables. What every command in the container must know is here and not among the arguments: the health check, and
whatever is run by "kubectl exec". A variable that the values name is left to them, as a name may not stand twice.
*/}}
{{- define "mapagent.environment" -}}
{{- $values := .Values -}}
{{- $variables := list (dict "name" "MAPAGENT_PATH_PROCFS" "value" $values.host.procfsMountPath) -}}
{{- if $values.host.cgroupfs -}}
{{- $variables = append $variables (dict "name" "MAPAGENT_PATH_CGROUPFS" "value" $values.host.cgroupfsMountPath) -}}
{{- end -}}
{{- $address := printf "%s:%d" (ternary "" "127.0.0.1" $values.service.listenOnAllInterfaces) (int64 $values.service.port) -}}
{{- $variables = append $variables (dict "name" "MAPAGENT_WEB_LISTEN_ADDRESS" "value" $address) -}}
{{- if include "mapagent.webSecret" . -}}
{{- $key := ternary $values.web.existingSecretKey "web.yml" (ne $values.web.existingSecret "") -}}
{{- $variables = append $variables (dict "name" "MAPAGENT_WEB_CONFIG_FILE" "value" (printf "/etc/mapagent/web/%s" $key)) -}}
{{- end -}}
{{- $nodeName := dict "fieldRef" (dict "fieldPath" "spec.nodeName") -}}
{{- $variables = append $variables (dict "name" "MAPAGENT_KUBERNETES_NODE_NAME" "valueFrom" $nodeName) -}}
{{- if and (ne $values.identity.source "none") (not (dig "kubernetes" "sources" "" $values.config)) -}}
{{- $sources := get (dict "logs" "logs,mounts" "kubelet" "mounts,kubelet" "api" "mounts,api") $values.identity.source -}}
{{- $variables = append $variables (dict "name" "MAPAGENT_KUBERNETES_SOURCES" "value" $sources) -}}
{{- end -}}
{{- if and (eq $values.identity.source "kubelet") (not (dig "kubernetes" "kubelet_url" "" $values.config)) -}}
{{- /* By address: the names of nodes are not known to the DNS of every cluster. */ -}}
{{- $nodeIp := dict "fieldRef" (dict "fieldPath" "status.hostIP") -}}
{{- $variables = append $variables (dict "name" "MAPAGENT_KUBERNETES_NODE_IP" "valueFrom" $nodeIp) -}}
{{- $url := "https://$(MAPAGENT_KUBERNETES_NODE_IP):10250" -}}
{{- $variables = append $variables (dict "name" "MAPAGENT_KUBERNETES_KUBELET_URL" "value" $url) -}}
{{- end -}}
{{- $given := deepCopy (default dict $values.env) -}}
{{- range $values.extraEnv -}}
{{- $_ := set $given .name "" -}}
{{- end -}}
{{- $kept := list -}}
{{- range $variables -}}
{{- if not (hasKey $given .name) -}}
{{- $kept = append $kept . -}}
{{- end -}}
{{- end -}}
{{- if $kept -}}
{{- toYaml $kept -}}
{{- end -}}
{{- end -}}

{{/* Whether there is something that "helm test" can ask: a service with an address, without TLS and passwords. */}}
{{- define "mapagent.tested" -}}
{{- $open := and (not (include "mapagent.webSecret" .)) .Values.service.listenOnAllInterfaces -}}
{{- if and .Values.service.enabled $open (ne .Values.service.clusterIP "None") -}}
true
{{- end -}}
{{- end -}}

{{/* Another name than the DaemonSet's pods have, or it would adopt the pod and the service send to it. */}}
{{- define "mapagent.testName" -}}
{{- printf "%s-test" (include "mapagent.name" . | trunc 58 | trimSuffix "-") -}}
{{- end -}}

{{/* What ServiceMonitor and PodMonitor have alike in their one endpoint: dict "values" "root". */}}
{{- define "mapagent.endpoint" -}}
{{- $values := .values -}}
port: {{ .root.Values.service.portName }}
path: {{ default .root.Values.web.telemetryPath $values.path }}
scheme: {{ $values.scheme }}
{{- range $key := list "interval" "scrapeTimeout" "proxyUrl" "basicAuth" "tlsConfig" }}
{{- with get $values $key }}
{{ $key }}: {{ if kindIs "map" . }}{{ toYaml . | nindent 2 }}{{ else }}{{ . | quote }}{{ end }}
{{- end }}
{{- end }}
honorLabels: {{ $values.honorLabels }}
{{- if or $values.nodeAsInstance $values.relabelings $values.honorLabels }}
relabelings:
  {{- if $values.nodeAsInstance }}
  - sourceLabels: [__meta_kubernetes_pod_node_name]
    targetLabel: instance
  {{- end }}
  {{- with $values.relabelings }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- if $values.honorLabels }}
  {{- /* Else a group outside of pods would carry the names of the agent's own. */}}
  - action: labeldrop
    regex: ^(namespace|pod|container)$
  {{- end }}
{{- end }}
{{- with $values.metricRelabelings }}
metricRelabelings:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* And beside it: dict "values" "root". */}}
{{- define "mapagent.monitorSpec" -}}
jobLabel: {{ .values.jobLabel }}
selector:
  {{- if .values.selectorOverride }}
  {{- toYaml .values.selectorOverride | nindent 2 }}
  {{- else }}
  matchLabels:
    {{- include "mapagent.selectorLabels" .root | nindent 4 }}
  {{- end }}
namespaceSelector:
  matchNames: [{{ include "mapagent.namespace" .root }}]
{{- if .values.attachMetadata.node }}
attachMetadata:
  node: true
{{- end }}
{{- with .values.podTargetLabels }}
podTargetLabels:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $key := list "sampleLimit" "targetLimit" "labelLimit" "labelNameLengthLimit" "labelValueLengthLimit" }}
{{- with get $.values $key }}
{{ $key }}: {{ int64 . }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Before Kubernetes 1.30 the profile is an annotation, with other words. */}}
{{- define "mapagent.appArmorAnnotation" -}}
{{- if eq .Values.appArmor.type "Unconfined" -}}
unconfined
{{- else if eq .Values.appArmor.type "Localhost" -}}
localhost/{{ .Values.appArmor.localhostProfile }}
{{- else -}}
runtime/default
{{- end -}}
{{- end -}}

{{/* Of every object: dict "root" "name" "namespace" "labels". The namespace is left out where "cluster" is given. */}}
{{- define "mapagent.metadata" -}}
name: {{ default (include "mapagent.fullname" .root) .name }}
{{- if not .cluster }}
namespace: {{ default (include "mapagent.namespace" .root) .namespace }}
{{- end }}
labels:
  {{- $labels := include "mapagent.labels" .root | fromYaml }}
  {{- toYaml (mergeOverwrite $labels (default dict .labels)) | nindent 2 }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
