// A maintenance window at the real binary: planned, suppressing, ended, and what outlived it.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;
using integrations::Json;

namespace {

/// Without a start of its own, so it begins when it is posted.
std::string posted(const std::string& instance) {
    return R"([{"labels":{"alertname":"KafkaDiskCritical","severity":"critical",)"
           R"("region":"us","instance":")" +
           instance + R"("}}])";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

Json latest_verdict(const TestDaemon& daemon) {
    const std::vector<Json> verdicts = daemon.verdicts();
    return verdicts.empty() ? Json() : verdicts.front();
}

}  // namespace

TEST_CASE(
    "expected disruption is no incident until its window ends, through a crash [H-15] [H-16]") {
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    const Output planned = daemon.command({"maintenance", "kafka-upgrade", "--for", "1h", "--match",
                                           "region=us", "--rule", "disk-full", "--announcement",
                                           "https://example.com/7", "--by", "engineer-a"});
    INFO(planned.text);
    REQUIRE(planned.status == 0);
    CHECK(contains(planned.text, "Maintenance kafka-upgrade is active"));

    REQUIRE(daemon.post("/api/v2/alerts", posted("broker-1")).status == 200);
    CHECK(daemon.incidents().empty());
    CHECK(latest_verdict(daemon).text_at("outcome") == "suppressed");
    CHECK(contains(latest_verdict(daemon).text_at("detail").value_or(""), "kafka-upgrade"));

    daemon.kill();
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    CHECK(daemon.incidents().empty());
    const Output listed = daemon.command({"maintenance"});
    CHECK(listed.status == 0);
    CHECK(contains(listed.text, "kafka-upgrade  active"));
    CHECK(contains(listed.text, "region=us disk-full"));
    CHECK(contains(daemon.get("/metrics").body, "tocsin_maintenance_active 1"));

    // What began long before the announcement is not expected.
    const std::string old_one = alert_json(R"("alertname":"KafkaDiskCritical","severity":)"
                                           R"("critical","region":"us","instance":"broker-2")");
    REQUIRE(daemon.post("/api/v1/alertmanager", webhook_json({old_one})).status == 200);
    REQUIRE(daemon.incidents().size() == 1);

    const Output ended =
        daemon.command({"maintenance", "kafka-upgrade", "--end", "--by", "engineer-b"});
    INFO(ended.text);
    CHECK(ended.status == 0);
    CHECK(daemon.incidents().size() == 2);
    const Output shown = daemon.command({"show", "INC-2"});
    CHECK(contains(shown.text, "broker-1"));
    CHECK(contains(shown.text, "outlived the maintenance window kafka-upgrade"));
    CHECK(
        daemon.json("/api/v1/maintenance").find("maintenance")->items()[0].number_at("outlived") ==
        1);
    CHECK(daemon.command({"maintenance", "other", "--for", "1h"}).status != 0);
    CHECK(daemon.command({"maintenance", "other", "--by", "engineer-a"}).status == 2);
}
