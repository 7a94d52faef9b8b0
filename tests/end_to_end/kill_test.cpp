// SIGKILL at random instants under load: nothing that was answered 2xx is lost, no page is lost,
// none leaves under a second key, and nothing is left behind open. TOCSIN_TEST_KILLS sets how often
// (15), TOCSIN_TEST_SEED the instants.

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;
using integrations::Json;

namespace {

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
    "        summary: \"<{{ $labels.service }}>\"\n"
    "        clear: {for: 1s}\n";

constexpr int services_per_round = 3;
constexpr int instances_per_service = 20;
constexpr int senders = 4;

unsigned number_from(const char* variable, unsigned fallback) {
    const char* text = std::getenv(variable);
    return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : fallback;
}

std::string alert_of(int service, int instance, bool firing) {
    return alert_json(R"("alertname":"Down","service":"s)" + std::to_string(service) +
                          R"(","instance":"i)" + std::to_string(instance) + "\"",
                      firing);
}

/// Every service and instance with alerts that are answered 2xx at least once.
class Load {
public:
    explicit Load(const TestDaemon& daemon) : daemon_(daemon) {}

    /// Posts alerts of the round's services from several senders until the daemon is gone.
    void send_until(const std::atomic<bool>& ended, int round) {
        std::vector<std::thread> threads;
        for (int sender = 0; sender < senders; ++sender) {
            threads.emplace_back([&, sender] {
                for (int i = sender; !ended; i += senders) {
                    send(round * services_per_round + i % services_per_round,
                         (i / services_per_round) % instances_per_service);
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
    }
    [[nodiscard]] int answered() const { return answered_; }
    [[nodiscard]] std::set<std::string> accepted() {
        const std::lock_guard guard(mutex_);
        return accepted_;
    }

private:
    void send(int service, int instance) {
        const std::string body = webhook_json({alert_of(service, instance, true)});
        if (daemon_.post("/api/v1/alertmanager", body).status != 200) return;
        ++answered_;
        const std::lock_guard guard(mutex_);
        accepted_.insert("s" + std::to_string(service) + "/i" + std::to_string(instance));
    }

    const TestDaemon& daemon_;
    std::atomic<int> answered_ = 0;
    std::mutex mutex_;
    std::set<std::string> accepted_;
};

struct PagerLog {
    std::vector<std::pair<std::string, std::string>> events;     // action, key
    std::map<std::string, std::set<std::string>> keys_of_title;  // of triggers
};

PagerLog log_of(const HttpPeer& pager) {
    PagerLog log;
    for (const Received& request : pager.received()) {
        const auto body = integrations::parse_json(request.body);
        if (!body) continue;
        const std::string action = body->text_at("event_action").value_or("");
        const std::string key = body->text_at("dedup_key").value_or("");
        log.events.emplace_back(action, key);
        const Json* payload = body->find("payload");
        const std::string summary = payload ? payload->text_at("summary").value_or("") : "";
        const std::size_t begin = summary.find('<');
        const std::string title =
            summary.substr(std::min(begin, summary.size()), summary.find('>') - begin);
        if (action == "trigger") log.keys_of_title[title].insert(key);
    }
    return log;
}

/// "s3/i7" of every verdict `incident` that the daemon has on disk.
std::set<std::string> alerts_on_disk(const TestDaemon& daemon) {
    std::set<std::string> found;
    std::string before;
    while (true) {
        const Json answer = daemon.json("/api/v1/verdicts?outcome=incident&limit=1000" +
                                        (before.empty() ? "" : "&before=" + before));
        const Json* list = answer.find("verdicts");
        if (list == nullptr || list->items().empty()) return found;
        for (const Json& verdict : list->items()) {
            const Json* labels = verdict.find("labels");
            found.insert(labels->text_at("service").value_or("") + "/" +
                         labels->text_at("instance").value_or(""));
            before = std::to_string(static_cast<long>(verdict.number_at("id").value_or(0)));
        }
    }
}

bool all_closed(const TestDaemon& daemon) {
    for (const Json& incident : daemon.incidents()) {
        if (incident.text_at("state") != "closed") return false;
    }
    return true;
}

/// What every sender does in the end: says again what fires, then that nothing does.
void resolve_everything(const TestDaemon& daemon, int services) {
    for (const bool firing : {true, false}) {
        for (int service = 0; service < services; ++service) {
            std::vector<std::string> alerts;
            for (int instance = 0; instance < instances_per_service; ++instance) {
                alerts.push_back(alert_of(service, instance, firing));
            }
            REQUIRE(daemon.post("/api/v1/alertmanager", webhook_json(alerts)).status == 200);
        }
    }
}

}  // namespace

TEST_CASE(
    "kill -9 at random instants loses no accepted alert and no page, and doubles none [H-03] "
    "[H-73]") {
    ::setenv("TOCSIN_TEST_ROUTING_KEY", "0123456789abcdef0123456789abcdef", 1);
    const int kills = static_cast<int>(number_from("TOCSIN_TEST_KILLS", 15));
    const unsigned seed = number_from("TOCSIN_TEST_SEED", 1);
    std::mt19937 random(seed);
    INFO("seed ", seed);
    int requests = 0;  // some are refused, so that retries are under way when the end comes
    HttpPeer pager(
        [&](const Received&) { return PeerAnswer{.status = ++requests % 7 == 0 ? 500 : 202}; });
    TestDaemon daemon({.rules = rules,
                       .integrations = "  - {name: pager, kind: pagerduty, url: \"" + pager.url() +
                                       "\", routing_key: {env: TOCSIN_TEST_ROUTING_KEY}}",
                       .page = "[pager]"});
    Load load(daemon);
    for (int round = 0; round < kills; ++round) {
        INFO("round ", round);
        REQUIRE_MESSAGE(daemon.start(), daemon.log());
        std::atomic<bool> ended = false;
        std::thread sending([&] { load.send_until(ended, round); });
        const int wanted = load.answered() + static_cast<int>(random() % 60);
        const bool reached = eventually([&] { return load.answered() >= wanted; });
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 5000));
        daemon.kill();
        ended = true;
        sending.join();
        REQUIRE(reached);
    }

    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    const int services = kills * services_per_round;
    const std::set<std::string> on_disk = alerts_on_disk(daemon);
    for (const std::string& alert : load.accepted()) {
        CHECK_MESSAGE(on_disk.count(alert) == 1, alert, " was answered 2xx and is lost");
    }
    resolve_everything(daemon, services);
    REQUIRE(eventually([&] { return all_closed(daemon); }, std::chrono::seconds(120)));
    const auto settled = [&] {
        const PagerLog log = log_of(pager);
        std::map<std::string, std::string> last;
        for (const auto& [action, key] : log.events) last[key] = action;
        for (const auto& [key, action] : last) {
            if (action != "resolve") return false;
        }
        return static_cast<int>(log.keys_of_title.size()) == services;
    };
    CHECK(eventually(settled, std::chrono::seconds(600)));

    const PagerLog log = log_of(pager);
    CHECK(static_cast<int>(log.keys_of_title.size()) == services);
    for (const auto& [title, keys] : log.keys_of_title) {
        CHECK_MESSAGE(keys.size() == 1, title, " was paged under ", keys.size(), " keys");
    }
    MESSAGE(kills, " kills, ", load.answered(), " answers, ", log.events.size(), " sends");
}
