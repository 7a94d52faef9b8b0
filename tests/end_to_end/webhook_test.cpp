// The real binary on loopback: from a webhook to a page in a file, and what people see of it.

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "support/shared_data.hpp"
#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;
using integrations::Json;

namespace {

constexpr auto webhook = "/api/v1/alertmanager";

std::string text(const Json& object, std::string_view name) {
    return object.text_at(name).value_or("(none)");
}

/// How many deliveries of that event the file holds.
std::size_t count_of(const TestDaemon& daemon, std::string_view event) {
    std::size_t count = 0;
    for (const Json& line : daemon.pages_in_file()) count += text(line, "event") == event ? 1 : 0;
    return count;
}

const char* const disk_full = R"("alertname":"KafkaDiskCritical","severity":"critical",)"
                              R"("instance":"broker-1")";

}  // namespace

TEST_CASE("an alert that the handbook calls an incident is declared, and paged once") {
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    for (int i = 0; i < 3; ++i) {  // senders repeat themselves; that is one alert
        CHECK(daemon.post(webhook, webhook_json({alert_json(disk_full)})).status == 200);
    }
    REQUIRE(eventually([&] { return count_of(daemon, "page") > 0; }));
    const std::vector<Json> incidents = daemon.incidents();
    REQUIRE(incidents.size() == 1);
    CHECK(text(incidents[0], "id") == "INC-1");
    CHECK(text(incidents[0], "severity") == "major");
    CHECK(text(incidents[0], "state") == "triage");
    CHECK(text(incidents[0], "rule") == "disk-full");
    CHECK(text(incidents[0], "cite") == "disk space full");
    CHECK(text(daemon.pages_in_file()[0], "text").find("broker-1") != std::string::npos);
    CHECK(count_of(daemon, "page") == 1);
    CHECK(daemon.get("/api/v1/incidents/INC-1").body.find("\"timeline\"") != std::string::npos);
    CHECK(daemon.get("/api/v1/incidents/INC-2").status == 404);
}

TEST_CASE("the commands show why, and acknowledging at a terminal ends the paging [B13] [H-40]") {
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    REQUIRE(daemon.post(webhook, webhook_json({alert_json(disk_full)})).status == 200);
    REQUIRE(eventually([&] { return count_of(daemon, "page") == 1; }));

    // Who says so on the command line is not who is logged in.
    REQUIRE(setenv("USER", "somebody-else", 1) == 0);
    struct Row {
        std::vector<std::string> arguments;
        std::vector<std::string> expected;
    };
    const std::vector<Row> rows = {
        {{"incidents"}, {"INC-1", "major", "triage"}},
        {{"show", "INC-1"}, {"INC-1", "disk space full", "broker-1"}},
        {{"verdicts"}, {"disk-full", "incident", "KafkaDiskCritical", "broker-1"}},
        {{"ack", "INC-1", "--by", "engineer-a"}, {"INC-1"}},
        {{"show", "INC-1"}, {"active", "engineer-a"}},
        {{"note", "INC-1", "broker-1 is being enlarged", "--by", "engineer-a"}, {"INC-1"}},
        {{"show", "INC-1"}, {"broker-1 is being enlarged"}},
    };
    for (const Row& row : rows) {
        const Output output = daemon.command(row.arguments);
        INFO(row.arguments[0], ": ", output.text);
        CHECK(output.status == 0);
        for (const std::string& expected : row.expected) {
            INFO(expected);
            CHECK(output.text.find(expected) != std::string::npos);
        }
    }
    CHECK(daemon.command({"show", "INC-99"}).status == 1);
    CHECK(daemon.command({"shwo", "INC-1"}).status == 2);
}

