// Templates: what Prometheus' documentation and rules expect of each construct and function.

#include "core/template.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "core/limits.hpp"
#include "support/shared_data.hpp"

using namespace tocsin;
using core::Template;
using core::TemplateData;

namespace {

struct Row {
    std::string text;
    std::string expected;
};

std::string expanded(const std::string& text, std::optional<double> value = 301) {
    const auto parsed = Template::parse(text);
    if (!parsed) return "parse error at " + parsed.error().field + ": " + parsed.error().message;
    const Labels labels{{"instance", "web-1.example.com:9100"}, {"job", "web"}, {"region", "us"}};
    const Labels annotations{{"lag_seconds", "420"}};
    return parsed->expand({.labels = &labels,
                           .annotations = &annotations,
                           .value = value,
                           .external_url = "https://tocsin.example.com/x"});
}

void check_rows(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        INFO(row.text);
        CHECK(expanded(row.text) == row.expected);
    }
}

}  // namespace

TEST_CASE("labels, annotations and the value are written where they stand") {
    check_rows({
        {"plain text", "plain text"},
        {"", ""},
        {"{{ $labels.job }}", "web"},
        {"{{$labels.job}}/{{ .Labels.region }}", "web/us"},
        {"{{ $.Labels.job }}", "web"},
        {"[{{ $labels.missing }}]", "[]"},
        {"{{ index $labels \"job\" }}", "web"},
        {"{{ $value }} {{ .Value }}", "301 301"},
        {"{{ $annotations.lag_seconds }}", "420"},
        {"{{ $externalURL }} {{ externalURL }} {{ pathPrefix }}",
         "https://tocsin.example.com/x https://tocsin.example.com/x /x"},
        {"[{{ $externalLabels.region }}]", "[]"},
        {"{{ $labels }}", "map[instance:web-1.example.com:9100 job:web region:us]"},
        {"{{ \"a\\tb\" }}{{ `c\\n` }}{{ 'x' }}", "a\tbc\\n120"},
        {"{{ 1_000 }} {{ 0x1F }} {{ -2 }} {{ 1e3 }} {{ true }}", "1000 31 -2 1000 true"},
        {"no } braces { here", "no } braces { here"},
    });
    CHECK(expanded("{{ $value }}", 1'234'567) == "1.234567e+06");
    CHECK(expanded("{{ $value }}", std::nullopt) == "<no value>");
    CHECK(Template().expand({}).empty());
}

TEST_CASE("blanks are trimmed and comments dropped where the marks say so") {
    check_rows({
        {"a  {{- 1 }}  b", "a1  b"},
        {"a  {{ 1 -}}  b", "a  1b"},
        {"a \n {{- 1 -}} \t b", "a1b"},
        {"a {{/* nothing */}} b", "a  b"},
        {"a {{- /* }} */ -}} b", "ab"},
        {"{{-1}}", "-1"},
        {"{{ \"}}\" }}", "}}"},
    });
}

TEST_CASE("pipelines hand their value on as the last argument") {
    check_rows({
        {"{{ $value | humanizeDuration }}", "5m 1s"},
        {"{{ $labels.job | toUpper | printf \"%s-%s\" \"x\" }}", "x-WEB"},
        {"{{ (index $labels \"job\") | title }}", "Web"},
        {"{{ printf \"%d\" (len $labels.job) }}", "3"},
        {"{{ $x := $labels.job }}{{ $x }}{{ $x = \"db\" }}{{ $x }}", "webdb"},
        {"{{ with $x := $labels.job }}{{ . }}{{ $x }}{{ end }}", "webweb"},
    });
}

