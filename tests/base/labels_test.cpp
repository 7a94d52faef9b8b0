// Labels: packing, order, fingerprints as Alertmanager computes them.

#include "base/labels.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "support/shared_data.hpp"

using tocsin::Labels;

TEST_CASE("labels are sorted by name, the last of equal names wins, empty values are dropped") {
    struct Row {
        const char* sentence;
        Labels labels;
        const char* expected;
    };
    const Row rows[] = {
        {"nothing", {}, "{}"},
        {"sorted already", {{"a", "1"}, {"b", "2"}}, R"({a="1", b="2"})"},
        {"in reverse", {{"c", "3"}, {"b", "2"}, {"a", "1"}}, R"({a="1", b="2", c="3"})"},
        {"the last of equal names wins", {{"a", "1"}, {"b", "x"}, {"a", "2"}}, R"({a="2", b="x"})"},
        {"an empty value is dropped", {{"a", ""}, {"b", "x"}}, R"({b="x"})"},
        {"an empty value removes an earlier one", {{"a", "1"}, {"a", ""}}, "{}"},
        {"only empty values", {{"a", ""}, {"b", ""}}, "{}"},
        {"quotes and newlines are escaped", {{"a", "x\"y\\z\n"}}, R"({a="x\"y\\z\n"})"},
        {"bytes that are not UTF-8 are escaped", {{"a", "\xFF"}}, R"({a="\xff"})"},
    };
    for (const Row& row : rows) {
        INFO(row.sentence);
        CHECK(row.labels.to_string() == row.expected);
        CHECK(row.labels.empty() == (std::string(row.expected) == "{}"));
        CHECK(Labels::from_block(row.labels.block()) == row.labels);
    }
}

TEST_CASE("a missing label is an empty view") {
    const Labels labels{{"job", "web"}, {"region", "us"}};
    CHECK(labels.get("job") == "web");
    CHECK(labels.get("jo") == "");
    CHECK_FALSE(labels.has("jobs"));
    CHECK_FALSE(Labels{}.has("job"));
    CHECK(labels.size() == 2);
    CHECK(Labels{}.size() == 0);
    CHECK(Labels{}.begin() == Labels{}.end());
}

TEST_CASE("copies are independent of their source and moved-from labels are empty") {
    Labels first{{"a", "1"}};
    Labels copy = first;
    const Labels moved = std::move(first);
    CHECK(copy == moved);
    copy = Labels{{"b", "2"}};
    CHECK(moved.get("a") == "1");
    const Labels& alias = copy;
    copy = alias;
    CHECK(copy.get("b") == "2");
}

TEST_CASE("labels are merged, selected and removed by name") {
    const Labels own{{"job", "web"}, {"region", "us"}};
    const Labels defaults{{"region", "eu"}, {"zone", "a"}};
    CHECK(own.with_defaults(defaults) == Labels{{"job", "web"}, {"region", "us"}, {"zone", "a"}});
    CHECK(own.with_defaults({}) == own);
    CHECK(Labels{}.with_defaults(own) == own);
    CHECK(own.only({"region", "missing", "region"}) == Labels{{"region", "us"}});
    CHECK(own.without("job") == Labels{{"region", "us"}});
    CHECK(own.without("nothing") == own);
}

TEST_CASE("labels order by name, then value, then length") {
    CHECK(Labels{} < Labels{{"a", "1"}});
    CHECK(Labels{{"a", "1"}} < Labels{{"a", "2"}});
    CHECK(Labels{{"a", "9"}} < Labels{{"b", "1"}});
    CHECK(Labels{{"a", "1"}} < Labels{{"a", "1"}, {"b", "1"}});
    CHECK(Labels{{"a", "1"}} <= Labels{{"a", "1"}});
}

