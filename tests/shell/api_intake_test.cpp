// The two doors for alerts: what is answered, whose alert it is, and who keeps losing them.

#include <doctest/doctest.h>

#include "core/limits.hpp"
#include "support/engine_world.hpp"

using namespace tocsin;
using namespace tocsin::test;
using shell::Metric;
using shell::StoreFault;

namespace {

const std::string webhook =
    R"({"version":"4","status":"firing","receiver":"tocsin","truncatedAlerts":0,"alerts":[)"
    R"({"status":"firing","labels":{"alertname":"DiskFull","instance":"a"},"annotations":{},)"
    R"("startsAt":"2026-03-01T02:00:00Z","endsAt":"0001-01-01T00:00:00Z"}]})";

const std::string post = R"([{"labels":{"alertname":"DiskFull","instance":"b"},"annotations":{},)"
                         R"("startsAt":"2026-03-01T01:59:00Z","endsAt":"2026-03-01T02:04:00Z"}])";

shell::HttpIn json() {
    return EngineWorld::with("content-type", "application/json");
}

}  // namespace

TEST_CASE("each door takes its own body and answers 200 with an empty body, once it is on disk") {
    EngineWorld world;
    world.load_rules();
    const auto first = world.request("POST", "/api/v1/alertmanager", webhook);
    CHECK(first.status == 200);
    CHECK(first.body.empty());
    CHECK(world.disk->tables[core::Table::incidents].size() == 1);
    const auto second = world.request("POST", "/api/v2/alerts", post, json());
    CHECK(second.status == 200);
    CHECK(second.body.empty());
    CHECK(world.disk->tables[core::Table::incidents].size() == 2);
    CHECK(world.metrics.value(Metric::alerts_received, {"webhook"}) == 1);
    CHECK(world.metrics.value(Metric::alerts_received, {"v2"}) == 1);
}

TEST_CASE("the journal has the raw body and the source, in the commit of what it caused") {
    EngineWorld world;
    world.load_rules();
    shell::HttpIn head;
    head.query.emplace_back("source", "am-us");
    (void)world.request("POST", "/api/v1/alertmanager", webhook, std::move(head));
    REQUIRE_FALSE(world.disk->journal.empty());
    const auto& row = world.disk->journal.rbegin()->second;
    CHECK(row.kind == "alertmanager");
    CHECK(row.source == "am-us");
    CHECK(row.body == webhook);
    CHECK(row.at == start_of_world);
}

TEST_CASE("what can never parse is 400 with a sentence") {
    struct Row {
        const char* sentence;
        const char* path;
        const char* body;
    };
    const std::vector<Row> rows = {
        {"a webhook that is not JSON", "/api/v1/alertmanager", "nonsense"},
        {"a webhook that is a list", "/api/v1/alertmanager", "[]"},
        {"a webhook without alerts", "/api/v1/alertmanager", "{}"},
        {"a post that is not JSON", "/api/v2/alerts", "{"},
        {"a post that is an object", "/api/v2/alerts", "{}"},
        {"an alert without labels", "/api/v2/alerts", R"([{"labels":{}}])"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.sentence);
        EngineWorld world;
        world.load_rules();
        const auto reply = world.request("POST", row.path, row.body, json());
        CHECK(reply.status == 400);
        CHECK(reply.body.find("\"message\"") != std::string::npos);
        CHECK(world.metrics.value(Metric::requests_refused, {"malformed"}) == 1);
    }
}

TEST_CASE("of a mixed post the valid alerts are stored, and the answer is 400") {
    EngineWorld world;
    world.load_rules();
    std::string mixed = post;
    mixed.insert(mixed.size() - 1, R"(,{"labels":{}})");
    CHECK(world.request("POST", "/api/v2/alerts", mixed, json()).status == 400);
    CHECK(world.disk->tables[core::Table::incidents].size() == 1);
}

TEST_CASE("an empty list is fine, and another content type is 415 at the v2 door only") {
    EngineWorld world;
    world.load_rules();
    CHECK(world.request("POST", "/api/v2/alerts", "[]", json()).status == 200);
    CHECK(world.request("POST", "/api/v2/alerts", "[]").status == 415);
    CHECK(world.request("POST", "/api/v1/alertmanager", webhook).status == 200);
}

TEST_CASE("while the store fails senders get 503, and their repetition is taken later") {
    EngineWorld world({{2, StoreFault{.kind = StoreFault::Kind::fails,
                                      .error = {"disk_full", "no space left"},
                                      .failing_probes = 0}}});
    world.load_rules();
    CHECK(world.request("POST", "/api/v1/alertmanager", webhook).status == 503);
    CHECK(world.request("POST", "/api/v1/alertmanager", webhook).status == 503);
    CHECK(world.request("GET", "/-/ready").status == 503);
    CHECK(world.request("GET", "/-/healthy").status == 200);
    world.runtime.run_for(seconds(2));
    CHECK(world.request("POST", "/api/v1/alertmanager", webhook).status == 200);
    CHECK(world.disk->tables[core::Table::incidents].size() == 1);
}

TEST_CASE("a body that is too large is 413 and declares at once that a sender loses alerts") {
    EngineWorld world;
    world.load_rules();
    std::string large(core::limits::alert_body_bytes_max + 1, ' ');
    CHECK(world.request("POST", "/api/v1/alertmanager", std::move(large)).status == 413);
    REQUIRE(world.engine.state().incidents.size() == 1);
    CHECK(world.engine.state().incidents.begin()->second.key.find("oversize") != std::string::npos);
}

TEST_CASE("a sender that keeps getting 400 is an incident; one good request ends the count") {
    EngineWorld world;
    world.load_rules();
    const auto reject = [&](std::size_t times) {
        for (std::size_t i = 0; i < times; ++i) {
            (void)world.request("POST", "/api/v1/alertmanager", "nonsense");
        }
    };
    reject(core::limits::rejections_max - 1);
    CHECK(world.engine.state().incidents.empty());
    const std::string nothing = R"({"version":"4","alerts":[]})";
    CHECK(world.request("POST", "/api/v1/alertmanager", nothing).status == 200);
    reject(core::limits::rejections_max - 1);
    CHECK(world.engine.state().incidents.empty());
    reject(1);
    CHECK(world.engine.state().incidents.size() == 1);
    reject(core::limits::rejections_max);
    CHECK(world.engine.state().incidents.size() == 1);
}

TEST_CASE("400s that are far apart are no reason to call anybody") {
    EngineWorld world;
    world.load_rules();
    for (std::size_t i = 0; i < 3 * core::limits::rejections_max; ++i) {
        (void)world.request("POST", "/api/v1/alertmanager", "nonsense");
        world.runtime.run_for(core::limits::rejections_window / 3);
    }
    CHECK(world.engine.state().incidents.empty());
}
