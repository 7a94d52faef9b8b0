// Debian's Alertmanager in front of the real binary: every way in which it delivers.

#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "support/monitoring.hpp"
#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;
using integrations::Json;

namespace {

/// Clears after a second rather than five minutes; one incident per service.
const char* const rules =
    "groups:\n"
    "  - name: test\n"
    "    rules:\n"
    "      - rule: down\n"
    "        alert: ['alertname=\"Down\"']\n"
    "        per: [service]\n"
    "        severity: major\n"
    "        cite: \"No insights can be created\"\n"
    "        runbook_url: https://example.com/runbook\n"
    "        summary: \"{{ $labels.service }} is down\"\n"
    "        clear: {for: CLEAR}\n";

std::string rules_clearing_after(const std::string& duration) {
    std::string text = rules;
    return text.replace(text.find("CLEAR"), 5, duration);
}

const char* const quick = "group_wait: 0s, group_interval: 1s, repeat_interval: 4h, ";

std::string down(const std::string& service, const std::string& instance) {
    return R"("alertname":"Down","severity":"critical","service":")" + service +
           R"(","instance":")" + instance + "\"";
}

/// A daemon and an Alertmanager that sends to it; null where there is no Alertmanager.
struct World {
    TestDaemon daemon;
    std::unique_ptr<Alertmanager> alertmanager;

    explicit World(const std::string& route, const std::string& webhook = "",
                   const std::string& clear = "1s")
        : daemon({.rules = rules_clearing_after(clear)}) {
        const auto program = alertmanager_program();
        if (!program || !daemon.start()) return;
        alertmanager = start(*program, route, webhook);
    }

    [[nodiscard]] std::unique_ptr<Alertmanager> start(const std::string& program,
                                                      const std::string& route,
                                                      const std::string& webhook) const {
        return std::make_unique<Alertmanager>(
            program, quick + route,
            "url: '" + daemon.url() + "/api/v1/alertmanager?source=am', send_resolved: true" +
                webhook);
    }

    [[nodiscard]] std::size_t pages() const {
        std::size_t count = 0;
        for (const Json& line : daemon.pages_in_file()) {
            count += line.text_at("event") == "page" ? 1 : 0;
        }
        return count;
    }
    [[nodiscard]] bool has(std::size_t incidents, std::size_t page_count) const {
        return daemon.incidents().size() == incidents && pages() == page_count;
    }
    [[nodiscard]] std::string state() const {
        const auto list = daemon.incidents();
        return list.empty() ? "" : list[0].text_at("state").value_or("");
    }
    [[nodiscard]] double number(const std::string& metric) const {
        const std::string text = daemon.get("/metrics").body;
        const std::size_t at = text.find("\n" + metric + " ");
        return at == std::string::npos ? -1 : std::atof(text.c_str() + at + metric.size() + 2);
    }
};

bool is_missing() {
    if (alertmanager_program()) return false;
    MESSAGE("skipped: there is no Alertmanager");
    return true;
}

}  // namespace

TEST_CASE("Alertmanager: one alert is one incident and one page, and its resolve closes it") {
    if (is_missing()) return;
    World world("group_by: ['...']");
    REQUIRE(world.alertmanager);
    REQUIRE(world.alertmanager->is_ready());
    REQUIRE(world.alertmanager->push(down("web", "web-1")));
    REQUIRE(eventually([&] { return world.has(1, 1); }));
    CHECK(world.state() == "triage");
    REQUIRE(world.alertmanager->push(down("web", "web-1"), false));
    REQUIRE(eventually([&] { return world.state() == "closed"; }));
    CHECK(world.has(1, 1));
}

TEST_CASE("Alertmanager: a group is judged alert by alert, not by its status or key") {
    if (is_missing()) return;
    World world("group_by: [alertname]");
    REQUIRE(world.alertmanager);
    for (const char* instance : {"web-1", "web-2", "web-3"}) {
        REQUIRE(world.alertmanager->push(down("web", instance)));
    }
    REQUIRE(world.alertmanager->push(down("app", "app-1")));
    REQUIRE(eventually([&] { return world.has(2, 2) && world.number("tocsin_signals") == 4; }));

    // Two of three instances recover: the group still fires, and so does the incident.
    REQUIRE(world.alertmanager->push(down("web", "web-1"), false));
    REQUIRE(world.alertmanager->push(down("web", "web-2"), false));
    REQUIRE(world.alertmanager->push(down("app", "app-1"), false));
    const auto state_of = [&](const std::string& service) {
        for (const Json& incident : world.daemon.incidents()) {
            if (incident.text_at("title") == service + " is down")
                return *incident.text_at("state");
        }
        return std::string("none");
    };
    REQUIRE(eventually([&] { return state_of("app") == "closed"; }));
    CHECK(state_of("web") == "triage");
    CHECK(world.has(2, 2));
}

