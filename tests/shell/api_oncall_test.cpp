// Who was, is and will be on call, asked over HTTP.

#include <doctest/doctest.h>

#include "config/expand.hpp"
#include "config/oncall_file.hpp"
#include "integrations/json.hpp"
#include "support/engine_world.hpp"

using namespace tocsin;
using namespace tocsin::test;
using integrations::Json;

namespace {

constexpr const char* three_a_week = R"(
people: [{name: a1}, {name: a2}, {name: b1}, {name: b2}, {name: c1}, {name: c2}]
schedules:
  - name: first-line
    layers:
      - {people: [a1, a2], hours: "08:00-16:00", rotate: 1w, start: "2026-01-05T00:00"}
      - {people: [b1, b2], hours: "16:00-24:00", rotate: 1w, start: "2026-01-05T00:00"}
      - {people: [c1, c2], hours: "00:00-08:00", rotate: 1w, start: "2026-01-05T00:00"}
)";

struct OncallWorld : EngineWorld {
    OncallWorld() {
        schema::Diagnostics diagnostics;
        const auto people = config::compile_oncall("oncall.yaml", three_a_week, {}, diagnostics);
        REQUIRE_FALSE(diagnostics.has_errors());
        auto ruleset = disk_full_rules();
        ruleset->roster = config::expand_roster(people, config::horizon_around(runtime.now()));
        api.set_settings({.access = {}, .ruleset = ruleset, .warnings = {}});
        api.set_ready(true);
    }

    /// The query as `name=value` pairs.
    shell::HttpReply ask(std::vector<std::pair<std::string, std::string>> query = {}) {
        shell::HttpIn head;
        head.query = std::move(query);
        return request("GET", "/api/v1/oncall", "", std::move(head));
    }

    Json json(std::vector<std::pair<std::string, std::string>> query = {}) {
        const auto reply = ask(std::move(query));
        CHECK(reply.status == 200);
        CHECK(reply.content_type == "application/json");
        auto body = integrations::parse_json(reply.body);
        REQUIRE(body);
        return *std::move(body);
    }
};

const Json& only(const Json& answer, const char* list) {
    const Json* found = answer.find(list);
    REQUIRE(found != nullptr);
    REQUIRE(found->items().size() == 1);
    return found->items()[0];
}

}  // namespace

TEST_CASE("the person on call is named, with the levels behind them [H-41] [H-72]") {
    OncallWorld world;  // Sunday, 2026-03-01T02:00:00Z
    CHECK(world.ask().body ==
          R"({"at":"2026-03-01T02:00:00.000Z","on_call":["c2"],)"
          R"("levels":[{"notify":["schedule/first-line"],"people":["c2"],"wait":"5m"},)"
          R"({"notify":["schedule/first-line#others"],"people":["a2","b2"],"wait":"5m"},)"
          R"({"notify":["person/a1","person/a2","person/b1","person/b2","person/c1","person/c2"],)"
          R"("people":["a1","a2","b1","b2","c1","c2"],"wait":"5m"}],)"
          R"("schedules":[{"name":"first-line","on_call":["c2"],"others":["a2","b2"],)"
          R"("since":"2026-03-01T00:00:00.000Z","until":"2026-03-01T08:00:00.000Z",)"
          R"("next":["a2"]}],)"
          R"("expanded":{"from":"2026-01-25T00:00:00.000Z","until":"2027-04-05T00:00:00.000Z"}})");
}

TEST_CASE("who was and who will be on call can be asked, too") {
    OncallWorld world;
    const Json past = world.json({{"at", "2026-02-20T12:00:00Z"}});
    CHECK(past.find("on_call")->dump() == R"(["a1"])");
    const Json ahead = world.json({{"at", "2026-12-31T18:00:00+01:00"}});
    CHECK(ahead.text_at("at") == "2026-12-31T17:00:00.000Z");
    CHECK(ahead.find("on_call")->dump() == R"(["b2"])");
    CHECK(past.find("shifts") == nullptr);
}

