// PromQL: what parses, what does not and why, and that real rules come back unchanged.

#include "promql/parse.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "support/shared_data.hpp"

using namespace tocsin;

namespace {

std::string printed(std::string_view text) {
    const auto parsed = promql::parse(text);
    if (!parsed) return "error at " + parsed.error().field + ": " + parsed.error().message;
    return promql::to_string(*parsed);
}

struct Row {
    std::string text;
    std::string expected;
};

void check_refusals(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        INFO(row.text);
        const std::string expected = row.expected == "ok" ? row.text : "error at " + row.expected;
        CHECK(printed(row.text) == expected);
    }
}

}  // namespace

TEST_CASE("expressions are printed in their usual form") {
    const std::vector<Row> rows = {
        {"up", "up"},
        {"up{}", "up"},
        {"{job=\"a\",x!='b',y=~`c.*`,z!~\"d\",}", R"({job="a", x!="b", y=~"c.*", z!~"d"})"},
        {"{__name__=\"up\"}", "up"},
        {"{\"up\", \"a.b\"=\"c\"}", R"(up{"a.b"="c"})"},
        {"{\"http.requests\"}", R"({"http.requests"})"},
        {":a:b", ":a:b"},
        {"SUM(x) BY (a,)", "sum by (a) (x)"},
        {"sum without (a, b) (x)", "sum without (a, b) (x)"},
        {"sum by (on, bool, sum) (x)", "sum by (on, bool, sum) (x)"},
        {"sum + max", "sum + max"},
        {"offset offset 5m", "offset offset 5m"},
        {"topk(5, x)", "topk(5, x)"},
        {"count_values(\"v\", x)", "count_values(\"v\", x)"},
        {"1 + 2 * 3 ^ 2", "1 + 2 * 3 ^ 2"},
        {"0x1F + 1e3 + .5 + 017 + Inf + nan", "31 + 1000 + 0.5 + 15 + Inf + NaN"},
        {"5m + 1h30m", "300 + 5400"},
        {"a[5m] # a comment", "a[5m]"},
        {"a[300]", "a[5m]"},
        {"a[1h30m] offset -5m", "a[1h30m] offset -5m"},
        {"a @ 1609746000 offset 1d", "a @ 1.609746e+09 offset 1d"},
        {"a offset 1d @ start()", "a @ start() offset 1d"},
        {"rate(a[5m])[1h:1m] @ end()", "rate(a[5m])[1h:1m] @ end()"},
        {"max_over_time(a[1h:])", "max_over_time(a[1h:])"},
        {"a == bool 1", "a == bool 1"},
        {"a and on(x) b or ignoring() c", "a and on (x) b or ignoring () c"},
        {"a / on(x) group_left(y) b", "a / on (x) group_left (y) b"},
        {"a * ignoring(x) group_right b", "a * ignoring (x) group_right () b"},
        {"-a ^ 2", "-a ^ 2"},
        {"a atan2 b % c", "a atan2 b % c"},
        {"label_join(a, \"x\", \"-\")", "label_join(a, \"x\", \"-\")"},
        {"round(a) + round(a, 5) + hour()", "round(a) + round(a, 5) + hour()"},
        {"\"a\\x41\"", "\"aA\""},
    };
    for (const Row& row : rows) {
        INFO(row.text);
        CHECK(printed(row.text) == row.expected);
        CHECK(printed(row.expected) == row.expected);
    }
}

TEST_CASE("operators bind as Prometheus has them bind") {
    const auto top = [](std::string_view text) {
        const auto parsed = promql::parse(text);
        REQUIRE(parsed);
        const auto* binary = std::get_if<promql::Binary>(&parsed->node);
        if (binary == nullptr) return std::string("unary");
        return promql::to_string(*binary->left) + " | " + promql::to_string(*binary->right);
    };
    CHECK(top("a + b * c") == "a | b * c");
    CHECK(top("a - b - c") == "a - b | c");
    CHECK(top("a ^ b ^ c") == "a | b ^ c");
    CHECK(top("-a ^ b") == "unary");
    CHECK(top("-a * b") == "-a | b");
    CHECK(top("a or b and c") == "a | b and c");
    CHECK(top("a unless b and c") == "a unless b | c");
    CHECK(top("a > b + c") == "a | b + c");
    CHECK(top("a and b > c") == "a | b > c");
    CHECK(top("a * b % c") == "a * b | c");
}

