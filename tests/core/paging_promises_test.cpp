// Random schedules, pagers, refusals and answers: somebody is always asked until somebody answers.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

#include "core/paging.hpp"
#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

class Chance {
public:
    explicit Chance(std::uint64_t seed) : random_(seed) {}
    std::size_t below(std::size_t bound) { return random_() % bound; }
    bool one_in(std::size_t count) { return below(count) == 0; }

private:
    std::mt19937_64 random_;
};

// Shifts of random length and people, now and then an empty one or a hole at the end.
Schedule random_schedule(Chance& chance, const std::vector<Person>& people, Interval expanded) {
    Schedule schedule{.name = "first-line", .shifts = {}};
    for (Instant from = expanded.from; from < expanded.until;) {
        const Instant until = from + minutes(1 + chance.below(600));
        Shift shift{.span = {from, until}, .people = {}, .others = {}};
        for (const Person& person : people) {
            if (chance.one_in(3)) shift.people.push_back(person.name);
            if (chance.one_in(3)) shift.others.push_back(person.name);
        }
        schedule.shifts.push_back(std::move(shift));
        from = until;
    }
    return schedule;
}

Roster random_roster(Chance& chance, Instant now) {
    Roster roster;
    for (std::size_t i = chance.below(6); i > 0; --i) {
        const std::string name = "engineer-" + std::string(1, static_cast<char>('a' + i - 1));
        roster.people.push_back({.name = name,
                                 .email = chance.one_in(4) ? "" : name + "@example.com",
                                 .ntfy = chance.one_in(2) ? "" : name});
    }
    if (roster.people.empty()) return roster;
    roster.expanded = {now - hours(24), now + hours(48)};
    roster.schedules = {random_schedule(chance, roster.people, roster.expanded)};
    for (std::size_t i = chance.below(4); i > 0; --i) {
        const auto kind = chance.one_in(2) ? Target::Kind::schedule : Target::Kind::others;
        roster.escalation.push_back(
            {.notify = {{kind, "first-line"}}, .wait = minutes(1 + chance.below(20))});
    }
    roster.escalation.push_back({.notify = {{Target::Kind::person, "engineer-a"}}});
    return roster;
}

Policy random_policy(Chance& chance) {
    Policy policy = World::default_policy();
    policy.pagers = {{"pager", Reach::service, Address::none, chance.one_in(2)},
                     {"mail", Reach::person, Address::email},
                     {"push", Reach::person, Address::ntfy}};
    std::rotate(policy.pagers.begin(), policy.pagers.begin() + chance.below(3),
                policy.pagers.end());
    policy.pagers.resize(1 + chance.below(3));
    policy.major = {.page = PageWhen::always};
    policy.critical = {.page = PageWhen::always};
    policy.ask_again_after = hours(24 * 365);
    return policy;
}

std::vector<Rule> rules() {
    return {alert_rule("site", "alertname=\"SiteDown\"", Severity::major)};
}

void answer_deliveries(World& world, Chance& chance) {
    std::vector<std::uint64_t> ids;
    for (const auto& [id, delivery] : world.state.deliveries) ids.push_back(id);
    for (std::uint64_t id : ids) {
        switch (chance.below(6)) {
            case 0:
                break;  // its lane is slow
            case 1:
                world.send(DeliveryFailed{id, "503", false});
                break;
            case 2:
                world.send(DeliveryFailed{id, "550", true});
                break;
            default:
                world.send(Delivered{id, ""});
        }
    }
}

bool page_under_way(const World& world, std::uint64_t incident) {
    return std::any_of(
        world.state.deliveries.begin(), world.state.deliveries.end(), [&](const auto& entry) {
            const Effect& effect = entry.second.effect;
            return effect.incident.number == incident && effect.action == Action::page;
        });
}

// `answered`: acknowledged since it was declared, raised or asked about anew.
void check_promise(const World& world, bool answered) {
    for (const auto& [number, incident] : world.state.incidents) {
        if (!is_open(incident.state) || (number == 1 && answered)) continue;
        if (page_when(world.state.ruleset->policy, incident) == PageWhen::never) continue;
        const bool asked =
            page_under_way(world, number) || paging_due(*world.state.ruleset, incident).has_value();
        CHECK_MESSAGE(asked, "nobody will ever be asked about " << incident_id(number));
    }
}