TEST_CASE("values over 65,535 bytes are cut on a code point") {
    const std::string fits(65'535, 'x');
    CHECK(Labels{{"a", fits}}.get("a") == fits);
    CHECK(Labels{{"a", fits + "y"}}.get("a") == fits);
    const std::string wide = std::string(65'534, 'x') + "é";
    CHECK(Labels{{"a", wide}}.get("a") == std::string(65'534, 'x'));
}

TEST_CASE("a large set is sorted as a small one is") {
    std::vector<std::string> names;
    for (int i = 0; i < 200; ++i) names.push_back("n" + std::to_string(i * 7919 % 200 + 1'000));
    std::vector<Labels::Pair> pairs;
    for (const std::string& name : names) pairs.emplace_back(name, name);
    const Labels labels(pairs);
    REQUIRE(labels.size() == 200);
    std::string_view previous;
    for (const auto& [name, value] : labels) {
        CHECK(previous < name);
        CHECK(value == name);
        previous = name;
    }
}

TEST_CASE("a malformed block gives empty labels") {
    const Labels labels{{"a", "1"}, {"b", "2"}};
    const std::string block(labels.block());
    REQUIRE(block.size() == 12);
    for (std::size_t length = 1; length < block.size(); ++length) {
        const bool whole_entry = length == block.size() / 2;
        CHECK(Labels::from_block(block.substr(0, length)).empty() != whole_entry);
    }
    const std::string swapped = block.substr(6) + block.substr(0, 6);
    CHECK(Labels::from_block(swapped).empty());
    CHECK(Labels::from_block(block.substr(0, 6) + block.substr(0, 6)).empty());
    CHECK(Labels::from_block(std::string("\1\0\0\0a", 5)).empty());  // an empty value
    CHECK(Labels::from_block("").empty());
}

TEST_CASE("the fingerprint is FNV-1a over names and values with separators") {
    CHECK(tocsin::to_hex(Labels{}.fingerprint()) == "cbf29ce484222325");
    CHECK(tocsin::to_hex(Labels{{"alertname", "R"}}.fingerprint()) == "d28cefc389ad90e0");
}

namespace {

int check_fingerprints(const nlohmann::json& node) {
    int checked = 0;
    if (node.is_object() && node.contains("fingerprint") && node.contains("labels")) {
        std::vector<Labels::Pair> pairs;
        for (const auto& [name, value] : node["labels"].items()) {
            pairs.emplace_back(name, value.get_ref<const std::string&>());
        }
        CHECK(tocsin::to_hex(Labels(pairs).fingerprint()) ==
              node["fingerprint"].get<std::string>());
        ++checked;
    }
    if (node.is_structured()) {
        for (const auto& child : node) checked += check_fingerprints(child);
    }
    return checked;
}

}  // namespace

TEST_CASE("fingerprints equal those of every captured Alertmanager alert") {
    const auto folder = tocsin::support::shared_data() / "captures" / "alertmanager-0.25";
    if (!std::filesystem::exists(folder)) {
        MESSAGE("skipped: no captures at " << folder.string());
        return;
    }
    int checked = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".json") continue;
        INFO(file.path().filename().string());
        const std::string text = tocsin::support::read_file(file.path());
        checked += check_fingerprints(nlohmann::json::parse(text, nullptr, false));
    }
    CHECK(checked >= 30);
}

TEST_CASE("copies stay what they were when the original is assigned, moved from or gone") {
    Labels copy;
    {
        Labels original{{"a", "1"}, {"b", "2"}};
        copy = original;
        Labels moved = std::move(original);
        CHECK(moved == copy);
        moved = Labels{{"c", "3"}};
        CHECK(moved != copy);
        moved = moved.without("c");
        CHECK(moved.empty());
    }
    CHECK(copy.to_string() == R"({a="1", b="2"})");
    const Labels& self = copy;
    copy = self;
    CHECK(copy.size() == 2);
    CHECK(Labels(copy) == Labels::from_block(copy.block()));
}

TEST_CASE("pairs that stand elsewhere are packed as those of a list are") {
    std::vector<Labels::Pair> pairs = {{"b", "2"}, {"a", "old"}, {"c", ""}, {"a", "1"}};
    CHECK(Labels::pack(pairs) == Labels{{"a", "1"}, {"b", "2"}});
    CHECK(Labels::pack({}).empty());
}