TEST_CASE("each part knows the bytes that it came from") {
    const auto parsed = promql::parse("sum(a)  >  up{x=\"1\"}");
    REQUIRE(parsed);
    CHECK(parsed->begin == 0);
    CHECK(parsed->end == 20);
    const auto& binary = std::get<promql::Binary>(parsed->node);
    CHECK(binary.left->end == 6);
    CHECK(binary.right->begin == 11);
    CHECK(binary.right->end == 20);
}

TEST_CASE("bad expressions are refused with place and reason") {
    const std::vector<Row> rows = {
        {"", "0: no expression found"},
        {"# only a comment", "0: no expression found"},
        {"a b", "2: unexpected `b`; an operator or the end was expected"},
        {"a +", "3: the expression ends; a selector, a function or a number was expected"},
        {"(a", "2: the expression ends; `)` was expected"},
        {"a)", "1: unexpected `)`; an operator or the end was expected"},
        {"a $ b", "2: unexpected character `$`"},
        {"a{x=\"1}", "4: the string that begins here is not closed"},
        {"a{x=1}", "4: a string in quotes was expected"},
        {"a{x}", "3: =, !=, =~ or !~ was expected behind the label"},
        {"a{1=\"x\"}", "2: a label name was expected"},
        {"a{x=~\"(\"}", "5: the regular expression of x is not valid: missing ): (: \"(\""},
        {"{}", "0: vector selector must contain at least one non-empty matcher"},
        {"{x=\"\"}", "0: vector selector must contain at least one non-empty matcher"},
        {"a{__name__=\"b\"}", "2: metric name must not be set twice: `a` or `b`"},
        {"increse(a[5m])", "0: unknown function with name `increse`; did you mean `increase`?"},
        {"lag(a[5m])", "0: unknown function with name `lag`"},
        {"RATE(a[5m])", "0: unknown function with name `RATE`; did you mean `rate`?"},
    };
    check_refusals(rows);
}

TEST_CASE("wrong types and numbers of arguments are refused with place and reason") {
    const std::vector<Row> rows = {
        {"rate(a)", "5: expected type range vector in call to function `rate`, got instant vector"},
        {"rate()", "0: expected 1 argument(s) in call to `rate`, got 0"},
        {"rate(a[5m], 1)", "0: expected 1 argument(s) in call to `rate`, got 2"},
        {"round()", "0: expected at least 1 argument(s) in call to `round`, got 0"},
        {"round(a, 1, 2)", "0: expected at most 2 argument(s) in call to `round`, got 3"},
        {"abs(a,)", "6: trailing commas not allowed in function call args"},
        {"sum(a[5m])",
         "4: expected type instant vector in aggregation expression, got range vector"},
        {"sum(a, b)",
         "0: wrong number of arguments for aggregate expression provided, expected 1, got 2"},
        {"topk(a)",
         "0: wrong number of arguments for aggregate expression provided, expected 2, got 1"},
        {"topk(a, b)", "5: expected type scalar in aggregation parameter, got instant vector"},
        {"1 == 1", "0: comparisons between scalars must use BOOL modifier"},
        {"a + bool b", "0: bool modifier can only be used on comparison operators"},
        {"a and 1", "0: set operator `and` not allowed in binary scalar expression"},
        {"a[5m] + 1",
         "0: binary expression must contain only scalar and instant vector types, not range "
         "vector"},
        {"\"a\" + 1",
         "0: binary expression must contain only scalar and instant vector types, not string"},
        {"a + on(x) 1", "0: vector matching only allowed between instant vectors"},
        {"a and on(x) group_left() b", "0: no grouping allowed for `and` operation"},
        {"a * on(x) group_left(x) b", "0: label `x` must not occur in ON and GROUP clause at once"},
        {"-\"a\"",
         "0: unary expression only allowed on expressions of type scalar or instant vector, got "
         "string"},
        {"sum(a)[5m]", "6: ranges only allowed for vector selectors"},
        {"a[5m][5m]", "5: ranges only allowed for vector selectors"},
        {"a offset 1m [5m]", "12: the range stands before offset and @"},
        {"a[0s]", "2: duration must be greater than 0"},
        {"a[5x]", "2: not a duration"},
        {"a[1m1h]",
         "2: not a valid duration: \"1m1h\" (units must fall, each at most once); write it like "
         "15s, 5m or 1h30m"},
        {"a offset b", "9: a duration like 5m was expected"},
        {"sum(a) offset 5m", "7: offset must be preceded by a selector or a subquery"},
        {"a offset 1m offset 2m", "12: `offset` may not be set twice"},
        {"a @ b", "4: a timestamp, start() or end() was expected behind @"},
        {"1[5m:1m]", "0: subquery is only allowed on instant vector, got scalar"},
        {"1x", "0: not a number: `1x`"},
        {"\"\\q\"", "0: the string has an escape that is not known"},
        {"by", "ok"},
        {"bool", "0: unexpected `bool`; a selector, a function or a number was expected"},
        {"sum by (a:b) (x)", "8: `a:b` is not a label name"},
    };
    check_refusals(rows);
}

