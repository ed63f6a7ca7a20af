// Records what Go's text/template makes of name templates: `go run go-template.go > go-template.tsv`, run by hand with Go
// 1.19.8. No test runs this file. Execution errors are ignored, as process-exporter ignores them: the name is what was
// written before the error.
//
// Columns, each cell escaped as in a JSON string: template, outcome (error or name), the name. The values are those of
// the struct below; NameTemplateTableTests has the same.
//
//go:build ignore

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"text/template"
	"time"
)

type params struct {
	Cgroups   []string
	Comm      string
	ExeBase   string
	ExeFull   string
	Username  string
	PID       int
	StartTime time.Time
	Matches   map[string]string
}

var values = &params{
	Cgroups:   []string{"/system.slice/x.service", "/b"},
	Comm:      "java",
	ExeBase:   "java",
	ExeFull:   "/usr/bin/java",
	Username:  "root",
	PID:       42,
	StartTime: time.Unix(1795471858, 120000000).UTC(),
	Matches:   map[string]string{"Port": "5432", "Empty": "", "with space": "ws"},
}

var templates = []string{
	"", "plain", "{{.Comm}}", "{{ .Comm }}", "{{\t.Comm\n}}", "{{.ExeBase}}:{{.ExeFull}}", "{{.Username}}", "{{.PID}}", "{{.StartTime}}", "{{.StartTime.Unix}}", "{{.Cgroups}}",
	"{{.Matches.Port}}", "{{.Matches.None}}", "{{.Matches.Empty}}", "a{{.Matches.None}}b", "{{.Comm}}-{{.Matches.Port}}", "{{.Comm}}{{.PID}}",
	"a {{- .Comm -}} b", "a {{- .Comm}} b", "a {{.Comm -}} b", "a\n{{- .Comm -}}\n b", "a {{-.Comm}}", "a {{.Comm-}} b", "{{- .Comm -}}", "  {{- \"x\" -}}  ",
	"{{/* c */}}x", "{{- /* c */ -}} x", "a {{- /* c */}} x", "{{/* c */", "{{/* c }}", "{{ /* c */ }}", "{{/* c */ }}", "{{/**/}}",
	`{{"text"}}`, "{{`raw\\n`}}", `{{"a\tb\n\"\\ \x41\u00e9"}}`, `{{"\101"}}`, `{{"a}}b"}}`, `{{"open}}`, "{{`open}}", "{{\"new\nline\"}}", `{{"\q"}}`, `{{""}}`, `{{42}}`, `{{-3}}`, `{{ -3 }}`,
	`{{index .Matches "Port"}}`, `{{index .Matches "None"}}|`, `{{index .Matches "with space"}}`, `{{index .Cgroups 0}}`, `{{index .Cgroups 1}}`, `a{{index .Cgroups 2}}b`, `a{{index .Cgroups -1}}b`, `{{ index  .Cgroups   0 }}`,
	"{{if .Comm}}yes{{end}}", "{{if .Matches.None}}yes{{else}}no{{end}}", "{{if .Matches.Empty}}yes{{else}}no{{end}}", "{{if .Matches.Port}}{{.Matches.Port}}{{else}}none{{end}}", "{{if .PID}}p{{end}}", "{{if .Cgroups}}c{{end}}", "{{if .StartTime}}t{{end}}",
	"{{if .Matches.None}}a{{else if .Comm}}b{{else}}c{{end}}", "{{if .Matches.None}}a{{else if .Matches.Empty}}b{{else}}c{{end}}", "{{if .Comm}}{{if .Matches.None}}x{{else}}y{{end}}{{end}}z", "{{if 0}}a{{else}}b{{end}}", `{{if ""}}a{{else}}b{{end}}`, "a {{- if .Comm }} b {{ end -}} c",
	"{{if .Comm}}x", "{{end}}", "{{else}}", "{{if}}x{{end}}", "{{if .Comm}}x{{else}}y{{else}}z{{end}}", "{{if .Comm}}x{{end .Comm}}", "{{if .Comm}}x{{else .Comm}}y{{end}}", "{{if .Comm}}x{{else if}}y{{end}}", "{{if index .Matches \"None\"}}a{{else}}b{{end}}", "{{if index .Cgroups 9}}a{{else}}b{{end}}",
	`{{if eq .Username "root"}}r{{else}}u{{end}}`, `{{if eq .Username "a" "root"}}r{{end}}`, `{{if ne .Username "root"}}r{{else}}u{{end}}`, `{{eq .PID 42}}`, `{{ne .PID 42}}`, `{{not .Comm}}`, `{{if not .Matches.Empty}}e{{end}}`, `a{{if eq .Matches.None "x"}}e{{end}}b`, `a{{if not .Matches.None}}e{{end}}b`, `{{eq (index .Matches "None") ""}}`,
	`{{printf "%s-%s" .Comm .Username}}`, `{{printf "%d" .PID}}`, `{{printf "%v %v" .PID .Comm}}`, `{{printf "100%%"}}`, `{{printf "%s" .Matches.Port}}`, `{{printf "x"}}`, `{{printf "%%%s%%" .Comm}}`, `{{printf "%s" .Matches.None}}`, `{{printf "%v" .Matches.None}}`, `{{printf "%s %v" .Cgroups .StartTime}}`, `{{printf "%5s" .Comm}}`, `{{printf "%"}}`, `a{{printf "%s" (index .Cgroups 7)}}b`,
	"{{.Comm", "{{}}", "{{ }}", "{{", "}}", "{", "{{.Comm}}}", "{{{.Comm}}", "a{{.Comm}} }} {{.PID}}", "{{.Comm .PID}}", "{{.Comm}", "{{. Comm}}", "{{Comm}}", "{{.Comm}}{{", "{{nofunc .Comm}}", "{{index .Cgroups 0 }}{{.Comm}}",
	"é{{.Comm}}😀", "{{$}}x", "{{true}}", "{{nil}}", "{{(.Comm)}}", "{{.Comm | printf \"%s\"}}",
}

func cell(s string) string {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err)
	}
	quoted := strings.TrimSuffix(buf.String(), "\n")
	return quoted[1 : len(quoted)-1]
}

func main() {
	for _, t := range templates {
		parsed, err := template.New("cmdname").Parse(t)
		if err != nil {
			fmt.Println(cell(t) + "\terror\t")
			continue
		}
		var buf bytes.Buffer
		_ = parsed.Execute(&buf, values)
		fmt.Println(cell(t) + "\tname\t" + cell(buf.String()))
	}
}
