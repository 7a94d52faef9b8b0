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

namespace {

/// Writes down what it is told, so that a text read can be compared with the value of it.
class Transcript final : public integrations::JsonEvents {
public:
    bool null() override { return item("null"); }
    bool boolean(bool value) override { return item(value ? "true" : "false"); }
    bool number(double value, std::string_view /*text*/) override {
        return item(Json(value).dump());
    }
    bool text(std::string_view value) override { return item(Json(value).dump()); }
    bool key(std::string_view name) override {
        separate();
        said += Json(name).dump() + ":";
        is_first_ = true;
        return true;
    }
    bool begin_object() override { return open("{"); }
    bool end_object() override { return close("}"); }
    bool begin_list() override { return open("["); }
    bool end_list() override { return close("]"); }

    std::string said;

private:
    void separate() {
        if (!is_first_) said += ",";
        is_first_ = false;
    }
    bool item(const std::string& written) {
        separate();
        said += written;
        return true;
    }
    bool open(const char* bracket) {
        separate();
        said += bracket;
        is_first_ = true;
        return true;
    }
    bool close(const char* bracket) {
        said += bracket;
        is_first_ = false;
        return true;
    }
    bool is_first_ = true;
};

/// Both readers take it and understand the same, or both refuse it with the same code.
void check_alike(const std::string& text) {
    CAPTURE(text);
    Transcript events;
    const Status read = integrations::read_json(text, events);
    const auto value = parse_json(text);
    REQUIRE(static_cast<bool>(read) == value.has_value());
    if (read) {
        CHECK(events.said == value->dump());
    } else {
        CHECK(read.error().code == value.error().code);
        CHECK(read.error().message.find('\n') == std::string::npos);
    }
}

}  // namespace

TEST_CASE("reading by events and reading into a value understand the same texts") {
    for (const std::string text : {"",
                                   " ",
                                   "{",
                                   "[1,]",
                                   "[,1]",
                                   "[1 2]",
                                   "{\"a\":}",
                                   "{\"a\" 1}",
                                   "{\"a\":1,}",
                                   "{,}",
                                   "{a:1}",
                                   "{1:1}",
                                   "nul",
                                   "nulll",
                                   "true false",
                                   "1 2",
                                   "\"\n\"",
                                   "{'a':1}",
                                   "// x",
                                   "1e999",
                                   "-1e999",
                                   "1e-999",
                                   "-0",
                                   "-",
                                   "+1",
                                   "01",
                                   "1.",
                                   ".5",
                                   "1.5e",
                                   "1e+",
                                   "1E-2",
                                   "0.1",
                                   "12345678901234567890",
                                   "\"\\u00e9\\ud83d\\ude00\\u20ac\"",
                                   "\"\\u12\"",
                                   "\"\\u12g4\"",
                                   "\"\\x\"",
                                   "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                                   "\"",
                                   "\"a\\\"",
                                   "\"tab\t\"",
                                   "\"12345678\\u0041234567890\"",
                                   "\"123456789012\x1f\"",
                                   "\"a longer text, no escapes\"",
                                   "\xEF\xBB\xBF{}",
                                   "{} {}",
                                   "[[[]],{}]",
                                   "{\"a\":{\"b\":[{},[],\"\"]}}",
                                   "]",
                                   "[}",
                                   "{]",
                                   "\"bad \xff\xfe\"",
                                   "\"Ünïcode 🔥\"",
                                   " [ 1 , { \"a\" : null } ] \r\n\t"}) {
        check_alike(text);
    }
    check_alike(std::string("\"nul\0\"", 6));
    check_alike(std::string(32, '[') + std::string(32, ']'));
    check_alike(std::string(33, '[') + std::string(33, ']'));
}

TEST_CASE("both readers agree on every text that is one byte away from a sound one") {
    const std::string sound =
        R"({"alerts":[{"labels":{"a":"x\u0041\n"},"n":-1.5e3,"ok":true,"none":null}],"v":"4"})";
    const std::string bytes = "{}[]\",:\\u0aeE+-. \n\x01\x7f";
    for (std::size_t at = 0; at < sound.size(); ++at) {
        check_alike(sound.substr(0, at));
        check_alike(sound.substr(0, at) + sound.substr(at + 1));
        for (const char byte : bytes) {
            std::string wrong = sound;
            wrong[at] = byte;
            check_alike(wrong);
        }
    }
}

TEST_CASE("a NUL byte does not end a body") {
    Transcript events;
    const Status read = integrations::read_json(std::string("[1]\0[2]", 7), events);
    CHECK(read.error().code == "bad_json");
}

TEST_CASE("half a surrogate pair in a body is read as U+FFFD, as Go reads it") {
    for (const std::string text :
         {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\u0041")"}) {
        Transcript events;
        REQUIRE(static_cast<bool>(integrations::read_json(text, events)));
        CHECK(events.said.find("\uFFFD") != std::string::npos);
    }
}

TEST_CASE("a reader that has seen enough ends the reading") {
    class Enough final : public integrations::JsonEvents {
    public:
        bool null() override { return false; }
        bool boolean(bool /*value*/) override { return true; }
        bool number(double /*value*/, std::string_view /*text*/) override { return true; }
        bool text(std::string_view /*value*/) override { return true; }
        bool key(std::string_view /*name*/) override { return true; }
        bool begin_object() override { return true; }
        bool end_object() override { return true; }
        bool begin_list() override { return true; }
        bool end_list() override { return true; }
    };
    Enough events;
    CHECK(integrations::read_json("[true,null", events).error().code == "unexpected");
}