TEST_CASE("depth, operators and size are bounded") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '(') + "a" + std::string(depth, ')');
    };
    CHECK(promql::parse(nested(promql::expression_depth_max - 1)).has_value());
    CHECK(printed(nested(promql::expression_depth_max)).find("nested too deeply") !=
          std::string::npos);
    CHECK(printed(std::string(60'000, '(')).find("nested too deeply") != std::string::npos);
    CHECK(printed(std::string(60'000, '-')).find("nested too deeply") != std::string::npos);
    std::string chain = "a";
    for (int i = 0; i < 1'000; ++i) chain += "+a";
    CHECK(promql::parse(chain).has_value());
    CHECK(printed(chain + "+a").find("too many operators") != std::string::npos);
    CHECK(printed(std::string(promql::expression_bytes_max + 1, ' ')).find("65536 bytes") !=
          std::string::npos);
}

TEST_CASE("metric names and the comparison at the top are found") {
    const auto names = [](std::string_view text) {
        return join(promql::metric_names(*promql::parse(text)), " ");
    };
    CHECK(names("sum(rate(b[5m])) / a > b and {__name__=\"c\"} or {x=\"y\"}") == "a b c");
    CHECK(names("topk(scalar(n), max_over_time(m[1h:1m]))") == "m n");
    CHECK(names("vector(1)") == "");
    const auto top = [](std::string_view text) {
        const auto found = promql::top_comparison(*promql::parse(text));
        return found ? found->left + " " + found->op + " " + format_number(found->threshold) : "";
    };
    CHECK(top("sum(a) > 5") == "sum(a) > 5");
    CHECK(top("5 <= a") == "a >= 5");
    CHECK(top("(a < -0.5)") == "a < -0.5");
    CHECK(top("a == 0") == "a == 0");
    CHECK(top("a > b") == "");
    CHECK(top("a > bool 5") == "");
    CHECK(top("a > 5 and b") == "");
    CHECK(top("a") == "");
}

TEST_CASE("real rules parse, but for the two that promtool refuses, and come back unchanged") {
    const auto path = support::shared_data() / "rule-files" / "real-world-expressions.tsv";
    if (!std::filesystem::exists(path)) {
        MESSAGE("skipped: there is no " << path.string());
        return;
    }
    const std::string text = support::read_file(path);
    std::size_t parsed = 0;
    std::vector<std::string> refused;
    for (const std::string_view line : split(text, '\n')) {
        const std::vector<std::string_view> columns = split(line, '\t');
        if (line.starts_with('#') || columns.size() < 6) continue;
        const auto expression = promql::parse(columns[5]);
        if (!expression) {
            refused.push_back(std::string(columns[5]) + " -> " + expression.error().message);
            continue;
        }
        ++parsed;
        const std::string once = promql::to_string(*expression);
        INFO(columns[5]);
        CHECK(printed(once) == once);
    }
    for (const std::string& refusal : refused) {
        INFO(refusal);
        const bool known = refusal.find("name `lag`") != std::string::npos ||
                           refusal.find("in aggregation expression, got range") != refusal.npos;
        CHECK(known);
    }
    CHECK(refused.size() <= 2);
    CHECK(parsed > 1'000);
}