TEST_CASE("the shifts of a span are listed, a week if its end is not said") {
    OncallWorld world;
    const Json day = world.json({{"from", "2026-03-02T08:00:00Z"}, {"to", "2026-03-03T08:00:00Z"}});
    REQUIRE(day.find("shifts"));
    const auto& shifts = day.find("shifts")->items();
    REQUIRE(shifts.size() == 3);
    CHECK(shifts[0].dump() ==
          R"({"schedule":"first-line","from":"2026-03-02T08:00:00.000Z",)"
          R"("until":"2026-03-02T16:00:00.000Z","people":["a1"],"others":["b1","c1"]})");
    CHECK(shifts[2].text_at("until") == "2026-03-03T08:00:00.000Z");
    const Json week = world.json({{"from", "2026-03-02T00:00:00Z"}});
    CHECK(week.find("shifts")->items().size() == 21);
}

TEST_CASE("a hand-over is where the people change, not where only the others do") {
    OncallWorld world;
    schema::Diagnostics diagnostics;
    const auto people = config::compile_oncall("o.yaml", R"(
people: [{name: day}, {name: night}, {name: a}, {name: b}]
schedules:
  - name: s
    overlap: true
    layers:
      - {people: [day]}
      - {people: [a, b], days: [sun], hours: "00:00-01:00", rotate: 1w, start: "2026-01-05T00:00"}
)",
                                               {}, diagnostics);
    REQUIRE_FALSE(diagnostics.has_errors());
    auto ruleset = disk_full_rules();
    ruleset->roster = config::expand_roster(people, config::horizon_around(world.runtime.now()));
    world.api.set_settings({.access = {}, .ruleset = ruleset, .warnings = {}});
    const Json answer = world.json({{"at", "2026-03-01T12:00:00Z"}});
    const Json& schedule = only(answer, "schedules");
    CHECK(schedule.text_at("since") == "2026-03-01T01:00:00.000Z");
    CHECK(schedule.text_at("until") == "2026-03-08T00:00:00.000Z");  // past the turn on Monday
    CHECK(schedule.find("next")->dump() == R"(["day","a"])");
}

TEST_CASE("what cannot be known or read is refused, with what is known") {
    OncallWorld world;
    struct Row {
        const char* sentence;
        std::vector<std::pair<std::string, std::string>> query;
        const char* code;
        const char* field;
    };
    const std::vector<Row> rows = {
        {"too long ago", {{"at", "2026-01-24T23:59:59Z"}}, "out_of_range", "at"},
        {"too far ahead", {{"at", "2027-04-05T00:00:00Z"}}, "out_of_range", "at"},
        {"from too long ago", {{"from", "2020-01-01T00:00:00Z"}}, "out_of_range", "from"},
        {"to too far ahead",
         {{"from", "2026-03-01T00:00:00Z"}, {"to", "2028-01-01T00:00:00Z"}},
         "out_of_range",
         "to"},
        {"no time", {{"at", "tomorrow"}}, "bad_parameter", "at"},
        {"no time to begin with", {{"from", ""}}, "bad_parameter", "from"},
        {"an end without a beginning", {{"to", "2026-03-02T00:00:00Z"}}, "bad_parameter", "from"},
        {"an end before the beginning",
         {{"from", "2026-03-02T00:00:00Z"}, {"to", "2026-03-02T00:00:00Z"}},
         "bad_parameter",
         "to"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.sentence);
        const auto reply = world.ask(row.query);
        CHECK(reply.status == 400);
        const auto body = integrations::parse_json(reply.body);
        REQUIRE(body);
        const Json* error = body->find("error");
        REQUIRE(error != nullptr);
        CHECK(error->text_at("code") == row.code);
        CHECK(error->text_at("field") == row.field);
    }
    CHECK(world.ask({{"at", "2020-01-01T00:00:00Z"}})
              .body.find("expanded from 2026-01-25T00:00:00.000Z until") != std::string::npos);
}

TEST_CASE("without an on-call file the lists are empty, whenever one asks") {
    EngineWorld world;
    world.api.set_ready(true);
    shell::HttpIn head;
    head.query.emplace_back("at", "2020-01-01T00:00:00Z");
    const auto reply = world.request("GET", "/api/v1/oncall", "", std::move(head));
    CHECK(reply.status == 200);
    CHECK(reply.body.starts_with(
        R"({"at":"2020-01-01T00:00:00.000Z","on_call":[],"levels":[],"schedules":[])"));
}
