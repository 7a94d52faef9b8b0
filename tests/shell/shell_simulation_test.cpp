// The daemon's promises through lost answers, full disks and kill -9 at any moment, on seeds.
#include <doctest/doctest.h>

#include <algorithm>

#include "support/shell_world.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

constexpr int machines = 6;

// What a sender knows: it repeats until it is answered 2xx, as Alertmanager does.
struct Sender {
    core::AlertSeen alert;
    bool wanted = false;  // the state of the alert that it wants us to have
    std::shared_ptr<bool> answered;
};

class Storm {
public:
    explicit Storm(std::uint64_t seed) : world_(seed), dice_(seed * 31 + 7) {
        faults(0.15);
        start();
        for (int i = 0; i < machines; ++i) {
            senders_[i].alert.source = "default";
            senders_[i].alert.labels =
                Labels{{"alertname", "DiskFull"}, {"instance", "db-" + std::to_string(i)}};
        }
    }

    void run(int actions) {
        for (int i = 0; i < actions; ++i) {
            act();
            world_.runtime.run_for(milliseconds(pick(4'000)));
            if (world_.life->store.crashed() || pick(25) == 0) restart();
            for (Sender& sender : senders_) send(sender);
        }
    }

    /// The faults end; whatever was promised must now come true.
    void settle(Duration span) {
        faults(0);
        restart(false);
        for (Duration passed{0}; passed < span; passed += seconds(30)) {
            world_.runtime.run_for(seconds(30));
            for (Sender& sender : senders_) send(sender);
        }
    }

    void set_all(bool firing) {
        for (Sender& sender : senders_) want(sender, firing);
    }

    ShellWorld& world() { return world_; }

private:
    std::uint64_t pick(std::uint64_t bound) {
        return static_cast<std::uint64_t>(dice_.uniform() * static_cast<double>(bound));
    }

    void faults(double rate) {
        const shell::Faults road{.delay_min = milliseconds(1),
                                 .delay_max = milliseconds(800),
                                 .refused = rate,
                                 .lost_before = rate,
                                 .lost_after = rate,
                                 .duplicated = rate / 3};
        world_.net.faults("http://pagerduty", road);
        world_.net.faults("http://mail", road);
    }

    void start(bool with_faults = true) {
        std::map<std::uint64_t, shell::StoreFault> planned;
        if (with_faults) planned = shell::seeded_faults(dice_seed_++, 400, 0.02);
        // A commit that reports failure although it happened ends the process in reality, too:
        // SQLite rolls back what it could not sync.
        std::erase_if(planned, [](const auto& entry) {
            return entry.second.kind == shell::StoreFault::Kind::lies;
        });
        world_.start(std::move(planned));
    }

    void restart(bool with_faults = true) {
        world_.crash();
        for (Sender& sender : senders_) {
            if (sender.answered && !*sender.answered) sender.answered.reset();
        }
        start(with_faults);
    }

    void want(Sender& sender, bool firing) {
        if (sender.wanted == firing) return;
        sender.wanted = firing;
        sender.alert.firing = firing;
        if (firing) sender.alert.starts_at = world_.runtime.now();
        sender.alert.ends_at.reset();
        if (!firing) sender.alert.ends_at = world_.runtime.now();
        sender.answered.reset();
    }

    void act() {
        if (pick(3) == 0) {
            want(senders_[pick(machines)], pick(2) == 0);
        } else if (pick(6) == 0) {
            const std::uint64_t known = world_.life->engine.state().counters.incident;
            if (known > 0) {
                world_.give(core::CommandGiven{1 + pick(known), "engineer-a", core::Acknowledge{}});
            }
        }
    }

    void send(Sender& sender) {
        if (sender.answered && *sender.answered) return;
        if (!sender.wanted && sender.alert.starts_at == std::nullopt) return;
        sender.answered = world_.give(sender.alert);
    }

    ShellWorld world_;
    shell::RandomSeeded dice_;
    std::uint64_t dice_seed_ = 1;
    Sender senders_[machines];
};

// Every page of an incident's severity and episode used one key, and nothing follows its resolve.
void check_outside(const PagerDutyFake& pagerduty) {
    for (const auto& [key, actions] : pagerduty.history) {
        CAPTURE(key);
        auto resolved = std::find(actions.begin(), actions.end(), "resolve");
        CHECK(std::find(resolved, actions.end(), "trigger") == actions.end());
    }
}

}  // namespace

TEST_CASE("Whatever is lost, doubled or killed: each firing alert ends up paged, none twice") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        Storm storm(seed);
        storm.run(80);
        storm.set_all(true);
        storm.settle(minutes(20));
        check_outside(storm.world().pagerduty);
        const core::State& state = storm.world().life->engine.state();
        std::set<std::string> open_keys;
        for (const auto& [number, incident] : state.incidents) {
            if (!core::is_open(incident.state)) continue;
            open_keys.insert(incident.key);
            const std::string key = "prod/0123456789abcdef/" + core::incident_id(number) + "/" +
                                    std::to_string(incident.episode) + "/major";
            CHECK(storm.world().pagerduty.history.contains(key));
        }
        CHECK(open_keys.size() == machines);
        CHECK(core::is_consistent(state));
    }
}

TEST_CASE("When every alert is resolved, no incident and no page stays behind") {
    for (std::uint64_t seed = 100; seed <= 140; ++seed) {
        CAPTURE(seed);
        Storm storm(seed);
        storm.run(80);
        storm.set_all(false);
        storm.settle(minutes(30));
        check_outside(storm.world().pagerduty);
        const core::State& state = storm.world().life->engine.state();
        for (const auto& [number, incident] : state.incidents) {
            // An acknowledged major incident waits in monitoring for a person to close it.
            CHECK((!core::is_open(incident.state) ||
                   incident.state == core::IncidentState::monitoring));
        }
        CHECK(state.signals_by_incident.empty());
        CHECK(state.deliveries.empty());
        for (const std::string& key : storm.world().pagerduty.open) {
            // The page about a failing store is in no table, so a crash leaves it to its reader.
            if (key.find("/store/") != std::string::npos) continue;
            const auto waits = [&](const auto& entry) {
                return key.find("/" + core::incident_id(entry.first) + "/") != std::string::npos &&
                       entry.second.state == core::IncidentState::monitoring;
            };
            CHECK(std::any_of(state.incidents.begin(), state.incidents.end(), waits));
        }
    }
}
