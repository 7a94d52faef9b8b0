// Debian's Prometheus as the source: every rule over metrics of the shipped handbook, and alerts
// that Prometheus posts by itself.

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "support/monitoring.hpp"
#include "support/shared_data.hpp"
#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;
using integrations::Json;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

/// The shipped rules, only faster: what they say and which thresholds they have stays as it is.
std::string hurried_handbook() {
    std::string text = read_file("rules/handbook.yaml");
    text = replaced(std::move(text), "interval: 15s", "interval: 1s");
    for (const char* duration : {"for: 15s,", "for: 2m,", "for: 5m,"}) {
        text = replaced(std::move(text), duration, "for: 1s,");
    }
    return text;
}

/// An exporter whose counters grow with each scrape.
struct Exporter {
    std::atomic<int> scrapes = 0;
    std::string text;  // `$` stands for a number that grows by 60 with each scrape

    [[nodiscard]] PeerAnswer answer(const Received&) {
        const std::string number = std::to_string(100 + 60 * ++scrapes);
        return {.body = replaced(text, "$", number), .content_type = "text/plain"};
    }
};

std::string source_entry(const Prometheus& prometheus) {
    return "sources:\n  - {name: prom, kind: prometheus, url: \"" + prometheus.url() +
           "\", delay: 0s}";
}

bool is_missing() {
    if (prometheus_program()) return false;
    MESSAGE("skipped: there is no Prometheus");
    return true;
}

/// The latest verdict of each rule and region.
std::map<std::string, const Json*> latest(const std::vector<Json>& verdicts) {
    std::map<std::string, const Json*> result;
    for (const Json& verdict : verdicts) {  // newest first
        const Json* labels = verdict.find("labels");
        const std::string region = labels ? labels->text_at("region").value_or("") : "";
        result.emplace(verdict.text_at("rule").value_or("") + " " + region, &verdict);
    }
    return result;
}

struct Row {
    std::string sentence;
    std::string series;
    std::string rule;
    std::string region;
    std::string outcome;
    std::string severity;  // empty: none
    bool communicate = false;
};

const std::string lag = R"(posthog_celery_observed_ingestion_lag_seconds{scenario="ingestion",)";

std::vector<Row> rows() {
    const auto probe = [](const std::string& region, const std::string& url, int value) {
        return "probe_success{region=\"" + region + "\",instance=\"" + url + "\",vantage=\"a\"} " +
               std::to_string(value) + "\n";
    };
    const std::string app = "https://app.posthog.com/_health";
    const auto offset = [](const std::string& region, const std::string& latest) {
        return "kafka_topic_partition_current_offset{topic=\"events_plugin_ingestion\",region=\"" +
               region + "\"} $\nlatest_processed_timestamp_ms{groupId=\"ingestion\"," +
               "topic=\"events_plugin_ingestion\",region=\"" + region + "\"} " + latest + "\n";
    };
    return {
        {"299 s behind", lag + "region=\"l1\"} 299\n", "ingestion-lag", "l1", "not_an_incident",
         ""},
        {"300 s behind is not over five minutes", lag + "region=\"l2\"} 300\n", "ingestion-lag",
         "l2", "not_an_incident", ""},
        {"301 s behind", lag + "region=\"l3\"} 301\n", "ingestion-lag", "l3", "incident", "major"},
        {"1799 s behind", lag + "region=\"l4\"} 1799\n", "ingestion-lag", "l4", "incident",
         "major"},
        {"1800 s behind is due to be communicated", lag + "region=\"l5\"} 1800\n", "ingestion-lag",
         "l5", "incident", "major", true},
        {"a lag that grows is watched", lag + "region=\"l6\"} $\n", "ingestion-lag-growing", "l6",
         "watch", ""},
        {"nobody reaches the site", probe("s1", app, 0), "site-down", "s1", "incident", "critical",
         true},
        {"one of two vantage points reaches the site",
         probe("s2", app, 0) + replaced(probe("s2", app, 1), "\"a\"", "\"b\""), "site-partly-down",
         "s2", "incident", "major", true},
        {"everybody reaches the site", probe("s3", app, 1), "site-down", "s3", "clear", ""},
        {"/decide is down", probe("s4", "https://app.posthog.com/decide", 0), "flags-down", "s4",
         "incident", "major", true},
        {"/flags is down", probe("s5", "https://us.i.posthog.com/flags?v=2", 0), "flags-down", "s5",
         "incident", "major", true},
        {"events come in and none is processed", offset("k1", "5000"), "ingestion-failing", "k1",
         "incident", "critical", true},
        {"a counter of lost events rises", "posthog_events_lost_total{region=\"k2\"} $\n",
         "events-lost", "k2", "incident", "critical", true},
    };
}

