// Strict YAML, scalar types, tables of fields, and what is published of them.
#include <doctest/doctest.h>

#include "schema/field.hpp"
#include "schema/publish.hpp"
#include "schema/yaml.hpp"

namespace tocsin::schema {
namespace {

enum class Colour { red, green };

struct Inner {
    std::string name;
    Position at;
};

struct Settings {
    std::string url;
    Duration timeout = seconds(10);
    int width = 4;
    Colour colour = Colour::green;
    std::optional<double> ratio;
    std::vector<Inner> inner;
    Secret key;
    Located<std::string> text;
};

}  // namespace

template <>
struct Names<Colour> {
    static std::vector<Choice<Colour>> rows() {
        return {{"red", Colour::red}, {"green", Colour::green}};
    }
};

namespace {

Table<Inner> table_of(const Inner*) {
    return {"inner", {field("name", &Inner::name, "Its name.", Need::required)}};
}

Table<Settings> table_of(const Settings*) {
    return {
        "settings",
        {field("url", &Settings::url, "Where.", Need::required),
         field("timeout", &Settings::timeout, "How long."),
         field("width", &Settings::width, "How many."),
         field("colour", &Settings::colour, "Which."),
         field("ratio", &Settings::ratio, "How much."), field("inner", &Settings::inner, "What."),
         field("key", &Settings::key, "The key."), field("text", &Settings::text, "Words.")}};
}

std::optional<Node> tree(const std::string& text) {
    Diagnostics diagnostics;
    return read_yaml("f.yaml", text, diagnostics);
}

struct ReadBack {
    Settings settings;
    Diagnostics diagnostics;
    bool sound = false;
};

ReadBack read(const std::string& text) {
    ReadBack back;
    const Settings* type = nullptr;
    const auto root = read_yaml("f.yaml", text, back.diagnostics);
    REQUIRE(root);
    const Reader reader{.file = "f.yaml", .diagnostics = back.diagnostics};
    back.sound = read_table(back.settings, table_of(type), *root, reader);
    return back;
}

TEST_CASE("plain scalars have the types of YAML 1.2's core schema") {
    struct Row {
        const char* because;
        const char* text;
        Kind kind;
    };
    const std::vector<Row> rows{{"no is a word", "no", Kind::string},
                                {"on is a word", "on", Kind::string},
                                {"true is a boolean", "True", Kind::boolean},
                                {"a quoted true is text", "'true'", Kind::string},
                                {"a quoted number is text", "\"5\"", Kind::string},
                                {"a leading zero makes no number", "010", Kind::string},
                                {"hexadecimal is a number", "0x1F", Kind::integer},
                                {"a time of day is text", "12:30", Kind::string},
                                {"an exponent makes a number", "1e6", Kind::number},
                                {"infinity is a number", "-.inf", Kind::number},
                                {"a version is text", "1.2.3", Kind::string},
                                {"a tilde is nothing", "~", Kind::null},
                                {"an empty value is nothing", "", Kind::null}};
    for (const Row& row : rows) {
        CAPTURE(row.because);
        const auto root = tree("a: " + std::string(row.text) + "\n");
        REQUIRE(root);
        CHECK(root->entries[0].value.kind == row.kind);
    }
}

TEST_CASE("every key and value knows its line and column") {
    const auto root = tree("a: 1\nb:\n  - {c: 'd'}\n");
    REQUIRE(root);
    CHECK(root->entries[1].at == Position{2, 1});
    const Node& list = root->entries[1].value;
    CHECK(list.items[0].entries[0].at == Position{3, 6});
    CHECK(list.items[0].entries[0].value.at == Position{3, 9});
}

TEST_CASE("an offset into a scalar is found in the file, escapes and folding considered") {
    struct Row {
        const char* because;
        std::string text;
        std::size_t offset;
        Position expected;
    };
    const std::vector<Row> rows{
        {"plain", "a: xyz\n", 1, {1, 5}},
        {"double-quoted, behind an escape", "a: \"x\\n\\\"z\"\n", 3, {1, 10}},
        {"single-quoted, behind a doubled quote", "a: 'x''z'\n", 2, {1, 8}},
        {"block, second line", "a: |\n  one\n  two\n", 5, {3, 4}},
        {"folded plain", "a: one\n  two\n", 4, {2, 3}},
        {"at the end", "a: xyz\n", 3, {1, 7}}};
    for (const Row& row : rows) {
        CAPTURE(row.because);
        const auto root = tree(row.text);
        REQUIRE(root);
        const Node& node = root->entries[0].value;
        CHECK(position_in_scalar(row.text, node.at, node.style, node.text, row.offset) ==
              row.expected);
    }
}

TEST_CASE("an empty file is an empty mapping") {
    CHECK(tree("").has_value());
    CHECK(tree("# only words\n").has_value());
    CHECK(tree("\xEF\xBB\xBF"
               "a: 1\n")
              .has_value());
}

TEST_CASE("a file at the bound of size and depth is read, one beyond is refused") {
    Diagnostics diagnostics;
    const YamlBounds bounds{.bytes_max = 8, .depth_max = 2};
    CHECK(read_yaml("f", "a: [1]\n\n", diagnostics, bounds));
    CHECK_FALSE(read_yaml("f", "a: [1]\n\n\n", diagnostics, bounds));
    CHECK_FALSE(read_yaml("f", "a: [[]]\n", diagnostics, bounds));
}

TEST_CASE("a table reads every member, and defaults stay where nothing is written") {
    const ReadBack back = read("url: u\nwidth: 7\ncolour: red\ninner: [{name: x}]\ntext: hello\n");
    CHECK(back.sound);
    CHECK(back.diagnostics.empty());
    CHECK(back.settings.timeout == seconds(10));
    CHECK(back.settings.width == 7);
    CHECK(back.settings.colour == Colour::red);
    CHECK(back.settings.inner[0].at == Position{4, 9});
    CHECK(back.settings.text.at == Position{5, 7});
    CHECK_FALSE(back.settings.ratio);
}

TEST_CASE("a table says everything that is wrong, not only the first") {
    const ReadBack back =
        read("timeot: 5s\ntimeout: 5\nwidth: many\ncolour: rot\ninner: [{}]\nkey: plain\n");
    CHECK_FALSE(back.sound);
    const std::vector<Diagnostic> list = back.diagnostics.sorted();
    REQUIRE(list.size() == 7);
    CHECK(list[1].message.find("lacks the required key `url`") != std::string::npos);
    CHECK(list[0].hint == "did you mean `timeout`?");
    CHECK(list[2].hint == "durations need a unit: write `5s`");
    CHECK(list[6].message.find("plain") == std::string::npos);
}

TEST_CASE("a diagnostic shows a window of a long line, with the caret under the column") {
    const std::string line = std::string(300, 'a') + "X" + std::string(300, 'b');
    const std::string text = render(
        {.level = Level::error, .file = "f", .at = {1, 301}, .message = "m", .hint = "h"}, line);
    CHECK(text.find("f:1:301: error: m\n") == 0);
    const std::size_t source = text.find('\n') + 1;
    const std::size_t caret = text.find('\n', source) + 1;
    CHECK(text[source + (text.find('^') - caret)] == 'X');
    CHECK(text.find("hint: h") != std::string::npos);
    CHECK(text.size() < 500);
}

TEST_CASE("no byte of a file can move the terminal's cursor") {
    const std::string text =
        render({.level = Level::warning, .file = "f", .at = {1, 9}, .message = "a\nb", .hint = {}},
               "x \x1b[31m \xff");
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("a\nb") == std::string::npos);
}

TEST_CASE("the JSON Schema and the reference page come from the same rows") {
    const Settings* type = nullptr;
    const TableShape shape = shape_of(table_of(type));
    const std::string schema = json_schema(shape, "t");
    CHECK(schema.find("\"default\": \"10s\"") != std::string::npos);
    CHECK(schema.find("\"enum\": [\"red\", \"green\"]") != std::string::npos);
    CHECK(schema.find("\"required\": [\"url\"]") != std::string::npos);
    const std::string page = markdown(shape, "t");
    CHECK(page.find("| `timeout` | a duration such as 30s or 5m | `\"10s\"` | How long. |") !=
          std::string::npos);
    CHECK(page.find("## `inner[]`") != std::string::npos);
}

}  // namespace
}  // namespace tocsin::schema