TEST_CASE("blocks follow truth as Go sees it") {
    check_rows({
        {"{{ if $labels.job }}a{{ else }}b{{ end }}", "a"},
        {"{{ if $labels.none }}a{{ else }}b{{ end }}", "b"},
        {"{{ if eq $labels.job \"db\" }}a{{ else if eq $labels.job \"web\" }}b{{ else }}c{{ end }}",
         "b"},
        {"{{ if eq $labels.job \"x\" \"web\" }}a{{ end }}", "a"},
        {"{{ if and $labels.job (gt $value 300.0) }}a{{ end }}", "a"},
        {"{{ if not (or $labels.none false) }}a{{ end }}", "a"},
        {"{{ with $labels.none }}a{{ else }}b{{ $labels.job }}{{ end }}", "bweb"},
        {"{{ with $labels.job }}{{ . }}{{ end }}", "web"},
        {"{{ with query \"up\" }}{{ . | first | value }}{{ end }}", ""},
        {"{{ with query \"up\" }}a{{ else }}none{{ end }}", "none"},
        {"{{ range query \"up\" | sortByLabel \"x\" }}{{ .Labels.x }}{{ else }}none{{ end }}",
         "none"},
        {"{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}",
         "instance=web-1.example.com:9100;job=web;region=us;"},
        {"{{ range $labels }}{{ . }},{{ end }}", "web-1.example.com:9100,web,us,"},
        {"{{ if lt 1 2 }}a{{ end }}{{ if ge 2 2 }}b{{ end }}{{ if ne \"a\" \"b\" }}c{{ end }}",
         "abc"},
    });
}

TEST_CASE("printf formats as Go does, its marks of misuse included") {
    check_rows({
        {"{{ printf \"%.2f\" $value }}", "301.00"},
        {"{{ printf \"%8.1f|%-8.1f|%08.1f\" 3.14159 2.5 -1.5 }}", "     3.1|2.5     |-00001.5"},
        {"{{ printf \"%d %5d %-5d| %05d %+d %x\" 7 7 7 7 7 255 }}", "7     7 7    | 00007 +7 ff"},
        {"{{ printf \"%s %q %v %v\" \"a\" \"b\\n\" 1.5 true }}", "a \"b\\n\" 1.5 true"},
        {"{{ printf \"%g %e %.3g %.0f%%\" 1234567.0 1234567.0 1234567.0 99.5 }}",
         "1.234567e+06 1.234567e+06 1.23e+06 100%"},
        {"{{ printf \"%t %5s|%-5s|%.2s\" false \"é\" \"é\" \"héllo\" }}", "false     é|é    |hé"},
        {"{{ printf \"%d\" $value }}", "%!d(float64=301)"},
        {"{{ printf \"%s\" $value }}", "%!s(float64=301)"},
        {"{{ printf \"%f\" 1 }}", "%!f(int=1)"},
        {"{{ printf \"%d\" }}", "%!d(MISSING)"},
        {"{{ printf \"x\" 1 }}", "x%!(EXTRA int=1)"},
        {"{{ printf \"%\" }}", "%!(NOVERB)"},
        {"{{ print 1 2 \"a\" \"b\" 3 }}", "1 2ab3"},
        {"{{ print \"a\" 1 2 }}", "a1 2"},
    });
}