TEST_CASE("Alertmanager: a flap that is over before it clears pages once") {
    if (is_missing()) return;
    World world("group_by: ['...']", "", "10m");
    REQUIRE(world.alertmanager);
    for (int i = 0; i < 2; ++i) {
        REQUIRE(world.alertmanager->push(down("web", "web-1")));
        REQUIRE(eventually([&] { return world.alertmanager->notifications() >= 2 * i + 1; }));
        REQUIRE(world.alertmanager->push(down("web", "web-1"), false));
        REQUIRE(eventually([&] { return world.alertmanager->notifications() >= 2 * i + 2; }));
    }
    REQUIRE(world.alertmanager->push(down("web", "web-1")));
    REQUIRE(eventually([&] { return world.alertmanager->notifications() >= 5; }));
    REQUIRE(eventually([&] { return world.has(1, 1); }));
    CHECK(world.state() == "triage");
}

TEST_CASE("Alertmanager: a flap after closing reopens the same incident and pages again") {
    if (is_missing()) return;
    World world("group_by: ['...']");
    REQUIRE(world.alertmanager);
    REQUIRE(world.alertmanager->push(down("web", "web-1")));
    REQUIRE(eventually([&] { return world.has(1, 1); }));
    REQUIRE(world.alertmanager->push(down("web", "web-1"), false));
    REQUIRE(eventually([&] { return world.state() == "closed"; }));
    REQUIRE(world.alertmanager->push(down("web", "web-1")));
    REQUIRE(eventually([&] { return world.has(1, 2); }));
    CHECK(world.state() == "triage");
    const auto pages = world.daemon.pages_in_file();
    CHECK(pages.back().text_at("key").value_or("").find("/INC-1/2/") != std::string::npos);
}

TEST_CASE("Alertmanager: repeated notifications of the same alert page once") {
    if (is_missing()) return;
    World world("group_by: ['...']");
    REQUIRE(world.alertmanager);
    const Alertmanager other(*alertmanager_program(),
                             "group_wait: 0s, group_interval: 1s, repeat_interval: 1s",
                             "url: '" + world.daemon.url() + "/api/v1/alertmanager?source=am'");
    REQUIRE(other.is_ready());
    REQUIRE(other.push(down("web", "web-1")));
    REQUIRE(eventually([&] { return other.notifications() >= 4; }));
    CHECK(world.has(1, 1));
}

TEST_CASE("Alertmanager: what max_alerts cut off is counted, and never taken for resolved") {
    if (is_missing()) return;
    World world("group_by: [alertname]", ", max_alerts: 1");
    REQUIRE(world.alertmanager);
    for (const char* service : {"a", "b", "c"}) {
        REQUIRE(world.alertmanager->push(down(service, "one")));
    }
    REQUIRE(eventually([&] { return world.number("tocsin_truncated_alerts_total") >= 2; }));
    for (const Json& incident : world.daemon.incidents()) {
        CHECK(incident.text_at("state") == "triage");
    }
    CHECK(world.pages() == world.daemon.incidents().size());
}

TEST_CASE("Alertmanager: two of them that send the same alert are one source and one page") {
    if (is_missing()) return;
    World world("group_by: ['...']");
    REQUIRE(world.alertmanager);
    const auto twin = world.start(*alertmanager_program(), "group_by: ['...']", "");
    REQUIRE(twin->is_ready());
    REQUIRE(world.alertmanager->push(down("web", "web-1")));
    REQUIRE(twin->push(down("web", "web-1")));
    REQUIRE(eventually(
        [&] { return world.alertmanager->notifications() >= 1 && twin->notifications() >= 1; }));
    REQUIRE(eventually([&] { return world.has(1, 1); }));
    REQUIRE(twin->push(down("web", "web-1"), false));
    REQUIRE(eventually([&] { return world.state() == "closed"; }));
    CHECK(world.has(1, 1));
}
