// Every captured body of Alertmanager, Prometheus and vmalert, byte for byte.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "core/signal.hpp"
#include "integrations/sources/alertmanager.hpp"
#include "support/shared_data.hpp"

using namespace tocsin;
using namespace tocsin::integrations;

namespace {

struct ExpectedAlert {
    std::string fingerprint;  // as the payload has it
    bool firing;
    std::string starts_at, ends_at;
};

struct Capture {
    std::string name, receiver;
    std::uint64_t truncated_alerts;
    std::vector<ExpectedAlert> alerts;
};

const std::string base_start = "2026-11-21T16:59:27.109123Z";
const std::string plain_start = "2026-11-21T16:59:27.114035458Z";
const std::string db1 = "1504a971081f1e8e";
const std::string db2 = "36a0c889a9f60331";
const std::string db3 = "72549a99a59cdac8";
const std::string db1_start = "2026-11-21T16:59:27.110123Z";
const std::string db2_start = "2026-11-21T16:59:27.111123Z";
const std::string db3_start = "2026-11-21T16:59:27.112123Z";
const std::string implicit_start = "2026-11-21T16:59:27.11469568Z";
const std::string prometheus_start = "2026-11-21T17:05:20.814Z";

std::vector<Capture> webhook_captures() {
    return {
        {"firing-basic-auth", "basic-auth", 0, {{"cb3afe5b3d2e6645", true, plain_start, ""}}},
        {"firing-bearer", "bearer", 0, {{"2d675d1f03cbae04", true, plain_start, ""}}},
        {"firing-groupby-all", "groupall", 0, {{"b4e3a972760897f6", true, base_start, ""}}},
        {"firing-groupby-none", "groupnone", 0, {{"18eddff122dfd615", true, base_start, ""}}},
        {"firing-grouped-3",
         "grouped",
         0,
         {{db1, true, db1_start, ""}, {db2, true, db2_start, ""}, {db3, true, db3_start, ""}}},
        {"firing-implicit-starts", "implicit", 0, {{"0fc3fda71bed660a", true, implicit_start, ""}}},
        {"firing-receiver-quoted",
         "team.a/pager+x",
         0,
         {{"a00d7b00c6b33a43", true, plain_start, ""}}},
        {"firing-redirected-307", "redirect", 0, {{"00fa2656e366220b", true, plain_start, ""}}},
        {"firing-single", "single", 0, {{"2c714288b257ea57", true, base_start, ""}}},
        {"firing-truncated",
         "truncated",
         3,
         {{"47e15de8953d499b", true, base_start, ""}, {"f14a1c7a0532afd4", true, base_start, ""}}},
        {"firing-unicode", "default", 0, {{"b610b63e20aa8515", true, base_start, ""}}},
        {"from-prometheus-firing", "w", 0, {{"eaaa33ea09a2cbf3", true, prometheus_start, ""}}},
        {"from-prometheus-resolved",
         "w",
         0,
         {{"44ba4134addbb67a", false, prometheus_start, "2026-11-21T17:05:30.814Z"}}},
        {"mixed-1-resolved-2-firing",
         "grouped",
         0,
         {{db1, false, db1_start, "2026-11-21T16:59:27.684098Z"},
          {db2, true, db2_start, ""},
          {db3, true, db3_start, ""}}},
        {"resolved-grouped",
         "grouped",
         0,
         {{db2, false, db2_start, "2026-11-21T16:59:32.028397Z"},
          {db3, false, db3_start, "2026-11-21T16:59:32.028451Z"}}},
        {"resolved-implicit-timeout",
         "implicit",
         0,
         {{"0fc3fda71bed660a", false, implicit_start, "2026-11-21T16:59:33.11469568Z"}}},
        {"resolved-single",
         "single",
         0,
         {{"2c714288b257ea57", false, base_start, "2026-11-21T16:59:32.022261Z"}}},
        {"truncated-hides-firing",
         "truncated",
         3,
         {{"47e15de8953d499b", false, base_start, "2026-11-21T16:59:27.68863Z"},
          {"f14a1c7a0532afd4", false, base_start, "2026-11-21T16:59:27.688679Z"}}},
    };
}

std::string capture(const std::string& name) {
    return support::read_file(support::shared_data() / "captures/alertmanager-0.25" /
                              (name + ".json"));
}

bool have_captures() {
    if (!capture("firing-single").empty()) return true;
    MESSAGE("skipped: the captures of the shared data are not there");
    return false;
}

std::optional<Instant> instant(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return parse_rfc3339(text).value();
}

}  // namespace

TEST_CASE("each captured webhook gives exactly its alerts, with the payload's fingerprints") {
    if (!have_captures()) return;
    CHECK(webhook_captures().size() == 18);
    for (const Capture& expected : webhook_captures()) {
        CAPTURE(expected.name);
        const auto read = read_webhook(capture(expected.name));
        REQUIRE(read.has_value());
        CHECK(read->receiver == expected.receiver);
        CHECK(read->truncated_alerts == expected.truncated_alerts);
        CHECK(read->version == "4");
        CHECK(read->external_url == "http://vm:19093");
        CHECK(read->complaints.empty());
        CHECK(read->cut == Cut{});
        REQUIRE(read->alerts.size() == expected.alerts.size());
        for (std::size_t i = 0; i < read->alerts.size(); ++i) {
            const core::AlertSeen& alert = read->alerts[i];
            CHECK(to_hex(alert.labels.fingerprint()) == expected.alerts[i].fingerprint);
            CHECK(alert.firing == expected.alerts[i].firing);
            CHECK(alert.starts_at == instant(expected.alerts[i].starts_at));
            CHECK(alert.ends_at == instant(expected.alerts[i].ends_at));
            CHECK_FALSE(alert.leased);
            CHECK(alert.source.empty());
        }
    }
}