TEST_CASE("numbers are humanized as Prometheus does") {
    struct Number {
        double number;
        const char* function;
        const char* expected;
    };
    const double infinity = std::numeric_limits<double>::infinity();
    const Number rows[] = {
        {0, "humanize", "0"},
        {1'234'567, "humanize", "1.235M"},
        {123.456, "humanize", "123.5"},
        {-1'500, "humanize", "-1.5k"},
        {0.00025, "humanize", "250u"},
        {1e30, "humanize", "1e+06Y"},
        {infinity, "humanize", "+Inf"},
        {std::nan(""), "humanize", "NaN"},
        {0, "humanize1024", "0"},
        {1, "humanize1024", "1"},
        {1'048'576, "humanize1024", "1Mi"},
        {1'536, "humanize1024", "1.5ki"},
        {0, "humanizeDuration", "0s"},
        {1, "humanizeDuration", "1s"},
        {301, "humanizeDuration", "5m 1s"},
        {12'345, "humanizeDuration", "3h 25m 45s"},
        {12'345'678, "humanizeDuration", "142d 21h 21m 18s"},
        {-60, "humanizeDuration", "-1m 0s"},
        {899.99, "humanizeDuration", "14m 59s"},
        {1.2345, "humanizeDuration", "1.234s"},
        {0.1, "humanizeDuration", "100ms"},
        {0.0001, "humanizeDuration", "100us"},
        {infinity, "humanizeDuration", "+Inf"},
        {0.05, "humanizePercentage", "5%"},
        {0.123'456, "humanizePercentage", "12.35%"},
        {1'435'065'584.128, "humanizeTimestamp", "2015-06-23 13:19:44.128 +0000 UTC"},
        {0, "humanizeTimestamp", "1970-01-01 00:00:00 +0000 UTC"},
    };
    for (const Number& row : rows) {
        INFO(row.function << " of " << row.number);
        CHECK(expanded(std::string("{{ $value | ") + row.function + " }}", row.number) ==
              row.expected);
    }
    check_rows({{"{{ humanize \"1500\" }}", "1.5k"},
                {"{{ humanize 1500 }}", "1.5k"},
                {"{{ $annotations.lag_seconds | humanizeDuration }}", "7m 0s"},
                {"{{ parseDuration \"1h30m\" }}", "5400"}});
}

TEST_CASE("texts are changed as Prometheus does") {
    check_rows({
        {"{{ $labels.instance | stripPort }}", "web-1.example.com"},
        {"{{ stripPort \"[::1]:80\" }} {{ stripPort \"::1\" }} {{ stripPort \"host\" }}",
         "::1 ::1 host"},
        {"{{ $labels.instance | stripDomain }}", "web-1:9100"},
        {"{{ stripDomain \"10.0.0.1:80\" }} {{ stripDomain \"a.b.c\" }}", "10.0.0.1:80 a"},
        {"{{ reReplaceAll \"(.*):\\\\d+\" \"$1\" \"localhost:9090\" }}", "localhost"},
        {"{{ reReplaceAll \"(?P<a>x)(y)\" \"${2}${a}$9$$\" \"xyxy\" }}", "yx$yx$"},
        {"{{ reReplaceAll \"x*\" \"-\" \"abxd\" }}", "-a-b-d-"},
        {"{{ reReplaceAll \"b\" \"\" \"aé\" }}", "aé"},
        {"{{ match \"w.b\" $labels.job }}{{ match \"^b\" $labels.job }}", "truefalse"},
        {"{{ toUpper \"é-a\" }} {{ toLower \"ÄB\" }} {{ title \"war of the wörlds\" }}",
         "É-A äb War Of The Wörlds"},
        {"{{ trim \" a \" }}|{{ safeHtml \"<b>\" }}", "a|<b>"},
        {"{{ tableLink \"up == 0\" }}", "/graph?g0.expr=up+%3D%3D+0&g0.tab=1"},
        {"{{ graphLink \"up\" }}", "/graph?g0.expr=up&g0.tab=0"},
        {"{{ (args \"a\" 2).arg1 }}", "2"},
    });
}

TEST_CASE("what cannot be expanded says so in the text") {
    check_rows({
        {"a {{ humanize \"x\" }}",
         "<error expanding template: error calling humanize: not a number: \"x\">"},
        {"{{ query \"up\" | first | value }}",
         "<error expanding template: error calling first: first() called on vector with no "
         "elements>"},
        {"{{ if gt $value 5 }}a{{ end }}",
         "<error expanding template: error calling gt: a float64 cannot be compared with a int; "
         "a number with a fraction, like 5.0, compares with $value>"},
        {"{{ reReplaceAll \"(\" \"\" \"\" }}",
         "<error expanding template: error calling reReplaceAll: the regular expression \"(\" is "
         "not valid: missing ): (>"},
        {"{{ $labels.job.x }}",
         "<error expanding template: can't evaluate field x in type string>"},
        {"{{ toUpper }}",
         "<error expanding template: wrong number of args for toUpper: want at least 1 got 0>"},
    });
    CHECK(expanded("{{ $value | humanize }}", std::nullopt) ==
          "<error expanding template: error calling humanize: can't convert nil to float>");
}

TEST_CASE("a mistake is found when the template is read, with its place and a suggestion") {
    check_rows({
        {"ab {{ $label.x }}",
         "parse error at 6: unknown variable `$label`; did you mean "
         "`$labels`?"},
        {"{{ $value | humanizeduration }}",
         "parse error at 12: unknown function `humanizeduration`; did you mean "
         "`humanizeDuration`?"},
        {"{{ .Label.x }}", "parse error at 3: unknown field `Label`; did you mean `Labels`?"},
        {"{{ foo }}", "parse error at 3: unknown function `foo`"},
        {"x {{ $value", "parse error at 2: an action is not closed; `}}` is missing"},
        {"{{ }}", "parse error at 3: a value is missing"},
        {"{{ if }}{{ end }}", "parse error at 6: a value is missing"},
        {"{{ if $value }}x", "parse error at 15: a block is not closed; `{{ end }}` is missing"},
        {"{{ end }}", "parse error at 3: `end` has no block to belong to"},
        {"{{ if 1 }}{{ else }}{{ else }}{{ end }}", "parse error at 23: a second `else`"},
        {"{{ \"abc }}", "parse error at 0: an action is not closed; `}}` is missing"},
        {"{{ \"\\q\" }}", "parse error at 3: not a value: `\"\\q\"`"},
        {"{{ $labels.foo-bar }}", "parse error at 14: unexpected `-`"},
        {"{{ (1 }}", "parse error at 6: `)` is missing"},
        {"{{ 1 2 }}", "parse error at 5: only a function takes arguments"},
        {"{{ template \"x\" }}",
         "parse error at 3: `template` is not supported; write the text out"},
        {"{{ $x := 1 }}{{ if 1 }}{{ $y := 2 }}{{ end }}{{ $y }}",
         "parse error at 48: unknown variable `$y`"},
    });
}

TEST_CASE("templates are bounded in depth, steps and output") {
    const auto nested = [](std::size_t depth) {
        std::string text;
        for (std::size_t i = 0; i < depth; ++i) text += "{{ if 1 }}";
        text += "x";
        for (std::size_t i = 0; i < depth; ++i) text += "{{ end }}";
        return text;
    };
    CHECK(expanded(nested(core::limits::template_depth_max)) == "x");
    CHECK(expanded(nested(core::limits::template_depth_max + 1)).find("too deeply") !=
          std::string::npos);
    CHECK(expanded("{{ " + std::string(100'000, '(')).find("parse error") == 0);
    CHECK(expanded("{{ " + std::string(100'000, '(') + " }}").find("too deeply") !=
          std::string::npos);
    std::string bomb = "x";
    for (int i = 0; i < 12; ++i) bomb = "{{ range $labels }}" + bomb + "{{ end }}";
    CHECK(expanded(bomb) == "<error expanding template: it takes too many steps>");
    const std::string line(60'000, 'y');
    CHECK(expanded("{{ range $labels }}" + line + "{{ end }}").size() <=
          core::limits::text_bytes_max);
    CHECK(expanded("{{ printf \"%9999999d\" 1 }}").size() <= 1'000);
}

TEST_CASE("equal texts are equal templates, and copies share what was parsed") {
    const auto first = Template::parse("{{ $value }}");
    const Template copy = *first;
    CHECK(copy == *Template::parse("{{ $value }}"));
    CHECK_FALSE(copy == *Template::parse("{{ .Value }}"));
    CHECK(Template().empty());
    CHECK(copy.text() == "{{ $value }}");
}

TEST_CASE("each function is documented once") {
    std::set<std::string_view> names;
    for (const core::TemplateFunction& function : core::template_functions()) {
        CHECK(names.insert(function.name).second);
        CHECK(function.help.ends_with('.'));
    }
    CHECK(names.size() >= 35);
}

TEST_CASE("every template of PostHog's published alerts is understood") {
    const auto path = support::shared_data() / "rule-files" / "posthog-alerts.yaml";
    if (!std::filesystem::exists(path)) {
        MESSAGE("skipped: there is no " << path.string());
        return;
    }
    const std::string text = support::read_file(path);
    std::size_t count = 0;
    for (std::size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 2)) {
        const std::string action = text.substr(at, text.find("}}", at) + 2 - at);
        INFO(action);
        CHECK(Template::parse(action).has_value());
        ++count;
    }
    CHECK(count >= 20);
}
