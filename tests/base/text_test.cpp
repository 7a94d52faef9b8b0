// Text helpers: safe cuts, printable lines, likeness, numbers as Go prints them.

#include "base/text.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace tocsin;

TEST_CASE("UTF-8 is recognised strictly and repaired with U+FFFD") {
    struct Row {
        const char* sentence;
        std::string text;
        std::string repaired;
    };
    const std::string bad = "\xEF\xBF\xBD";
    const Row rows[] = {
        {"plain", "abc", "abc"},
        {"two, three and four bytes", "é€🔥", "é€🔥"},
        {"a lone continuation byte", "a\x80z", "a" + bad + "z"},
        {"a cut sequence", "a\xE2\x82", "a" + bad + bad},
        {"an overlong slash", "\xC0\xAF", bad + bad},
        {"an overlong three-byte form", "\xE0\x80\xAF", bad + bad + bad},
        {"a surrogate", "\xED\xA0\x80", bad + bad + bad},
        {"beyond U+10FFFF", "\xF4\x90\x80\x80", bad + bad + bad + bad},
        {"0xFF", "\xFF", bad},
    };
    for (const Row& row : rows) {
        INFO(row.sentence);
        CHECK(to_valid_utf8(row.text) == row.repaired);
        CHECK(is_valid_utf8(row.text) == (row.text == row.repaired));
    }
    for (const char32_t c : {U'a', U'é', U'€', U'🔥'}) {
        CHECK(first_code_point(encode_utf8(c)).value == c);
    }
    CHECK(encode_utf8(0xD800) == bad);
}

TEST_CASE("a cut text ends on a code point and is marked, within the bound") {
    CHECK(tocsin::truncate("hello", 5) == "hello");
    CHECK(tocsin::truncate("hello!", 5) == "he…");
    CHECK(tocsin::truncate("ééé", 5) == "é…");
    CHECK(tocsin::truncate("ééé", 4) == "…");
    CHECK(tocsin::truncate("hello", 2) == "he");
    CHECK(tocsin::truncate("é", 1) == "");
    CHECK(tocsin::truncate("hello", 0) == "");
    CHECK(truncate_code_points("héllo", 5) == "héllo");
    CHECK(truncate_code_points("héllo!", 5) == "héll…");
    CHECK(truncate_code_points("hi", 1) == "…");
    CHECK(truncate_code_points("hi", 0) == "");
    CHECK(truncate_code_points("", 0) == "");
}

TEST_CASE("one line stays one line and moves no cursor") {
    CHECK(one_line("a\nb\r\tc") == "a\\nb\\r\\tc");
    CHECK(one_line("\x1b[31mred") == "\\x1b[31mred");
    CHECK(one_line(std::string("a\0b", 3)) == "a\\x00b");
    CHECK(one_line("a\u0085b\u2028c\u202Ed") == "a\\u0085b\\u2028c\\u202ed");
    CHECK(one_line("\xFF") == "\xEF\xBF\xBD");
    CHECK(one_line("Ünïcode 🔥 \"x\" \\d") == "Ünïcode 🔥 \"x\" \\d");
}

TEST_CASE("quoting escapes as Go does") {
    CHECK(quote("plain é 🔥") == "\"plain é 🔥\"");
    CHECK(quote("a\"b\\c\n\t\r\a") == R"("a\"b\\c\n\t\r\a")");
    CHECK(quote(std::string("\0\x1b\x7f", 3)) == R"("\x00\x1b\x7f")");
    CHECK(quote("\xFF\u00A0\u200b\uFEFF") == R"("\xff\u00a0\u200b\ufeff")");
}

TEST_CASE("texts are trimmed, split and joined") {
    CHECK(trim(" \t a b \r\n") == "a b");
    CHECK(trim(" \n ") == "");
    CHECK(split("a,b,,c", ',') == std::vector<std::string_view>{"a", "b", "", "c"});
    CHECK(split("", ',') == std::vector<std::string_view>{""});
    CHECK(join({"a", "b", "c"}, ", ") == "a, b, c");
    CHECK(join({}, ", ") == "");
}

