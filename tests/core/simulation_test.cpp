// Random histories: whatever happens in whatever order, the engine's promises hold.
#include <doctest/doctest.h>

#include <random>

#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

using Seeded = std::mt19937_64;

std::size_t pick(Seeded& random, std::size_t bound) {
    return random() % bound;
}

std::vector<Rule> rules(std::uint64_t version) {
    Rule disk = alert_rule("disk", "alertname=~\"Disk|Oom\"", Severity::major, {"instance"});
    disk.ladder[0].hold_for = minutes(version % 3);
    disk.content_hash = version;
    Rule site = alert_rule("site", "alertname=\"Site\"", Severity::critical);
    site.continue_matching = true;
    Rule any = alert_rule("any", "alertname!=\"\"", Severity::minor);
    std::vector<Rule> all{disk, site, any, lag_rule()};
    if (version % 4 == 1) all.erase(all.begin());
    return all;
}

AlertSeen random_alert(World& world, Seeded& random) {
    const char* names[] = {"Disk", "Oom", "Site", "Other"};
    AlertSeen alert =
        world.alert(names[pick(random, 4)], Labels{{"instance", std::to_string(pick(random, 3))}},
                    pick(random, 2) == 0 ? "am" : "us");
    alert.leased = pick(random, 2) == 0;
    if (alert.leased) alert.ends_at = world.now + minutes(4);
    if (pick(random, 3) == 0) alert = World::resolved(alert, world.now);
    if (pick(random, 4) == 0) alert.starts_at = world.now - minutes(pick(random, 5));
    return alert;
}

Command random_command(const World& world, Seeded& random) {
    switch (pick(random, 11)) {
        case 0:
            return Acknowledge{};
        case 1:
            return Close{.cause = "c", .fix = "f", .force = pick(random, 2) == 0 ? "r" : ""};
        case 2:
            return Decline{"no"};
        case 3:
            return Note{"n"};
        case 4:
            return ChangeSeverity{static_cast<Severity>(1 + pick(random, 3)), "r"};
        case 5:
        case 6:
            return StartMonitoring{"fixed"};
        case 7:
            return Reopen{"again"};
        case 8:
            return Merge{1 + pick(random, world.state.counters.incident + 1)};
        case 9:
            return Skip{"dull"};
        default:
            return TakeLead{"engineer-b"};
    }
}

void answer_one_delivery(World& world, Seeded& random) {
    if (world.state.deliveries.empty()) return;
    auto chosen = world.state.deliveries.begin();
    std::advance(chosen, pick(random, world.state.deliveries.size()));
    std::uint64_t id = chosen->first;
    switch (pick(random, 4)) {
        case 0:
            world.send(DeliveryStarted{id});
            break;
        case 1:
            world.send(DeliveryFailed{id, "503", false});
            break;
        case 2:
            world.send(DeliveryFailed{id, "400", pick(random, 4) == 0});
            break;
        default:
            world.send(Delivered{id, "remote"});
            break;
    }
}

void evaluate(World& world, Seeded& random) {
    SourceAnswer answer{.source = "us"};
    std::size_t kind = pick(random, 5);
    if (kind == 0) answer.kind = SourceAnswer::Kind::error;
    if (kind == 1) answer.source_answered = false, answer.kind = SourceAnswer::Kind::error;
    for (std::size_t i = pick(random, 3); i > 0; --i) {
        double value = static_cast<double>(pick(random, 2500));
        answer.series.push_back({Labels{{"shard", std::to_string(i)}}, value});
    }
    world.send(Evaluated{"ingestion-lag", 7, world.now, {answer}});
}

void one_event(World& world, Seeded& random) {
    switch (pick(random, 10)) {
        case 0:
        case 1:
        case 2:
            world.send(random_alert(world, random));
            break;
        case 3:
            evaluate(world, random);
            break;
        case 4:
        case 5:
            answer_one_delivery(world, random);
            break;
        case 6:
            world.command(1 + pick(random, world.state.counters.incident + 1),
                          random_command(world, random));
            break;
        case 7:
            world.send(pick(random, 2) == 0 ? Event(SourceSilent{"us", world.now, "refused"})
                                            : Event(SourceBack{"us"}));
            break;
        case 8:
            world.pass(seconds(pick(random, 900)));
            break;
        default:
            if (pick(random, 10) == 0) world.load(rules(pick(random, 8)));
            break;
    }
}

// Whoever has to be paged has been asked, and somebody will be asked again.
void check_promises(const World& world) {
    std::map<std::string, int> open_by_key;
    for (const auto& [number, incident] : world.state.incidents) {
        if (!is_open(incident.state)) continue;
        CHECK(++open_by_key[incident.key] == 1);
        bool pages = incident.severity >= Severity::major;
        if (!pages) continue;
        std::optional<Instant> due =
            world.state.due_at.contains({Table::incidents, number})
                ? std::optional(world.state.due_at.at({Table::incidents, number}))
                : std::nullopt;
        bool on_its_way = false;
        bool acknowledged = false;
        for (const Page& page : incident.pages) {
            bool current = page.episode == incident.episode && page.severity == incident.severity;
            acknowledged = acknowledged || (current && page.acknowledged_at);
        }
        for (const auto& [id, delivery] : world.state.deliveries) {
            on_its_way = on_its_way || (delivery.effect.incident.number == number &&
                                        delivery.effect.action == Action::page);
        }
        CHECK_MESSAGE((acknowledged || on_its_way || due.has_value()),
                      "nobody will ever be asked about " << incident.key);
    }
    for (const auto& [number, signals] : world.state.signals_by_incident) {
        CHECK(world.state.incidents.contains(number));
        CHECK(is_open(world.state.incidents.at(number).state));
    }
}

std::vector<std::string> run(std::uint64_t seed, int events) {
    Seeded random(seed);
    World world(rules(0));
    for (int i = 0; i < events; ++i) {
        one_event(world, random);
        check_promises(world);
    }
    std::vector<std::string> keys;
    for (const Effect& effect : world.effects) keys.push_back(effect.integration + effect.key);
    return keys;
}

}  // namespace

TEST_CASE("Random histories keep every promise, and the same seed gives the same effects") {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        CAPTURE(seed);
        std::vector<std::string> first = run(seed, 120);
        CHECK(first == run(seed, 120));
    }
}