TEST_CASE("labels and annotations of a captured webhook arrive whole") {
    if (!have_captures()) return;
    const auto single = read_webhook(capture("firing-grouped-3"));
    REQUIRE(single.has_value());
    CHECK(single->alerts[0].labels == Labels{{"alertname", "DiskFull"},
                                             {"case", "grouped"},
                                             {"instance", "db-1:9100"},
                                             {"job", "node"},
                                             {"mountpoint", "/var"},
                                             {"service", "db"},
                                             {"severity", "major"}});
    CHECK(single->alerts[0].annotations ==
          Labels{{"summary", "db-1 /var at 91%"}, {"team", "storage"}});
    CHECK(single->group_key == R"({}/{case="grouped"}:{alertname="DiskFull", service="db"})");

    const auto unicode = read_webhook(capture("firing-unicode"));
    REQUIRE(unicode.has_value());
    CHECK(unicode->alerts[0].labels == Labels{{"alertname", "Ünïcode \"quoted\" <b>&"},
                                              {"case", "uni"},
                                              {"emoji", "🔥"},
                                              {"path", "C:\\tmp\nline2\ttab"}});
    CHECK(unicode->alerts[0].annotations.get("description") ==
          "multi\nline <script> & \u2028 sep \x01 ctl");

    const auto resolved = read_webhook(capture("from-prometheus-resolved"));
    REQUIRE(resolved.has_value());
    CHECK(resolved->alerts[0].annotations.get(core::generator_url_annotation) ==
          "http://vm:19090/graph?g0.expr=vector%28time%28%29+%25+20%29+%3C+10&g0.tab=1");
}

TEST_CASE("Prometheus' own post is a leased alert until its endsAt, and resolved after it") {
    if (!have_captures()) return;
    const std::string body = capture("prometheus-2.42-post-alerts");
    const Instant end = *instant("2026-11-21T17:05:32.814Z");
    const auto before = read_v2_alerts(body, end - milliseconds(1));
    REQUIRE(before.has_value());
    CHECK(before->complaints.empty());
    REQUIRE(before->alerts.size() == 1);
    const core::AlertSeen& alert = before->alerts[0];
    CHECK(to_hex(alert.labels.fingerprint()) == "eaaa33ea09a2cbf3");
    CHECK(alert.firing);
    CHECK(alert.leased);
    CHECK(alert.starts_at == instant("2026-11-21T17:05:20.814Z"));
    CHECK(alert.ends_at == end);
    CHECK(alert.annotations ==
          Labels{{"__generator_url__",
                  "http://vm:19090/graph?g0.expr=up%7Bjob%3D%22web%22%7D+%3D%3D+0&g0.tab=1"},
                 {"runbook_url", "https://handbook.example/site-down"},
                 {"summary", "127.0.0.1:1 down, value 0"}});

    const auto after = read_v2_alerts(body, end);
    REQUIRE(after.has_value());
    CHECK_FALSE(after->alerts.at(0).firing);
    CHECK_FALSE(after->alerts.at(0).leased);
    CHECK(after->alerts.at(0).ends_at == end);
}

TEST_CASE("vmalert's post with its duplicate key is read, the last one wins") {
    if (!have_captures()) return;
    const auto read =
        read_v2_alerts(capture("vmalert-post-alerts"), *instant("2026-11-21T17:05:41Z"));
    REQUIRE(read.has_value());
    CHECK(read->complaints.empty());
    REQUIRE(read->alerts.size() == 1);
    CHECK(read->alerts[0].labels == Labels{{"alertgroup", "handbook"},
                                           {"alertname", "Blip"},
                                           {"cluster", "eu1"},
                                           {"severity", "minor"}});
    CHECK(read->alerts[0].leased);
    CHECK(read->alerts[0].ends_at == instant("2026-11-21T17:05:46.667121Z"));
}

TEST_CASE("the captured list of Alertmanager gives our fingerprints, equal to its own") {
    if (!have_captures()) return;
    Answer answer;
    answer.status = 200;
    answer.body = capture("api-v2-alerts");
    const auto list = read_alert_list(answer);
    REQUIRE(list.has_value());
    REQUIRE(list->size() == 3);
    const std::vector<std::string> fingerprints = {"d214efc38946b77b", "d28cefc389ad90e0",
                                                   "fff7f30401697f7b"};
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(to_hex(list->at(i).fingerprint) == fingerprints[i]);
        CHECK(list->at(i).state == "active");
        CHECK(list->at(i).receivers == std::vector<std::string>{"w"});
        CHECK(list->at(i).alert.firing);
        CHECK_FALSE(list->at(i).alert.ends_at.has_value());
    }
    CHECK(fingerprints_of(*list).size() == 3);
    CHECK(std::ranges::is_sorted(fingerprints_of(*list)));
}
