// Records what Go's regexp package answers: `go run go-regexp.go > go-regexp.tsv`, run by hand with Go 1.19.8, the version
// that process-exporter 0.7.10 is built with in Debian 12. No test runs this file.
//
// Columns, each cell escaped as in a JSON string: pattern, text, outcome (error, none or match), for a match the number of
// characters before it, the match, and one NAME=TEXT for each named group. A name given twice has the text of the last
// group, as in process-exporter's map of captures.
//
//go:build ignore

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Each row: a pattern, then texts.
var cases = [][]string{
	// Patterns of the kind found in process-exporter's files.
	{`--port=(?P<Port>\d+)`, "postgres --port=5432", "postgres --port=x", "--port=٣"},
	{`^/usr/bin/(?P<Base>[^/ ]+)`, "/usr/bin/python3 -m x", "x /usr/bin/y", "/usr/bin//y"},
	{`/etc/kafka/(?P<Cfg>[[:alnum:]_-]+)\.properties`, "java -cp x /etc/kafka/server-1.properties", "/etc/kafka/ä.properties"},
	{`-Dapp\.name=(?P<App>\S+)`, "java -Dapp.name=shop\u00a0x -jar", "java -Dapp.name=shop\v1 -jar"},
	{`(?i)nginx: (?P<Role>master|worker) process`, "NGINX: Worker process", "nginx: cache process"},
	{`config-path\s+\S*prometheus\s+(?P<Profile>\S+)`, "config-path /x/prometheus  main rest", "config-path x"},
	{`.*`, "", "a", "a\nb", "😀"},
	{`.+`, "", "a", "a\nb"},
	{``, "", "a"},
	// Groups and names.
	{`(?P<a>x)(?P<b>y)?`, "xy", "x", "z"},
	{`(x)(?P<b>y)`, "xy"},
	{`(?P<n>a)(?P<n>b)`, "ab"},
	{`(?P<n>a)|(?P<n>b)`, "a", "b"},
	{`(?P<n>a*)*`, "aab", "b"},
	{`(?P<n>a|b)*`, "abab"},
	{`(?P<n>a*)+`, "aab", "b"},
	{`(?P<n>|a)*`, "aa", "b"},
	{`(?P<n>|a)+`, "aa", "b"},
	{`(?P<n>a|)+`, "aa", "b"},
	{`(?P<n>a|b*)*`, "abba", "c"},
	{`(?P<n>a*?)*`, "aa"},
	{`(?P<n>^a|b)*`, "aab"},
	{`(?:(?P<x>a)|b)*`, "ab", "ba"},
	{`(?P<x>a)|ab`, "ab"},
	{`(?P<x>ab?)(?P<y>b?c)`, "abc"},
	{`(?P<x>.*?)(?P<y>.*)`, "abc"},
	{`(?P<x>.+?)(?P<y>.+)`, "😀b", "a"},
	{`(?P<x>.*)(?P<y>.+)`, "b😀", "b"},
	{`(?P<Abc_9>x)`, "x"},
	{`(?P<>x)`, ""}, {`(?P<a-b>x)`, ""}, {`(?P<a`, ""}, {`(?P<é>x)`, ""}, {`(?P`, ""}, {`(?`, ""}, {`(?'a'x)`, ""},
	{`(`, ""}, {`)`, ""}, {`(a`, ""}, {`a)`, ""}, {`(|)`, "x"}, {`()`, "x"}, {`()*`, "x"}, {`(?:)+`, "x"},
	// Flags.
	{`(?i)abc`, "xABC", "abd"},
	{`(?i:a)b`, "Ab", "AB"},
	{`(?i)a(?-i)b`, "Ab", "AB"},
	{`a(?i)b|c`, "aB", "C", "A"},
	{`(a(?i)b)c`, "aBc", "aBC"},
	{`(?i)k`, "\u212a", "K"}, {`(?i)s`, "ſ", "S"}, {`(?i)ſ`, "s"}, {`(?i)[^s]`, "ſ", "S", "t"}, {`(?i)[r-t]+`, "ſRT"}, {`(?i)\w+`, "ſ\u212ak"},
	{`(?i)\W`, "ſ", "-"}, {`(?i)é`, "É", "E"}, {`(?i)σ+`, "Σσς"}, {`(?i)ß`, "ẞ", "ss"}, {`(?i)i`, "İ", "ı", "I"}, {`(?i)[à-ý]+`, "ÀÝ÷×"},
	{`(?i)µ`, "μ", "Μ"}, {`(?i)𐐀`, "𐐨"}, {`(?i)\x{1c4}`, "ǅǆ"}, {`(?i)[[:lower:]]+`, "aBſ", "-"}, {`(?i)[[:^lower:]]`, "B", "-"}, {`(?i)\p{Lu}`, "a", "-"},
	{`(?i)\P{Lu}`, "a", "-"}, {`(?i)[^\p{Lu}]`, "a", "1"}, {`(?i)@`, "@", "`"},
	{`(?s).`, "\n"}, {`.`, "\n"}, {`(?s:.)x`, "\nx"}, {`(?s)a.(?-s).`, "a\n\n", "a\nb"},
	{`^b`, "a\nb"}, {`(?m)^b`, "a\nb"}, {`a$`, "a\n", "a"}, {`(?m)a$`, "a\n", "a\nb", "a\r\n"}, {`(?m)^$`, "a\n", "\n\n"}, {`(?m)\Ab`, "a\nb"}, {`(?m)a\z`, "a\nb", "b\na"},
	{`a\z`, "a\n", "a"}, {`\Ab`, "ab"}, {`a\Z`, ""}, {`\G`, ""}, {`(?U)a+`, "aaa"}, {`(?U)a+?`, "aaa"}, {`(?U)a{1,2}`, "aaa"}, {`(?U:a*)(?P<r>a*)`, "aaa"}, {`(?-U)a+`, "aa"},
	{`(?)a`, "a"}, {`(?ii)a`, "A"}, {`(?i-i)a`, "A", "a"}, {`(?i-)a`, ""}, {`(?-:a)`, ""}, {`(?-)a`, ""}, {`(?i--s)a`, ""}, {`(?x)a`, ""}, {`(?n)a`, ""}, {`(?is-mU:.A)`, "\na"}, {`(?i`, ""},
	// What other engines have.
	{`(?=a)`, ""}, {`(?!a)`, ""}, {`(?<=a)`, ""}, {`(?<!a)`, ""}, {`(?>a)`, ""}, {`(?#a)`, ""}, {`(?(a)b|c)`, ""}, {`(a)\1`, ""}, {`(?P<n>a)\k<n>`, ""}, {`(?P=n)`, ""}, {`(?P>n)`, ""}, {`(?R)`, ""},
	{`a++`, ""}, {`a*+`, ""}, {`a?+`, ""}, {`a{2}+`, ""}, {`a**`, ""}, {`a{2}{3}`, ""}, {`a+?+`, ""}, {`a??`, "a"}, {`a*(?i)*`, "aaA"}, {`a(?i)*`, "aaA"}, {`a*\Q\E*`, "aa"}, {`(?:a*)*b`, "aab"},
	// Escapes.
	{`\d+`, "a12٣"}, {`\D+`, "12٣a"}, {`\w+`, "é_a1é"}, {`\W+`, "aé-b"}, {`\s+`, "a \t\n\v\f\r\u00a0\u0085"}, {`\S+`, " \u00a0\v "}, {`\v+`, " \v"}, {`\x41\x{42}\103`, "ABC"}, {`\x{1F600}`, "😀"}, {`\x{10FFFF}`, "\U0010ffff"},
	{`\x{110000}`, ""}, {`\x{}`, ""}, {`\x4`, ""}, {`\x`, ""}, {`\xg0`, ""}, {`\x{41`, ""}, {`\x{D800}`, "a"}, {`\0`, "\x00"}, {`\07`, "\a"}, {`\18`, ""}, {`\12`, "\n"}, {`\1234`, "S4"}, {`\8`, ""}, {`\a\f\t\n\r\v`, "\a\f\t\n\r\v"},
	{`\e`, ""}, {`\c`, ""}, {`\cA`, ""}, {`\u0041`, ""}, {`\h`, ""}, {`\R`, ""}, {`\K`, ""}, {`\C`, ""}, {`\E`, ""}, {`\_`, "_"}, {`\é`, ""}, {`\`, ""}, {`\#\ \-\/\"\'\<\>\@`, `# -/"'<>@`}, {`a#b`, "a#b"}, {`a b`, "a b", "ab"},
	{`\Qa.b*\E+`, "a.b**", "axb"}, {`\Qa.b`, "a.b", "axb"}, {`\Q\E`, ""}, {`x\Q[(\E]`, "x[(]"}, {`\Q\\E`, `\`}, {`\Qé😀\E{2}`, "é😀😀"}, {`(?i)\Qa.B\E`, "A.b"},
	{`\bfoo\b`, "a foo b", "afoo", "foo"}, {`\Boo`, "foo", "oo"}, {`\b`, "", " ", "a"}, {`\B`, "", "a", "ab"}, {`(?:\b)+a`, "a"}, {`\b*a`, "a"}, {`^*a`, "ba"}, {`$*`, "a"}, {`(?m)$+`, "a\n"}, {`x\b-`, "x-"},
	// Classes.
	{`[abc]+`, "xcab"}, {`[^abc]+`, "ab\nx"}, {`[]a]+`, "a]"}, {`[^]a]`, "]ab"}, {`[a-]+`, "a-b"}, {`[-a]+`, "a-b"}, {`[a-c-e]+`, "b-e d"}, {`[a\-c]+`, "a-cb"}, {`[\d-z]+`, "1-z5y"}, {`[a-\d]`, ""}, {`[z-a]`, ""}, {`[a`, ""}, {`[`, ""}, {`[]`, ""}, {`[^]`, ""},
	{`[a-z-[aeiou]]`, "b]", "-]", "a"}, {`[[a]+`, "a[["}, {`[a&&b]+`, "&&a"}, {`[\^\]\\]+`, `^]\`}, {`[[:alpha:]]+`, "1aBé"}, {`[[:^alpha:]]+`, "aé1"}, {`[[:space:]]+`, "a\v \u0085"}, {`[^[:space:]]+`, " a\n"}, {`[[:word:]-a]+`, "_-a"}, {`[[:punct:]]+`, "a$+<=>^|~é"},
	{`[adsw]+`, "x1adsw"}, {`[apLd]+`, "éLpda"}, {`[^asD]`, "saD1"},
	{`[[:xdigit:]]+`, "gaF0"}, {`[[:cntrl:]]`, "a\x7f"}, {`[[:graph:]]+`, " a~ "}, {`[[:print:]]+`, "\ta ~\x7f"}, {`[[:blank:]]+`, "\n\t "}, {`[[:ascii:]]+`, "é\x00\x7f"}, {`[[:upper:][:digit:]]+`, "aB1"}, {`[[:foo:]]`, ""}, {`[[:d:]]`, ""}, {`[[:]+`, ":["}, {`[:alpha:]+`, "pal:x"}, {`[[:alpha:`, ""}, {`[[=a=]]`, "a]", "=]"}, {`[[.a.]]`, ".]"},
	{`[\w.]+`, "é.a_"}, {`[^\w]+`, "aé."}, {`[^\W]+`, "éa_"}, {`[\W\w]+`, "\na"}, {`[\s\d]+`, "a1 \n"}, {`[\b]`, ""}, {`[\A]`, ""}, {`[\Qa\E]`, ""}, {`[\x41-\x{43}]+`, "DABC"}, {`[\n]`, "\n"}, {`[^\n]`, "\n"}, {`[é-ñ]+`, "aêñ"}, {`[^\x00-\x{10FFFF}]`, "a"}, {`[^\x00-\x{10FFFF}]*`, "a"},
	{`[😀-😂]+`, "a😁x"}, {`[^😀]`, "😀", "😁"}, {`[a😀]{2}`, "a😀"}, {`[\x{FFFE}-\x{10001}]+`, "\uffff𐀀𐀁𐀂"}, {`[\x{10400}-\x{1F600}]`, "😀", "😁", "𐐀", "🀀", "𐏿"}, {`[\x{1F600}-\x{10FFFF}]+`, "😀\U0010ffff"}, {`[^a]`, "😀"}, {`^.$`, "😀", "é"}, {`^.{2}$`, "😀", "😀a"}, {`😀*x`, "😀😀x"},
	{`\pL+`, "1aéΩ𐐀1"}, {`\PL+`, "a1😀é"}, {`\p{Lu}+`, "aAÉΩ"}, {`\p{^Lu}+`, "AaÉ"}, {`\P{^Lu}+`, "aAÉ"}, {`[\pN_]+`, "a1٣Ⅷ_"}, {`[^\pL]+`, "a1-é"}, {`\p{Any}+`, "\n😀"}, {`\p{Foo}`, ""}, {`\p`, ""}, {`\p{`, ""}, {`\p{L`, ""}, {`\p{}`, ""}, {`\pZ`, "a\u2003"}, {`\p{Sc}`, "a€"}, {`\p{C}`, "a\u200d"}, {`\p{lu}`, ""}, {`\p{IsGreek}`, ""},
	// Repetition.
	{`a{2}`, "aaa"}, {`a{2,}`, "aaa"}, {`a{1,2}?`, "aaa"}, {`a{0}b`, "ab"}, {`(?P<n>a){0}b`, "ab"}, {`a{,2}`, "a{,2}", "aa"}, {`a{2`, "a{2"}, {`a{`, "a{"}, {`{`, "{"}, {`}`, "}"}, {`]`, "]"}, {`{1}`, ""}, {`{,1}`, "{,1}"}, {`a{01}`, "a{01}", "a"}, {`a{1,01}`, "a{1,01}"}, {`a{ 1}`, "a{ 1}"}, {`a{1,2`, "a{1,2"}, {`a{1,2,3}`, "a{1,2,3}"}, {`a{x}`, "a{x}"},
	{`a{1000}`, "a"}, {`a{1001}`, ""}, {`a{2,1}`, ""}, {`a{1,1001}`, ""}, {`a{99999999999}`, ""}, {`(a{10}){100}`, "a"}, {`(a{10}){101}`, ""}, {`((a{10}){10}){11}`, ""}, {`(a{1000}){0}`, "a"}, {`((a{1000}){0}){9}`, "a"}, {`(a{500}b){2}`, "a"}, {`(ba{501}c){2}`, ""}, {`(a{501}|b){2}`, ""}, {`(a{1000}){1}`, "a"}, {`(a{1000})*`, "a"}, {`(a{2,}){501}`, ""}, {`(a{0,}){1000}`, "a"},
	{`*`, ""}, {`+a`, ""}, {`?`, ""}, {`a|*`, ""}, {`(*)`, ""}, {`(?i)*`, ""}, {`(?:+)`, ""}, {`a|b|`, "c"}, {`|a`, "a"}, {`a||b`, "b"}, {`|`, ""}, {`ab*`, "abb"}, {`(ab)*c`, "ababc"}, {`a|b*`, "bb"},
	{`(?P<x>a+)(?P<y>a+)`, "aaaa"}, {`(?P<x>a+?)(?P<y>a+)`, "aaaa"}, {`(?P<x>a{1,3})(?P<y>a{1,3}?)`, "aaaaa"}, {`(?P<x>\w+) (?P<y>.*)$`, "java -jar x.jar"}, {`-(?P<k>\w+)=(?P<v>[^ ]*)( |$)`, "x -a=1 -b=2"},
}

var names = []string{"x", "y", "z"}

// atom and pattern make random patterns of a small grammar; named groups get the next free name.
func atom(r *rand.Rand, depth int, free *int) string {
	plain := []string{"a", "b", "c", "é", "😀", ".", "[ab]", "[^a]", `\d`, `\w`, `\s`, `\S`, "[[:^alpha:]]", "^", "$", `\b`, `\z`, "(?m:^)", "(?m:$)", "(?s:.)", "(?i:a)", `\n`, ""}
	if depth == 0 || r.Intn(3) > 0 {
		return plain[r.Intn(len(plain))]
	}
	if *free < len(names) && r.Intn(2) == 0 {
		name := names[*free]
		*free++
		return "(?P<" + name + ">" + pattern(r, depth-1, free) + ")"
	}
	return []string{"(", "(?:", "(?i:", "(?U:", "(?s)(?:"}[r.Intn(5)] + pattern(r, depth-1, free) + ")"
}

func pattern(r *rand.Rand, depth int, free *int) string {
	var sb strings.Builder
	for n := 1 + r.Intn(4); n > 0; n-- {
		sb.WriteString(atom(r, depth, free))
		repeats := []string{"", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}?", "{0}"}
		sb.WriteString(repeats[r.Intn(len(repeats))])
		if r.Intn(6) == 0 {
			sb.WriteString("|")
		}
	}
	return sb.String()
}

func text(r *rand.Rand) string {
	letters := []string{"a", "a", "a", "b", "b", "c", "A", "1", " ", "\n", "-", "😀"}
	var sb strings.Builder
	for n := r.Intn(9); n > 0; n-- {
		sb.WriteString(letters[r.Intn(len(letters))])
	}
	return sb.String()
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

func record(p, t string) {
	row := []string{cell(p), cell(t)}
	re, err := regexp.Compile(p)
	if err != nil {
		fmt.Println(strings.Join(append(row, "error"), "\t"))
		return
	}
	m := re.FindStringSubmatchIndex(t)
	if m == nil {
		fmt.Println(strings.Join(append(row, "none"), "\t"))
		return
	}
	row = append(row, "match", strconv.Itoa(utf8.RuneCountInString(t[:m[0]])), cell(t[m[0]:m[1]]))
	values := map[string]string{}
	var order []string
	for i, name := range re.SubexpNames() {
		if name == "" {
			continue
		}
		if _, seen := values[name]; !seen {
			order = append(order, name)
		}
		values[name] = ""
		if m[2*i] >= 0 {
			values[name] = t[m[2*i]:m[2*i+1]]
		}
	}
	for _, name := range order {
		row = append(row, name+"="+cell(values[name]))
	}
	fmt.Println(strings.Join(row, "\t"))
}

func main() {
	for _, c := range cases {
		for _, t := range c[1:] {
			record(c[0], t)
		}
	}
	seed, count := int64(1), 600
	if len(os.Args) == 3 {
		s, _ := strconv.Atoi(os.Args[1])
		count, _ = strconv.Atoi(os.Args[2])
		seed = int64(s)
	}
	r := rand.New(rand.NewSource(seed))
	for n := 0; n < count; n++ {
		free := 0
		p := pattern(r, 3, &free)
		record(p, text(r))
	}
}