TEST_CASE("what the handbook says is not an incident is not one, and says so") {
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    const std::vector<std::string> alerts = {
        alert_json(R"("alertname":"InsightsIncorrect","severity":"critical")"),
        alert_json(R"("alertname":"InsightsNotSaved","severity":"critical")"),
        alert_json(R"("alertname":"RedisTooManyConnections","severity":"warning")"),
        alert_json(R"("alertname":"Watchdog","severity":"critical")"),
    };
    CHECK(daemon.post(webhook, webhook_json(alerts)).status == 200);
    CHECK(daemon.incidents().empty());
    std::vector<std::string> outcomes;
    for (const Json& verdict : daemon.verdicts()) outcomes.push_back(text(verdict, "outcome"));
    std::sort(outcomes.begin(), outcomes.end());
    CHECK(outcomes ==
          std::vector<std::string>{"not_an_incident", "not_an_incident", "unmatched", "unmatched"});
    CHECK(daemon.pages_in_file().empty());
}

TEST_CASE("every captured webhook of a real Alertmanager is taken in") {
    const auto folder = shared_data() / "captures" / "alertmanager-0.25";
    if (!std::filesystem::exists(folder)) {
        MESSAGE("skipped: no shared data at ", shared_data().string());
        return;
    }
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    std::size_t posted = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(".json") || name.starts_with("api-") ||
            name == "failure-behaviour.json")
            continue;
        const bool upstream = name.find("-post-alerts") != std::string::npos;
        INFO(name);
        const std::string path = upstream ? "/api/v2/alerts" : webhook;
        CHECK(daemon.post(path, read_file(entry.path())).status == 200);
        ++posted;
    }
    CHECK(posted == 20);
    CHECK(daemon.get("/-/healthy").status == 200);
}

TEST_CASE("SIGHUP with a broken rule file changes nothing, and a good one is taken") {
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    const std::string rules = daemon.get("/api/v1/rules").body;
    const std::string good = read_file(daemon.rule_file());
    write_file(daemon.rule_file(), good + "\ngroups: [\n");
    const auto reloads = [&](std::string_view value) {
        const std::string line = "\ntocsin_config_last_reload_successful " + std::string(value);
        return eventually(
            [&] { return daemon.get("/metrics").body.find(line) != std::string::npos; });
    };
    daemon.process().signal(SIGHUP);
    CHECK(reloads("0"));
    CHECK(daemon.get("/api/v1/rules").body == rules);
    const Response refused = daemon.post("/-/reload", "");
    CHECK(refused.status == 500);
    CHECK(refused.body.find("rules.yaml:") != std::string::npos);

    write_file(daemon.rule_file(), good + "\n# changed\n");
    daemon.process().signal(SIGHUP);
    CHECK(reloads("1"));
    CHECK(daemon.post(webhook, webhook_json({alert_json(disk_full)})).status == 200);
    CHECK(daemon.incidents().size() == 1);
}

TEST_CASE("SIGTERM drains: exit 0, and what was accepted is there at the next start") {
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    REQUIRE(daemon.post(webhook, webhook_json({alert_json(disk_full)})).status == 200);
    daemon.process().signal(SIGTERM);
    CHECK(daemon.process().wait() == 0);
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    CHECK(daemon.incidents().size() == 1);
    REQUIRE(eventually([&] { return count_of(daemon, "page") > 0; }));
    CHECK(count_of(daemon, "page") == 1);
}

TEST_CASE("promtool finds nothing to complain of in /metrics, nor in the rules about tocsin") {
    const auto promtool = peer_program({"promtool"});
    if (!promtool) {
        MESSAGE("skipped: there is no promtool");
        return;
    }
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    REQUIRE(daemon.post(webhook, webhook_json({alert_json(disk_full)})).status == 200);
    const auto file = daemon.folder() / "metrics";
    write_file(file, daemon.get("/metrics").body);
    const Output metrics = run({"sh", "-c", *promtool + " check metrics <" + file.string()});
    CHECK_MESSAGE(metrics.status == 0, metrics.text);
    CHECK(metrics.text.empty());
    const Output rules = run({*promtool, "check", "rules", "deploy/tocsin-alerts.yaml"});
    CHECK_MESSAGE(rules.status == 0, rules.text);
}

TEST_CASE("the shipped files pass the check, with nothing but reminders of what is to be mapped") {
    const Output output = run({binary().string(), "check", "rules/handbook.yaml"});
    CHECK_MESSAGE(output.status == 0, output.text);
    CHECK(output.text.find(": error:") == std::string::npos);
    CHECK(output.text.find("SignupBroken") != std::string::npos);
}