TEST_CASE("the nearest word is at most a third of the letters away") {
    const std::vector<std::string> words{"severity", "summary", "for", "keep_firing_for"};
    CHECK(nearest("sevrity", words) == "severity");
    CHECK(nearest("seveirty", words) == "severity");
    CHECK(nearest("Severity", words) == "severity");
    CHECK(nearest("fro", words) == "for");
    CHECK(nearest("keep_firing", words) == std::nullopt);
    CHECK(nearest("keep-firing-for", words) == "keep_firing_for");
    CHECK(nearest("xyz", words) == std::nullopt);
    CHECK(nearest("", words) == std::nullopt);
    CHECK(nearest(std::string(100'000, 'x'), words) == std::nullopt);
}

TEST_CASE("numbers are written as Go's %v writes them") {
    struct Row {
        double number;
        const char* text;
    };
    const Row rows[] = {
        {0, "0"},
        {-0.0, "-0"},
        {301, "301"},
        {0.05, "0.05"},
        {-1.5, "-1.5"},
        {100'000, "100000"},
        {123'456.75, "123456.75"},
        {1e6, "1e+06"},
        {1'234'567, "1.234567e+06"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {1e100, "1e+100"},
        {0.1 + 0.2, "0.30000000000000004"},
        {std::nan(""), "NaN"},
        {std::numeric_limits<double>::infinity(), "+Inf"},
        {-std::numeric_limits<double>::infinity(), "-Inf"},
    };
    for (const Row& row : rows) CHECK(format_number(row.number) == row.text);
}

TEST_CASE("numbers are read whole or not at all") {
    CHECK(parse_number("301") == 301);
    CHECK(parse_number("-1.5e3") == -1500);
    CHECK(parse_number("+.5") == 0.5);
    CHECK(parse_number("5.") == 5);
    CHECK(parse_number("+Inf") == std::numeric_limits<double>::infinity());
    CHECK(parse_number("-inf") == -std::numeric_limits<double>::infinity());
    CHECK(std::isnan(parse_number("NaN").value_or(0)));
    for (const char* bad : {"", "+", "-", "x", "1x", " 1", "1 ", "--1", "1e", "0x10", "1,5"}) {
        INFO(bad);
        CHECK(parse_number(bad) == std::nullopt);
    }
}

TEST_CASE("FNV-1a 64 gives its published values") {
    CHECK(to_hex(fnv1a64("")) == "cbf29ce484222325");
    CHECK(to_hex(fnv1a64("a")) == "af63dc4c8601ec8c");
    CHECK(to_hex(fnv1a64("foobar")) == "85944171f73967e8");
    CHECK(fnv1a64("bar", fnv1a64("foo")) == fnv1a64("foobar"));
    CHECK(to_hex(7) == "0000000000000007");
}

TEST_CASE("literals lose their quotes and escapes as in Go") {
    CHECK(unquote(R"("a\"b\\c\n\x41\u00e9\U0001F525\101")") == "a\"b\\c\nAé🔥A");
    CHECK(unquote(R"('it is "so"\'')") == "it is \"so\"'");
    CHECK(unquote("`a\\n\"'`") == "a\\n\"'");
    CHECK(unquote("\"\"") == "");
    CHECK(unquote(R"("\xff")") == "\xFF");
    for (const char* bad :
         {"", "\"", "\"a", "a\"", "\"a'", R"("\q")", R"("\")", R"("\x4")", R"("\ud800")",
          R"("\400")", R"("\'")", "\"a\nb\"", "\"a\"b\"", "``a`", R"("\U00110000")", "xax"}) {
        INFO(bad);
        CHECK(unquote(bad) == std::nullopt);
    }
    CHECK(unquote(quote("a\"\\\n\xFF é 🔥\u200b")) == "a\"\\\n\xFF é 🔥\u200b");
}
