// The people of the simulated year: they sleep, answer late or twice, work, forget, and decline.
#include <algorithm>
#include <memory>
#include <set>

#include "support/year_world.hpp"

namespace tocsin::year {
namespace {

using namespace core;

std::set<std::string> keys_of(const Incident& incident) {
    std::set<std::string> keys(incident.merged_keys.begin(), incident.merged_keys.end());
    keys.insert(incident.key);
    return keys;
}

struct People {
    explicit People(World& it) : world(it) {}

    World& world;
    std::map<std::uint64_t, int> working;  // incident -> how many work on it
    /// What a person reopens is judged again at its next reading; until then nobody forces it shut.
    std::set<std::uint64_t> reopened;

    void wake(const Effect& page);
    void answer(std::uint64_t incident, const std::string& who);
    void work(std::uint64_t incident, const std::string& who, int acts_left);
    void act(const Incident& incident, const std::string& who);
    void act_rarely(const Incident& incident, const std::string& who);
    void try_to_close(std::uint64_t incident, const std::string& who, bool by_force);
    void spend(const std::set<std::string>& keys);
    void next_declaration();
    void tidy_up();
    [[nodiscard]] std::string somebody() {
        return people().at(below(world.random(), people().size()));
    }
};

void People::wake(const Effect& page) {
    Random& random = world.random();
    std::string who = page.person;
    if (who.empty()) {
        const auto on_call = world.state().ruleset->roster.on_call(world.now());
        who = on_call.empty() ? "engineer-a" : on_call.front();
    }
    const std::uint64_t number = page.incident.number;
    const std::uint64_t mood = below(random, 100);
    const auto later = [&](Duration span, const std::string& whom) {
        world.after(span, [this, number, whom] { answer(number, whom); });
    };
    if (mood < 18) return later(between(random, seconds(20), minutes(25)), who);
    if (mood < 22) {  // twice, and somebody else as well
        later(between(random, seconds(20), minutes(5)), who);
        later(between(random, minutes(5), minutes(9)), who);
        return later(between(random, minutes(1), minutes(9)), somebody());
    }
    if (mood < 24) return later(between(random, hours(1), hours(4)), who);
    if (mood >= 26) return;  // sleeps
    world.after(between(random, minutes(1), minutes(10)), [this, number, who] {
        const Incident* incident = world.open_incident(number);
        if (incident == nullptr || reopened.contains(number)) return;
        const std::set<std::string> keys = keys_of(*incident);
        if (world.command(number, who, Decline{"a deploy that we know of"})) spend(keys);
    });
}

// What holds now declares nothing more until it has been clear.
void People::spend(const std::set<std::string>& keys) {
    world.truth().spend(keys, world.now());
}

void People::answer(std::uint64_t number, const std::string& who) {
    if (!world.command(number, who, Acknowledge{})) return;
    if (world.open_incident(number) == nullptr || working[number] > 1) return;
    working[number] += 1;
    work(number, who, 200);
}

void People::work(std::uint64_t number, const std::string& who, int acts_left) {
    Random& random = world.random();
    const bool forgets = chance(random, 6);
    const Duration pause =
        forgets ? between(random, hours(1), hours(9)) : between(random, minutes(2), minutes(40));
    world.after(pause, [this, number, who, acts_left] {
        const Incident* incident = world.open_incident(number);
        if (incident == nullptr) {
            working.erase(number);
            return;
        }
        if (acts_left == 0) return try_to_close(number, who, true);
        act(*incident, who);
        work(number, who, acts_left - 1);
    });
}

void People::act(const Incident& incident, const std::string& who) {
    const std::uint64_t number = incident.number;
    const std::uint64_t choice = below(world.random(), 100);
    if (choice < 40) {
        world.command(number, who, Note{"still looking"});
    } else if (choice < 55) {
        world.command(number, who, StartMonitoring{"restarted it"});
    } else if (choice < 85) {
        try_to_close(number, who, !reopened.contains(number) && chance(world.random(), 10));
    } else {
        act_rarely(incident, who);
    }
}

void People::act_rarely(const Incident& incident, const std::string& who) {
    const std::uint64_t number = incident.number;
    const auto other = static_cast<Severity>(1 + below(world.random(), 3));
    switch (below(world.random(), 7)) {
        case 0:
            world.command(number, who, ChangeSeverity{other, "looked at it closely"});
            return;
        case 1:
            world.command(number, who, TakeLead{somebody()});
            return;
        case 2:
            world.command(number, who, Involve{somebody()});
            return;
        case 3:
            world.command(number, who, Publish{"We are looking into it.", "investigating"});
            return;
        case 4:
            world.command(number, incident.lead, SetBanner{true, ""});
            return;
        case 5:
            world.command(number, who, AskComms{"please help"});
            return;
        default:
            for (const auto& [into, other_one] : world.state().incidents) {
                if (into != number && is_open(other_one.state) && chance(world.random(), 30)) {
                    world.command(number, who, Merge{into});
                    return;
                }
            }
    }
}

void People::try_to_close(std::uint64_t number, const std::string& who, bool by_force) {
    const Incident& incident = *world.open_incident(number);
    if (incident.banner.on) world.command(number, incident.lead, SetBanner{false, ""});
    if (incident.communication.published_at) {
        world.command(number, who, Publish{"It works again.", "resolved"});
    }
    const std::set<std::string> keys = keys_of(incident);
    const bool closed = world.command(
        number, who, Close{"unknown, mitigated", "restarted", by_force ? "enough" : ""});
    if (!closed) return;
    if (by_force) spend(keys);
    if (chance(world.random(), 20)) {
        world.after(between(world.random(), minutes(1), hours(20)), [this, number, who] {
            world.command(number, who, Skip{"nothing to learn from it"});
        });
    }
    if (chance(world.random(), 6)) {
        world.after(between(world.random(), minutes(1), minutes(30)), [this, number, who] {
            reopened.insert(number);
            const bool again = world.command(number, who, Reopen{"it is not over"});
            if (again && world.open_incident(number) != nullptr) work(number, who, 20);
        });
    }
}

void People::next_declaration() {
    world.after(between(world.random(), hours(24), hours(24 * 20)), [this] {
        const std::string who = somebody();
        const auto severity = static_cast<Severity>(below(world.random(), 4));
        const StepOutcome outcome =
            world.send(CommandGiven{0, who, Declare{"it looks wrong", severity, {}}});
        work(outcome.incident, who, 30);
        next_declaration();
    });
}

// Once a day somebody closes what everybody has forgotten.
void People::tidy_up() {
    world.after(hours(24), [this] {
        std::vector<std::uint64_t> old;
        for (const auto& [number, incident] : world.state().incidents) {
            const bool forgotten = incident.opened_at + hours(24 * 5) < world.now();
            if (is_open(incident.state) && forgotten) old.push_back(number);
        }
        for (std::uint64_t number : old) try_to_close(number, "engineer-a", true);
        tidy_up();
    });
}

}  // namespace

void let_people_work(World& world) {
    const auto staff = std::make_shared<People>(world);
    world.paged = [staff](const Effect& page) { staff->wake(page); };
    staff->next_declaration();
    staff->tidy_up();
}

Report live(const Options& options) {
    World world(options);
    return world.run();
}

}  // namespace tocsin::year
