// render stands for "helm template" in the tests: it checks values against the chart's schema, renders the templates with the
// engine and functions that helm uses, and prints JSON: the text as helm would print it, and every document as Kubernetes reads it.
// It does not install, upgrade, run hooks or read charts that a chart depends on.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go build -o render render.go
//	render -kube 1.30.0 -values a.yaml -values b.yaml CHART
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"text/template"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/semver"
	"github.com/Masterminds/sprig"
	"github.com/xeipuuv/gojsonschema"
	"sigs.k8s.io/yaml"
)

type repeated []string

func (r *repeated) String() string         { return strings.Join(*r, ",") }
func (r *repeated) Set(value string) error { *r = append(*r, value); return nil }

func main() {
	var values, apis repeated
	flag.Var(&values, "values", "a file of values; repeatable, later ones win")
	flag.Var(&apis, "api", "a version that the cluster knows; repeatable")
	name := flag.String("name", "node", "name of the release")
	namespace := flag.String("namespace", "monitoring", "namespace of the release")
	kube := flag.String("kube", "1.31.0", "version of Kubernetes")
	flag.Parse()
	if err := run(flag.Arg(0), values, apis, *name, *namespace, *kube); err != nil {
		fmt.Fprintln(os.Stderr, "render:", err)
		os.Exit(1)
	}
}

func run(folder string, valueFiles, apis []string, name, namespace, kube string) error {
	chart := map[string]interface{}{}
	if err := load(filepath.Join(folder, "Chart.yaml"), &chart); err != nil {
		return err
	}
	if err := checkKube(chart, kube); err != nil {
		return err
	}
	values := map[string]interface{}{}
	for _, file := range append([]string{filepath.Join(folder, "values.yaml")}, valueFiles...) {
		more := map[string]interface{}{}
		if err := load(file, &more); err != nil {
			return err
		}
		merge(values, more)
	}
	if err := checkSchema(filepath.Join(folder, "values.schema.json"), values); err != nil {
		return err
	}
	files, err := chartFiles(folder)
	if err != nil {
		return err
	}
	version := semver.MustParse(kube)
	data := map[string]interface{}{
		"Values":  values,
		"Chart":   capitalised(chart),
		"Files":   files,
		"Release": map[string]interface{}{"Name": name, "Namespace": namespace, "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
		"Capabilities": map[string]interface{}{
			"KubeVersion": kubeVersion{Version: "v" + kube, Major: fmt.Sprint(version.Major()), Minor: fmt.Sprint(version.Minor())},
			"APIVersions": versions(apis),
		},
	}
	text, err := render(chart["name"].(string), files, data)
	if err != nil {
		return err
	}
	documents, err := split(text)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]interface{}{"text": text, "documents": documents})
}

func load(file string, into *map[string]interface{}) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// merge is what helm does with several files: maps deeply, anything else is replaced, null takes away.
func merge(into, more map[string]interface{}) {
	for key, value := range more {
		inner, isMap := value.(map[string]interface{})
		old, wasMap := into[key].(map[string]interface{})
		switch {
		case value == nil && into[key] != nil:
			delete(into, key)
		case isMap && wasMap:
			merge(old, inner)
		default:
			into[key] = value
		}
	}
}

func checkKube(chart map[string]interface{}, kube string) error {
	wanted, ok := chart["kubeVersion"].(string)
	if !ok {
		return nil
	}
	constraint, err := semver.NewConstraint(wanted)
	if err != nil {
		return err
	}
	version, err := semver.NewVersion(kube)
	if err != nil {
		return err
	}
	if !constraint.Check(version) {
		return fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes v%s", wanted, kube)
	}
	return nil
}

func checkSchema(file string, values map[string]interface{}) error {
	schema, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	document, err := json.Marshal(values)
	if err != nil {
		return err
	}
	result, err := gojsonschema.Validate(gojsonschema.NewBytesLoader(schema), gojsonschema.NewBytesLoader(document))
	if err != nil {
		return err
	}
	var complaints []string
	for _, complaint := range result.Errors() {
		complaints = append(complaints, complaint.String())
	}
	if len(complaints) > 0 {
		sort.Strings(complaints)
		return errors.New("values don't meet the specifications of the schema:\n" + strings.Join(complaints, "\n"))
	}
	return nil
}

func capitalised(chart map[string]interface{}) map[string]interface{} {
	result := map[string]interface{}{}
	for key, value := range chart {
		field := strings.ToUpper(key[:1]) + key[1:]
		if key == "apiVersion" {
			field = "APIVersion"
		}
		result[field] = value
	}
	return result
}

type kubeVersion struct{ Version, Major, Minor string }

func (k kubeVersion) String() string     { return k.Version }
func (k kubeVersion) GitVersion() string { return k.Version }

type versions []string

func (v versions) Has(wanted string) bool {
	for _, version := range v {
		if version == wanted {
			return true
		}
	}
	return false
}

// files are those of the chart, by their path below it. helm keeps templates away from .Files.
type files map[string][]byte

func chartFiles(folder string) (files, error) {
	found := files{}
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		below, err := filepath.Rel(folder, file)
		if err == nil {
			found[filepath.ToSlash(below)], err = os.ReadFile(file)
		}
		return err
	})
	return found, err
}