std::vector<Json> incidents_of(const TestDaemon& daemon, const std::string& region) {
    std::vector<Json> matching;
    for (const Json& incident : daemon.incidents()) {
        const Json* labels = incident.find("labels");
        if (labels && labels->text_at("region") == region) matching.push_back(incident);
    }
    return matching;
}

bool is_due(const std::vector<Json>& incidents) {
    const Json* due = incidents.empty() ? nullptr : incidents[0].find("communication_due");
    return due != nullptr && !due->is_null();
}

void check_row(const Row& row, const TestDaemon& daemon) {
    INFO(row.sentence);
    const auto found = [&] {
        const std::vector<Json> verdicts = daemon.verdicts();
        const auto by_rule = latest(verdicts);
        const auto it = by_rule.find(row.rule + " " + row.region);
        return it != by_rule.end() && it->second->text_at("outcome") == row.outcome;
    };
    // A rule that never had anything to say of a series says nothing: `clear` is no verdict then.
    if (row.outcome == "clear") {
        for (const Json& incident : daemon.incidents()) {
            CHECK(incident.text_at("key").value_or("").find(row.region) == std::string::npos);
        }
        return;
    }
    REQUIRE(eventually(found));
    if (row.severity.empty()) {
        // l6 grows past five minutes in the end.
        if (row.region != "l6") CHECK(incidents_of(daemon, row.region).empty());
        return;
    }
    // A step with a `for` of its own may still be waiting.
    if (row.communicate) {
        CHECK(eventually([&] { return is_due(incidents_of(daemon, row.region)); }));
    }
    const std::vector<Json> incidents = incidents_of(daemon, row.region);
    REQUIRE(incidents.size() == 1);
    CHECK(incidents[0].text_at("severity") == row.severity);
    CHECK(is_due(incidents) == row.communicate);
}

}  // namespace

TEST_CASE(
    "Prometheus: every rule over metrics decides as the handbook says [H-08] [H-10] [H-24] "
    "[B2] [B5] [B7] [C4]") {
    if (is_missing()) return;
    Exporter exporter;
    for (const Row& row : rows()) exporter.text += row.series;
    HttpPeer target([&](const Received& request) { return exporter.answer(request); });
    const Prometheus prometheus(*prometheus_program(), {.target = target.url().substr(7)});
    REQUIRE(prometheus.is_ready());
    TestDaemon daemon({.rules = hurried_handbook(), .extra = source_entry(prometheus)});
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    for (const Row& row : rows()) check_row(row, daemon);
}

TEST_CASE("Prometheus posts its alerts to tocsin as it would to an Alertmanager") {
    if (is_missing()) return;
    Exporter exporter;
    exporter.text = "disk_is_full 1\n";
    HttpPeer target([&](const Received& request) { return exporter.answer(request); });
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    const std::string rules =
        "groups:\n  - name: test\n    rules:\n      - alert: KubernetesOutOfDisk\n"
        "        expr: disk_is_full == 1\n        labels: {severity: critical, instance: node-1}\n";
    const Prometheus prometheus(
        *prometheus_program(),
        {.target = target.url().substr(7), .alertmanager = daemon.url().substr(7), .rules = rules});
    REQUIRE(prometheus.is_ready());
    REQUIRE(eventually([&] { return !daemon.pages_in_file().empty(); }));
    const auto incidents = daemon.incidents();
    REQUIRE(incidents.size() == 1);
    CHECK(incidents[0].text_at("rule") == "disk-full");
    CHECK(incidents[0].text_at("severity") == "major");
    CHECK(daemon.pages_in_file().size() == 1);
}
