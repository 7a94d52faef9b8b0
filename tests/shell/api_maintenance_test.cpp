// Maintenance windows over HTTP: planned, listed, ended, and what they did with an alert.

#include <doctest/doctest.h>

#include "integrations/json.hpp"
#include "support/engine_world.hpp"

using namespace tocsin;
using namespace tocsin::test;
using integrations::Json;

namespace {

constexpr const char* path = "/api/v1/maintenance";

// The world begins at 2026-03-01T02:00Z.
constexpr const char* plan = R"({"name":"kafka-upgrade","from":"2026-03-01T02:00Z",)"
                             R"("to":"2026-03-01T05:00:00+01:00","match":{"instance":"b1"},)"
                             R"("rules":["disk-full"],"by":"engineer-a",)"
                             R"("announcement":"https://example.com/7"})";

std::string error_code(const shell::HttpReply& reply) {
    const auto body = integrations::parse_json(reply.body);
    const Json* error = body ? body->find("error") : nullptr;
    return error == nullptr ? "" : error->text_at("code").value_or("");
}

std::vector<Json> listed(EngineWorld& world, const std::string& state = "") {
    shell::HttpIn query;
    if (!state.empty()) query.query.emplace_back("state", state);
    const auto reply = world.request("GET", path, "", query);
    CHECK(reply.status == 200);
    const auto body = integrations::parse_json(reply.body);
    REQUIRE(body);
    return body->find("maintenance")->items();
}

}  // namespace

TEST_CASE("a window is planned with 201, the same again answers 200, another one 409 [H-16]") {
    EngineWorld world;
    world.load_rules();
    const auto reply = world.request("POST", path, plan);
    CHECK(reply.status == 201);
    const auto window = integrations::parse_json(reply.body);
    REQUIRE(window);
    CHECK(window->text_at("name") == "kafka-upgrade");
    CHECK(window->text_at("state") == "active");
    CHECK(window->text_at("to") == "2026-03-01T04:00:00.000Z");
    CHECK(window->text_at("announcement") == "https://example.com/7");
    CHECK(window->text_at("by") == "engineer-a");
    CHECK(world.metrics.value(shell::Metric::maintenance_active) == 1);

    const auto commits = world.store.commits();
    CHECK(world.request("POST", path, plan).status == 200);
    CHECK(world.store.commits() == commits);
    const auto other = world.request(
        "POST", path,
        R"({"name":"kafka-upgrade","for":"1h","match":{"instance":"b2"},"by":"engineer-b"})");
    CHECK(other.status == 409);
    CHECK(error_code(other) == "conflict");
}

TEST_CASE("what a window suppressed is listed with it, and its verdicts name it [H-15]") {
    EngineWorld world;
    world.load_rules();
    REQUIRE(world.request("POST", path, plan).status == 201);
    world.runtime.run_for(minutes(1));
    world.give(world.alert("b1"));
    world.runtime.run_until_idle();
    REQUIRE(listed(world, "active").size() == 1);
    CHECK(listed(world, "active")[0].number_at("suppressed") == 1);
    CHECK(listed(world, "planned").empty());
    shell::HttpIn query;
    query.query.emplace_back("outcome", "suppressed");
    const auto verdicts = world.request("GET", "/api/v1/verdicts", "", query);
    CHECK(verdicts.body.find("maintenance window kafka-upgrade") != std::string::npos);
    CHECK(world.metrics.value(shell::Metric::verdicts, {"suppressed"}) == 1);

    world.runtime.run_for(hours(3));
    REQUIRE(listed(world, "over").size() == 1);
    CHECK(listed(world, "over")[0].number_at("outlived") == 1);
    CHECK(world.metrics.value(shell::Metric::maintenance_active) == 0);
    CHECK(world.request("GET", "/api/v1/incidents/INC-1").status == 200);
    world.runtime.run_for(hours(24 * 31));
    CHECK(listed(world).empty());
}

TEST_CASE("a window is ended early by name; ending it again answers 200") {
    EngineWorld world;
    world.load_rules();
    REQUIRE(world.request("POST", path, plan).status == 201);
    const std::string end = std::string(path) + "/kafka-upgrade/end";
    for (int i = 0; i < 2; ++i) {
        const auto reply = world.request("POST", end, R"({"by":"engineer-b"})");
        CHECK(reply.status == 200);
        const auto window = integrations::parse_json(reply.body);
        REQUIRE(window);
        CHECK(window->text_at("state") == "over");
        CHECK(window->text_at("ended_by") == "engineer-b");
    }
    CHECK(world.request("POST", std::string(path) + "/other/end", R"({"by":"b"})").status == 404);
    CHECK(world.request("POST", end, "{}").status == 400);
}

TEST_CASE("a window that cannot be planned is refused with the field and what to do") {
    struct Row {
        const char* sentence;
        const char* body;
        const char* field;
    };
    const std::vector<Row> rows = {
        {"nobody", R"({"name":"a","for":"1h","rules":["disk-full"]})", "by"},
        {"no name", R"({"for":"1h","rules":["disk-full"],"by":"b"})", "name"},
        {"no end", R"({"name":"a","rules":["disk-full"],"by":"b"})", "to"},
        {"two ends",
         R"({"name":"a","for":"1h","to":"2026-03-01T04:00Z","rules":["disk-full"],"by":"b"})",
         "for"},
        {"a time that is none", R"({"name":"a","from":"noon","for":"1h","by":"b"})", "from"},
        {"a duration that is none", R"({"name":"a","for":"long","by":"b"})", "for"},
        {"the past",
         R"({"name":"a","from":"2026-02-01T00:00Z","for":"1h","rules":["disk-full"],"by":"b"})",
         "to"},
        {"an unknown rule", R"({"name":"a","for":"1h","rules":["disk"],"by":"b"})", "rules"},
        {"no list", R"({"name":"a","for":"1h","rules":"disk-full","by":"b"})", "rules"},
        {"no labels", R"({"name":"a","for":"1h","match":["region"],"by":"b"})", "match"},
        {"nothing to cover", R"({"name":"a","for":"1h","by":"b"})", "match"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        EngineWorld world;
        world.load_rules();
        const auto reply = world.request("POST", path, row.body);
        CHECK(reply.status == 400);
        const auto body = integrations::parse_json(reply.body);
        REQUIRE(body);
        REQUIRE(body->find("error") != nullptr);
        CHECK(body->find("error")->text_at("field") == row.field);
        CHECK(listed(world).empty());
    }
    EngineWorld world;
    shell::HttpIn query;
    query.query.emplace_back("state", "running");
    CHECK(world.request("GET", path, "", query).status == 400);
}
