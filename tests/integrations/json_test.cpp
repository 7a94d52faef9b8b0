// The Json value: what is written, what is read, and the bounds.
#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "integrations/json.hpp"

using namespace tocsin;
using tocsin::integrations::Json;
using tocsin::integrations::parse_json;

TEST_CASE("values are written in the order in which they were set") {
    const Json value = Json::object({{"b", 1},
                                     {"a", true},
                                     {"n", Json()},
                                     {"none", std::optional<double>()},
                                     {"list", Json::list({"x", 2.5, Json::list(), Json::object()})},
                                     {"at", Instant(seconds(0))}});
    CHECK(value.dump() == R"({"b":1,"a":true,"n":null,"none":null,"list":["x",2.5,[],{}],)"
                          R"("at":"1970-01-01T00:00:00.000Z"})");
}

TEST_CASE("numbers are written as people write them, and only finite ones") {
    const std::vector<std::pair<Json, std::string>> rows = {
        {0, "0"},
        {-5, "-5"},
        {100000.0, "100000"},
        {std::uint64_t{9007199254740991}, "9007199254740991"},
        {0.05, "0.05"},
        {1e300, "1e+300"},
        {std::numeric_limits<double>::infinity(), "null"},
        {std::numeric_limits<double>::quiet_NaN(), "null"},
    };
    for (const auto& [value, text] : rows) CHECK(value.dump() == text);
}

TEST_CASE("text is escaped, and what is not UTF-8 is replaced") {
    const std::vector<std::pair<std::string, std::string>> rows = {
        {"plain", R"("plain")"},
        {"a\"b\\c\n\r\t\x01", R"("a\"b\\c\n\r\t\u0001")"},
        {"Ünïcode 🔥", "\"Ünïcode 🔥\""},
        {std::string("nul\0!", 5), R"("nul\u0000!")"},
        {"bad \xff\xfe", "\"bad \uFFFD\uFFFD\""},
    };
    for (const auto& [text, written] : rows) {
        CHECK(Json(text).dump() == written);
        const auto read = parse_json(written);
        REQUIRE(read.has_value());
        if (text.find('\xff') == text.npos) CHECK(read->as_text() == text);
    }
}

TEST_CASE("what was written is read as the same value") {
    const std::string text =
        R"({"a":[1,2.5,-3,true,false,null,"x\"y"],"b":{"c":{},"d":[]},"e":""})";
    const auto value = parse_json(text);
    REQUIRE(value.has_value());
    CHECK(value->dump() == text);
    CHECK(parse_json(value->dump()).value() == *value);
}

TEST_CASE("getters answer only for the type that is there") {
    const Json value = parse_json(R"({"t":"x","n":5,"f":true,"t":"last","l":[1]})").value();
    CHECK(value.text_at("t") == "last");
    CHECK(value.number_at("n") == 5);
    CHECK(value.bool_at("f") == true);
    CHECK_FALSE(value.text_at("n").has_value());
    CHECK_FALSE(value.number_at("missing").has_value());
    CHECK_FALSE(value.bool_at("t").has_value());
    CHECK(value.find("l")->items().size() == 1);
    CHECK(value.items().empty());
    CHECK(Json(5).members().empty());
    CHECK_FALSE(Json("text").find("x") != nullptr);
}

TEST_CASE("depth and size are bounded, at the bound and one past it") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    CHECK(parse_json(nested(32)).has_value());
    CHECK(parse_json(nested(33)).error().code == "too_deep");
    CHECK(parse_json(std::string(5'000'000, '['), {.bytes_max = 10'000'000}).error().code ==
          "too_deep");
    CHECK(parse_json("12345", {.bytes_max = 5}).has_value());
    CHECK(parse_json("123456", {.bytes_max = 5}).error().code == "too_large");
}

TEST_CASE("text that is not JSON is refused with the place, on one line") {
    for (const std::string text :
         {"", "{", "[1,]", "{\"a\":}", "nul", "1 2", "\"\n\"", "{'a':1}", "// x", "1e999"}) {
        CAPTURE(text);
        const auto read = parse_json(text);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().code == "bad_json");
        CHECK(read.error().message.starts_with("not JSON at byte "));
        CHECK(read.error().message.find('\n') == std::string::npos);
    }
}
