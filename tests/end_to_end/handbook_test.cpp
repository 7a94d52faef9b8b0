// The shipped handbook on pushed alerts: one row for every sentence that an alert can speak of.

#include <doctest/doctest.h>

#include <iterator>
#include <string>
#include <vector>

#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;
using integrations::Json;

namespace {

struct Row {
    const char* sentence;
    const char* labels;  // beside `case`, which tells the rows apart
    const char* rule;
    const char* outcome;
    const char* severity;  // "": none
    bool paged = false;
    const char* annotations = "";
};

constexpr Row rows[] = {
    {"a region is completely down", R"("alertname":"PostHogCloudDown","region":"R")", "cloud-down",
     "incident", "critical", true},
    {"flags are not being returned", R"("alertname":"FeatureFlagsNotReturned","region":"R")",
     "flags-not-returned", "incident", "major", true},
    {"no insights can be created", R"("alertname":"NoInsights","region":"R")", "no-insights",
     "incident", "major", true},
    {"customer signup is broken", R"("alertname":"SignupBroken","region":"R")", "signup-broken",
     "incident", "major", true},
    {"the error rate is elevated", R"("alertname":"DjangoErrorRate","role":"web","region":"R")",
     "error-rate", "incident", "major", true},
    {"performance is degraded", R"("alertname":"PerformanceDegraded","service":"api","region":"R")",
     "performance-degraded", "incident", "minor"},
    {"something off the critical path is broken",
     R"("alertname":"NonCriticalBroken","service":"toolbar","region":"R")", "non-critical-broken",
     "incident", "minor"},
    {"a data breach", R"("alertname":"DataBreach","region":"R")", "data-breach", "incident",
     "critical", true},
    {"data is lost", R"("alertname":"DataLoss","region":"R")", "data-loss", "incident", "critical",
     true},
    {"insights are incorrect",
     R"("alertname":"InsightsIncorrect","region":"R","severity":"critical")", "insights-incorrect",
     "not_an_incident", ""},
    {"insights are incorrect because data is lost",
     R"("alertname":"InsightsIncorrect","region":"R","data_loss":"true")",
     "insights-incorrect-by-loss", "incident", "critical", true},
    {"insights cannot be saved",
     R"("alertname":"InsightsNotSaved","region":"R","severity":"critical")", "saving-fails",
     "not_an_incident", ""},
    {"feature flags cannot be created", R"("alertname":"FeatureFlagsNotCreated","region":"R")",
     "saving-fails", "not_an_incident", ""},
    {"events are lost", R"("alertname":"EventsLost","region":"R")", "ingestion-failing-alert",
     "incident", "critical", true},
    {"299 s behind", R"("alertname":"IngestionLag","region":"R")", "ingestion-lag-reported",
     "not_an_incident", "", false, R"("lag_seconds":"299")"},
    {"300 s behind is not over five minutes", R"("alertname":"IngestionLag","region":"R")",
     "ingestion-lag-reported", "not_an_incident", "", false, R"("lag_seconds":"300")"},
    {"301 s behind", R"("alertname":"IngestionLag","region":"R")", "ingestion-lag-reported",
     "incident", "major", true, R"("lag_seconds":"301")"},
    {"1799 s behind", R"("alertname":"IngestionLag","region":"R")", "ingestion-lag-reported",
     "incident", "major", true, R"("lag_seconds":"1799")"},
    {"1800 s behind", R"("alertname":"IngestionLag","region":"R")", "ingestion-lag-reported",
     "incident", "major", true, R"("lag_seconds":"1800")"},
    {"a lag that cannot be read is taken for the worst",
     R"("alertname":"IngestionLag","region":"R")", "ingestion-lag-reported", "incident", "major",
     true, R"("lag_seconds":"soon")"},
    {"20 minutes end to end",
     R"("alertname":"End2EndIngestionLag","region":"R","severity":"critical")",
     "ingestion-lag-alert", "incident", "major", true},
    {"the events' consumer is late",
     R"("alertname":"IngestionConsumerDelayed","region":"R","severity":"critical")",
     "ingestion-lag-alert", "incident", "major", true},
    {"the overflow topic grows", R"("alertname":"IngestionOverflowConsumerLag","region":"R")",
     "ingestion-overflow-growing", "watch", ""},
    {"another consumer is late",
     R"("alertname":"ExportsConsumerDelayed","region":"R","severity":"critical")",
     "consumer-delayed", "incident", "major", true},
    {"a disk will be full in four days",
     R"("alertname":"KubernetesVolumeFullInFourDays","instance":"R","severity":"critical")",
     "disk-full-forecast", "incident", "minor"},
    {"a disk is full",
     R"("alertname":"KubernetesVolumeOutOfDiskSpace","instance":"R","severity":"critical")",
     "disk-full", "incident", "major", true},
    {"a disk is full where events are kept",
     R"("alertname":"KafkaDiskCritical","instance":"R","component":"ingestion")",
     "disk-full-events", "incident", "critical", true},
    {"a container was OOM-killed",
     R"("alertname":"KubernetesContainerOomKiller","container":"web",)"
     R"("namespace":"posthog","region":"R")",
     "oom", "incident", "major", true},
    {"memory leaks",
     R"("alertname":"MemoryLeak","container":"web","namespace":"posthog","region":"R")",
     "memory-leak", "incident", "minor"},
    {"any other critical alert", R"("alertname":"KubernetesNodeReadyR","severity":"critical")",
     "unmatched", "incident", "major", true},
    {"any other alert",
     R"("alertname":"RedisTooManyConnections","severity":"warning","region":"R")", "", "unmatched",
     ""},
};

/// Each row in a region of its own, so that no two share an incident.
std::string labels_of(const Row& row, std::size_t index) {
    std::string labels = row.labels;
    const std::string name = "row" + std::to_string(index);
    const std::size_t at = labels.find("R\"");
    if (at != std::string::npos) labels.replace(at, 1, name);
    return labels + R"(,"case":")" + name + "\"";
}