func (f files) Get(name string) string { return string(f.GetBytes(name)) }

func (f files) GetBytes(name string) []byte {
	if strings.HasPrefix(name, "templates/") {
		return nil
	}
	return f[name]
}

func (f files) Glob(pattern string) files {
	matched := files{}
	for name, text := range f {
		if ok, err := path.Match(pattern, name); err == nil && ok && !strings.HasPrefix(name, "templates/") {
			matched[name] = text
		}
	}
	return matched
}

func (f files) Lines(name string) []string { return strings.Split(f.Get(name), "\n") }

func (f files) AsConfig() string {
	byName := map[string]string{}
	for name, text := range f {
		byName[path.Base(name)] = string(text)
	}
	return toYAML(byName)
}

func render(chart string, all files, data map[string]interface{}) (string, error) {
	set := template.New("chart").Option("missingkey=zero")
	set.Funcs(functions(set))
	var names []string
	for name, text := range all {
		if !strings.HasPrefix(name, "templates/") {
			continue
		}
		full := chart + "/" + name
		if _, err := set.New(full).Parse(string(text)); err != nil {
			return "", err
		}
		if !strings.HasPrefix(path.Base(name), "_") && name != "templates/NOTES.txt" {
			names = append(names, full)
		}
	}
	sort.Strings(names)
	var out strings.Builder
	// The notes are rendered too, so that their mistakes are found, and printed as a comment: helm prints them after an install.
	for _, name := range append(names, chart+"/templates/NOTES.txt") {
		data["Template"] = map[string]interface{}{"Name": name, "BasePath": chart + "/templates"}
		var page bytes.Buffer
		if err := set.ExecuteTemplate(&page, name, data); err != nil {
			return "", err
		}
		text := strings.TrimSpace(strings.ReplaceAll(page.String(), "<no value>", ""))
		if strings.HasSuffix(name, "/NOTES.txt") {
			fmt.Fprintf(&out, "# NOTES.txt\n# %s\n", strings.ReplaceAll(text, "\n", "\n# "))
		} else if text != "" {
			fmt.Fprintf(&out, "---\n# Source: %s\n%s\n", name, strings.TrimPrefix(text, "---\n"))
		}
	}
	return regexp.MustCompile(`(?m)[ \t]+$`).ReplaceAllString(out.String(), ""), nil
}

// functions are sprig's without the two that read the environment, and helm's own.
func functions(set *template.Template) template.FuncMap {
	all := sprig.TxtFuncMap()
	delete(all, "env")
	delete(all, "expandenv")
	all["getHostByName"] = func(string) string { return "" }
	all["lookup"] = func(string, string, string, string) map[string]interface{} { return map[string]interface{}{} }
	all["toYaml"] = toYAML
	all["fromYaml"] = func(text string) map[string]interface{} {
		return parse(text, map[string]interface{}{}).(map[string]interface{})
	}
	all["fromYamlArray"] = func(text string) []interface{} {
		var list []interface{}
		if err := yaml.Unmarshal([]byte(text), &list); err != nil {
			list = []interface{}{err.Error()}
		}
		return list
	}
	all["toJson"] = func(value interface{}) string {
		text, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		return string(text)
	}
	// JSON is YAML.
	all["fromJson"], all["fromJsonArray"] = all["fromYaml"], all["fromYamlArray"]
	all["toToml"] = func(value interface{}) string {
		var text bytes.Buffer
		if err := toml.NewEncoder(&text).Encode(value); err != nil {
			return err.Error()
		}
		return text.String()
	}
	all["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return value, errors.New(message)
		}
		return value, nil
	}
	all["include"] = func(name string, data interface{}) (string, error) {
		var text strings.Builder
		err := set.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	all["tpl"] = func(text string, data interface{}) (string, error) {
		clone, err := set.Clone()
		if err != nil {
			return "", err
		}
		clone.Option("missingkey=zero").Funcs(functions(clone))
		inner, err := clone.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var result strings.Builder
		err = inner.Execute(&result, data)
		return strings.ReplaceAll(result.String(), "<no value>", ""), err
	}
	return all
}

func toYAML(value interface{}) string {
	text, err := yaml.Marshal(value)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}

// parse is lenient as helm is: what cannot be read is told under the key Error.
func parse(text string, into map[string]interface{}) interface{} {
	if err := yaml.Unmarshal([]byte(text), &into); err != nil {
		into["Error"] = err.Error()
	}
	return into
}

func split(text string) ([]json.RawMessage, error) {
	var documents []json.RawMessage
	for _, part := range regexp.MustCompile(`(?m)^---$`).Split(text, -1) {
		var document interface{}
		// Strict: a key that stands twice would be lost without a word.
		if err := yaml.UnmarshalStrict([]byte(part), &document); err != nil {
			return nil, fmt.Errorf("%w in\n%s", err, part)
		}
		if document == nil {
			continue
		}
		encoded, err := json.Marshal(document)
		if err != nil {
			return nil, err
		}
		documents = append(documents, encoded)
	}
	return documents, nil
}
