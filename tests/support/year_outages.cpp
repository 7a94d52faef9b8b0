// What breaks in the simulated year: outages that flap, peers that fail, and announced maintenance.
#include <memory>

#include "support/year_world.hpp"

namespace tocsin::year {
namespace {

using namespace core;

constexpr Duration lag_interval = minutes(5);

// What is broken now, and how it is told to the engine.
struct Outages {
    explicit Outages(World& it) : world(it) {}

    World& world;
    std::map<std::size_t, std::uint64_t> broken;  // trouble -> how many repeats it still gets
    std::map<std::string, double> lag;            // of each region, as it would be measured
    bool silent = false;                          // the source of measurements does not answer

    void tell(std::size_t index, bool firing);
    void begin(std::size_t index);
    void end(std::size_t index, int flaps_left);
    void repeat(std::size_t index);
    void next_outage();
    void measure_lag();
    void next_peer_failure(const std::string& integration);
    void next_maintenance();
    void next_silence();
};

void Outages::tell(std::size_t index, bool firing) {
    const Trouble& trouble = troubles()[index];
    if (trouble.alertname.empty()) {
        lag[trouble.region] = firing ? 310 + static_cast<double>(below(world.random(), 2500))
                                     : 20 + static_cast<double>(below(world.random(), 200));
        return;  // seen when it is measured next
    }
    AlertSeen seen{.source = "am", .labels = trouble.labels(), .firing = firing};
    if (firing) {
        seen.starts_at = world.truth().since(index);
    } else {
        seen.starts_at = world.truth().since(index);
        seen.ends_at = world.now();
    }
    world.send(seen);
}

void Outages::begin(std::size_t index) {
    const Trouble& trouble = troubles()[index];
    if (!trouble.alertname.empty()) world.truth().begins(index, world.now());
    const bool lost = !trouble.key.empty() && !trouble.alertname.empty() &&
                      world.sabotages(Sabotage::missed_alert);
    if (!lost) tell(index, true);
    const bool brief = chance(world.random(), 60);
    const Duration lasts = brief ? between(world.random(), seconds(20), minutes(20))
                                 : between(world.random(), minutes(20), hours(8));
    const int flaps = chance(world.random(), 20) ? static_cast<int>(below(world.random(), 5)) : 0;
    world.after(lasts, [this, index, flaps] { end(index, flaps); });
    if (!lost && chance(world.random(), 50))
        world.after(minutes(10), [this, index] { repeat(index); });
}

void Outages::repeat(std::size_t index) {
    if (!world.truth().holds(index) || troubles()[index].alertname.empty()) return;
    tell(index, true);  // Alertmanager's repeat, or its twin
    world.after(minutes(30), [this, index] { repeat(index); });
}

void Outages::end(std::size_t index, int flaps_left) {
    if (!troubles()[index].alertname.empty()) world.truth().ends(index, world.now());
    tell(index, false);
    if (flaps_left == 0) {
        broken.erase(index);
        return;
    }
    world.after(between(world.random(), minutes(1), minutes(14)), [this, index, flaps_left] {
        if (!troubles()[index].alertname.empty()) world.truth().begins(index, world.now());
        tell(index, true);
        world.after(between(world.random(), minutes(1), minutes(9)),
                    [this, index, flaps_left] { end(index, flaps_left - 1); });
    });
}

void Outages::next_outage() {
    world.after(between(world.random(), minutes(10), hours(30)), [this] {
        const std::size_t index = below(world.random(), troubles().size());
        if (broken.emplace(index, 0).second) begin(index);
        next_outage();
    });
}

void Outages::measure_lag() {
    world.after(lag_interval, [this] { measure_lag(); });
    if (silent) return;
    SourceAnswer answer{.source = "metrics"};
    for (std::size_t i = 0; i < troubles().size(); ++i) {
        const Trouble& trouble = troubles()[i];
        if (!trouble.alertname.empty()) continue;
        const double value = lag.contains(trouble.region) ? lag[trouble.region] : 30;
        answer.series.push_back({trouble.labels(), value});
        const bool holds = value > 300;
        if (holds && !world.truth().holds(i)) world.truth().begins(i, world.now());
        if (!holds && world.truth().holds(i)) world.truth().ends(i, world.now());
    }
    world.send(Evaluated{"ingestion-lag", 7, world.now(), {answer}});
}

void Outages::next_peer_failure(const std::string& integration) {
    world.after(between(world.random(), hours(48), hours(24 * 40)), [this, integration] {
        World::Peer& peer = world.peers[integration];
        (chance(world.random(), 75) ? peer.up : peer.refuses) ^= true;
        world.after(between(world.random(), minutes(1), hours(10)), [this, integration] {
            world.peers[integration] = {};
            next_peer_failure(integration);
        });
    });
}

void Outages::next_maintenance() {
    world.after(between(world.random(), hours(24), hours(24 * 12)), [this] {
        const Instant now = world.now();
        const std::string region = chance(world.random(), 50) ? "us" : "eu";
        const std::string window = "window-" + std::to_string(now.time_since_epoch() / seconds(1));
        const Instant from = now + between(world.random(), minutes(0), hours(12));
        const Instant to = from + between(world.random(), minutes(30), hours(5));
        const bool planned = world.command(
            0, "engineer-a",
            PlanMaintenance{
                window, from, to, Labels{{"region", region}}, {}, "https://example.com/m"});
        if (planned) world.truth().announce({window, region, now, from, to});
        if (planned && chance(world.random(), 15)) {
            world.after(from - now + minutes(10), [this, window] {
                world.truth().end_window(window, world.now());
                world.command(0, "engineer-b", EndMaintenance{window});
            });
        }
        next_maintenance();
    });
}

void Outages::next_silence() {
    world.after(between(world.random(), hours(24 * 5), hours(24 * 40)), [this] {
        world.truth().allow("source/metrics");
        silent = true;
        world.send(SourceSilent{"metrics", world.now(), "connection refused"});
        world.after(between(world.random(), minutes(2), hours(3)), [this] {
            silent = false;
            world.send(SourceBack{"metrics"});
            next_silence();
        });
    });
}

}  // namespace

void let_things_break(World& world) {
    const auto outages = std::make_shared<Outages>(world);
    outages->next_outage();
    outages->next_silence();
    outages->next_maintenance();
    for (const char* integration : {"pager", "mail", "sms", "chat"}) {
        outages->next_peer_failure(integration);
    }
    world.after(Duration{0}, [outages] { outages->measure_lag(); });
    world.keep(outages);
}

}  // namespace tocsin::year