const Json* of_row(const std::vector<Json>& verdicts, std::size_t index) {
    for (const Json& verdict : verdicts) {
        const Json* labels = verdict.find("labels");
        if (labels && labels->text_at("case") == "row" + std::to_string(index)) return &verdict;
    }
    return nullptr;
}

}  // namespace

TEST_CASE(
    "every alert that the handbook speaks of is judged as it says [H-09] [H-10] [H-11] [H-12] "
    "[H-14] [H-23] [H-24] [H-25] [H-30] [H-31] [H-32] [H-33] [H-34] [B1] [B8] [B9] [B10] "
    "[B16]") {
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    std::vector<std::string> alerts;
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        alerts.push_back(alert_json(labels_of(rows[i], i), true, rows[i].annotations));
    }
    REQUIRE(daemon.post("/api/v1/alertmanager", webhook_json(alerts)).status == 200);
    const std::vector<Json> verdicts = daemon.verdicts();
    std::size_t pages = 0;
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        const Row& row = rows[i];
        INFO(row.sentence);
        const Json* verdict = of_row(verdicts, i);
        REQUIRE(verdict != nullptr);
        CHECK(verdict->text_at("rule").value_or("") == row.rule);
        CHECK(verdict->text_at("outcome") == row.outcome);
        CHECK(verdict->text_at("severity").value_or("") == row.severity);
        pages += row.paged ? 1 : 0;
    }
    REQUIRE(eventually([&] { return daemon.pages_in_file().size() >= pages; }));
    CHECK(daemon.pages_in_file().size() == pages);
}

TEST_CASE(
    "a memory leak that ends in an OOM is one incident that rises and then pages [H-26] [B11]") {
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    const std::string where = R"(,"container":"web","namespace":"posthog","region":"us")";
    const auto post = [&](const std::string& name) {
        const std::string labels = R"("alertname":")" + name + "\"" + where;
        return daemon.post("/api/v1/alertmanager", webhook_json({alert_json(labels)})).status;
    };
    REQUIRE(post("MemoryLeak") == 200);
    CHECK(daemon.incidents().at(0).text_at("severity") == "minor");
    CHECK(daemon.pages_in_file().empty());
    REQUIRE(post("KubernetesContainerOomKiller") == 200);
    REQUIRE(eventually([&] { return daemon.pages_in_file().size() == 1; }));
    REQUIRE(daemon.incidents().size() == 1);
    CHECK(daemon.incidents()[0].text_at("severity") == "major");
}

TEST_CASE("both regions down are two incidents and two pages [H-32] [B6]") {
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    for (const char* region : {"us", "eu"}) {
        const std::string labels =
            std::string(R"("alertname":"PostHogCloudDown","region":")") + region + "\"";
        REQUIRE(daemon.post("/api/v1/alertmanager", webhook_json({alert_json(labels)})).status ==
                200);
    }
    REQUIRE(eventually([&] { return daemon.pages_in_file().size() == 2; }));
    const auto incidents = daemon.incidents();
    REQUIRE(incidents.size() == 2);
    CHECK(incidents[0].find("also")->dump() == R"(["INC-1"])");
}
