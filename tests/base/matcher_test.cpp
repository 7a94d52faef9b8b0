// Matchers: Alertmanager's notation and what each kind accepts.

#include "base/matcher.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using tocsin::Labels;
using tocsin::Matcher;
using tocsin::parse_matchers;

namespace {

std::string printed(std::string_view text) {
    const auto matchers = parse_matchers(text);
    if (!matchers) return "error: " + matchers.error().message;
    std::string result;
    for (const Matcher& matcher : *matchers) result += matcher.to_string() + ";";
    return result;
}

Matcher regex(const std::string& pattern) {
    auto matcher = Matcher::make(Matcher::Kind::regex, "x", pattern);
    REQUIRE(matcher);
    return *matcher;
}

}  // namespace

TEST_CASE("matchers are read as Alertmanager 0.25 reads them") {
    struct Row {
        const char* sentence;
        const char* text;
        const char* expected;
    };
    const Row rows[] = {
        {"a quoted value", R"(foo="bar")", R"(foo="bar";)"},
        {"a bare value", "foo=bar", R"(foo="bar";)"},
        {"all four operators", R"({a="1",b!="2",c=~"3",d!~"4"})", R"(a="1";b!="2";c=~"3";d!~"4";)"},
        {"blanks around everything", R"( { foo = "bar" , b =~ x.+ } )", R"(foo="bar";b=~"x.+";)"},
        {"a trailing comma", R"({foo="bar",})", R"(foo="bar";)"},
        {"no matchers in braces", "{}", ""},
        {"nothing at all", "", ""},
        {"commas and braces inside quotes", R"({foo="a,b}",x="{"})", R"(foo="a,b}";x="{";)"},
        {"escapes", R"(foo="a\"b\\c\nd")", R"(foo="a\"b\\c\nd";)"},
        {"a backslash that escapes nothing stays", R"(foo=~"a\.b\d")", R"(foo=~"a\\.b\\d";)"},
        {"UTF-8 values", R"(foo="Ünïcode 🔥")", R"(foo="Ünïcode 🔥";)"},
        {"an empty bare value", "foo=", R"(foo="";)"},
        {"an empty quoted value", R"(foo="")", R"(foo="";)"},
        {"an operator in a bare value", "foo==bar", R"(foo="=bar";)"},
        {"an equal sign and a tilde stand for a regular expression", "foo=~bar", R"(foo=~"bar";)"},
        {"a colon in the name", "job:x=1", R"(job:x="1";)"},
        {"blanks inside a bare value", "foo = a b ", R"(foo="a b";)"},
        {"a comma between quoted and bare", R"(a=b,c="d")", R"(a="b";c="d";)"},
    };
    for (const Row& row : rows) {
        INFO(row.sentence);
        CHECK(printed(row.text) == row.expected);
    }
}

TEST_CASE("what is not a matcher is refused with what was expected") {
    struct Row {
        const char* text;
        const char* expected;
    };
    const std::string how = "; write it like name=\"value\", with =, !=, =~ or !~";
    const Row rows[] = {
        {"foo", "not a matcher: `foo` (an operator was expected after `foo`)"},
        {"=bar", "not a matcher: `=bar` (a label name was expected at the start)"},
        {"0foo=bar", "not a matcher: `0foo=bar` (a label name was expected at the start)"},
        {"a=b,,c=d", "not a matcher: `` (a label name was expected at the start)"},
        {"foo-x=bar", "not a matcher: `foo-x=bar` (an operator was expected after `foo`)"},
    };
    for (const Row& row : rows) CHECK(printed(row.text) == "error: " + (row.expected + how));
    CHECK(printed(R"(foo="bar)") == R"(error: the value "bar has no closing double quote)");
    CHECK(printed(R"(foo=b"ar)") ==
          R"(error: the value b"ar contains a double quote; write it as \")");
    CHECK(printed("foo=\xFF") == "error: the value \xEF\xBF\xBD is not valid UTF-8");
    CHECK(printed(R"(foo=~"a(b")") ==
          R"(error: the regular expression of foo is not valid: missing ): a(b: "a(b")");
    CHECK(printed(R"(foo=~"(a{1000}){1000}")").find("not valid") != std::string::npos);
}

TEST_CASE("regular expressions are anchored on both sides and a dot matches a newline") {
    CHECK(regex("a.c").matches("a\nc"));
    CHECK_FALSE(regex("a.c").matches("xa c"));
    CHECK_FALSE(regex("a.c").matches("a cx"));
    CHECK_FALSE(regex("a|b.").matches("ab "));
    CHECK(regex("(?i)WEB.*").matches("web-1"));
    CHECK(regex(".*").matches(""));
    CHECK_FALSE(regex(".+").matches(""));
}

TEST_CASE("a plain alternation is a set of literals") {
    const Matcher matcher = regex(R"(web|db|a\.b||web)");
    CHECK(matcher.literals() == std::vector<std::string>{"", "a.b", "db", "web"});
    CHECK(matcher.matches("db"));
    CHECK(matcher.matches("a.b"));
    CHECK(matcher.matches(""));
    CHECK_FALSE(matcher.matches("axb"));
    CHECK_FALSE(matcher.matches("we"));
    CHECK(regex("web.*").literals().empty());
    CHECK(Matcher::make(Matcher::Kind::equal, "x", "a|b")->literals() ==
          std::vector<std::string>{"a|b"});
    const auto excluding = Matcher::make(Matcher::Kind::not_regex, "x", "a|b");
    CHECK(excluding->literals().empty());
    CHECK_FALSE(excluding->matches("a"));
    CHECK(excluding->matches("c"));
}

TEST_CASE("a missing label counts as empty, and all matchers must match") {
    const Labels labels{{"alertname", "DiskFull"}, {"severity", "critical"}};
    const auto match = [&](std::string_view text) {
        return tocsin::all_match(*parse_matchers(text), labels);
    };
    CHECK(match(""));
    CHECK(match(R"(alertname="DiskFull",severity=~"critical|page")"));
    CHECK_FALSE(match(R"(alertname="DiskFull",severity="page")"));
    CHECK(match(R"(region="")"));
    CHECK(match(R"(region!="us")"));
    CHECK_FALSE(match(R"(region=~".+")"));
    CHECK(match(R"(region!~".+")"));
}

TEST_CASE("a pattern that is slow for backtracking engines is matched at once") {
    CHECK_FALSE(regex("(a+)+$x").matches(std::string(100'000, 'a')));
}