// In one step nobody is paged twice for one incident through one pager.
void check_not_doubled(const std::vector<Effect>& effects, std::size_t since, Instant now) {
    std::set<std::string> asked;
    for (std::size_t i = since; i < effects.size(); ++i) {
        if (effects[i].action != Action::page || effects[i].ordered_at != now) continue;
        const std::string whom = effects[i].page_key + " " + effects[i].integration;
        CHECK_MESSAGE(asked.insert(whom).second, "paged twice at once: " << whom);
    }
}

// Time passes step by step; whatever wakes the engine is checked.
void pass(World& world, Duration span, bool answered) {
    const Instant until = world.now + span;
    while (next_wakeup(world.state) && *next_wakeup(world.state) <= until) {
        world.now = std::max(world.now, *next_wakeup(world.state));
        const std::size_t before = world.effects.size();
        world.send(Tick{});
        check_not_doubled(world.effects, before, world.now);
        check_promise(world, answered);
    }
    world.now = until;
}

void ask_again(World& world, bool& answered) {
    world.act(1, [&](Draft& draft, Incident& incident) {
        const bool paged =
            std::any_of(incident.pages.begin(), incident.pages.end(),
                        [&](const Page& page) { return page.severity == incident.severity; });
        page_again(draft, incident, "silent");
        if (paged) answered = false;
    });
}

void change_severity(World& world, Severity severity, bool& answered) {
    const Severity before = world.incident(1).severity;
    world.command(1, ChangeSeverity{severity, "reason"});
    if (severity > before) answered = false;
}

void act(World& world, Chance& chance, bool& answered) {
    switch (chance.below(12)) {
        case 0:
            world.send(world.alert("SiteDown"));
            break;
        case 1:
            ask_again(world, answered);
            break;
        case 2:
            change_severity(world, static_cast<Severity>(1 + chance.below(3)), answered);
            break;
        case 3:
            world.load(rules(), random_policy(chance), random_roster(chance, world.now));
            break;
        case 4:
            world.command(1, Acknowledge{});
            answered = true;
            break;
        case 5:
        case 6:
            pass(world, minutes(chance.below(120)), answered);
            break;
        default:
            answer_deliveries(world, chance);
            pass(world, seconds(chance.below(400)), answered);
            break;
    }
    check_promise(world, answered);
}

std::vector<std::string> run(std::uint64_t seed) {
    Chance chance(seed);
    World world(rules(), random_policy(chance), random_roster(chance, start_of_time()));
    world.send(world.alert("SiteDown"));
    bool answered = false;
    check_promise(world, answered);
    for (int i = 0; i < 60; ++i) act(world, chance, answered);
    std::vector<std::string> keys;
    for (const Effect& effect : world.effects) keys.push_back(effect.integration + effect.key);
    return keys;
}

}  // namespace

TEST_CASE("Somebody is always asked until somebody answers, whatever the schedule [H-73]") {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        const std::vector<std::string> first = run(seed);
        if (seed % 10 == 0) CHECK(first == run(seed));  // and the same again
    }
}

TEST_CASE("Once answered nobody is paged again, whatever the schedule [H-73]") {
    for (std::uint64_t seed = 100; seed < 130; ++seed) {
        CAPTURE(seed);
        Chance chance(seed);
        World world(rules(), random_policy(chance), random_roster(chance, start_of_time()));
        world.send(world.alert("SiteDown"));
        for (std::size_t i = chance.below(20); i > 0; --i) {
            pass(world, seconds(chance.below(400)), false);
            answer_deliveries(world, chance);
        }
        world.command(1, Acknowledge{});
        const std::size_t before = world.effects.size();
        for (int i = 0; i < 10; ++i) {
            pass(world, minutes(30), true);
            answer_deliveries(world, chance);
        }
        const bool paged =
            std::any_of(world.effects.begin() + static_cast<std::ptrdiff_t>(before),
                        world.effects.end(), [](const Effect& effect) {
                            return effect.action == Action::page && effect.incident.number == 1;
                        });
        CHECK(!paged);
    }
}
