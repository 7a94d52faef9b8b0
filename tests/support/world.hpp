#pragma once
// World: the engine with a hand-moved clock, checking its invariants after every single step.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/draft.hpp"
#include "core/step.hpp"
#include "support/sample_roster.hpp"
#include "support/sample_rules.hpp"

namespace tocsin::core::testing {

class World {
public:
    explicit World(std::vector<Rule> rules, Policy policy = default_policy(), Roster roster = {});
    World(const World&) = default;  // bodies are in world.cpp: the tests compile them once
    World(World&&) = default;
    World& operator=(const World&) = delete;
    World& operator=(World&&) = delete;
    ~World();

    static Policy default_policy();
    /// The same with the people of `sample_roster()`, whom the fallback pager `mail` reaches.
    static World with_roster(std::vector<Rule> rules, Policy policy = default_policy());
    /// Also what a reload loads; the people stay who they are unless others are given.
    void load(std::vector<Rule> rules, Policy policy = default_policy(),
              std::optional<Roster> people = std::nullopt);

    /// Steps, checks that every index is right and that undoing would restore the state exactly.
    StepOutcome send(const Event& event);
    /// Steps what no event reaches by itself, with the same checks.
    void act(std::uint64_t incident, const std::function<void(Draft&, Incident&)>& what);
    void pass(Duration span);
    /// Every page that is on its way is accepted by its peer.
    void accept_deliveries();

    AlertSeen alert(std::string name, Labels labels = {}, std::string source = "am");
    static AlertSeen resolved(AlertSeen alert, Instant at);
    void lag(double lag_seconds);
    /// Evaluates every 15 s for the whole span, the first time at once.
    void lag_for(double lag_seconds, Duration span);
    void command(std::uint64_t incident, Command command);

    const Incident& incident(std::uint64_t number) { return history.at(number); }
    std::vector<std::string> pages() const { return keys(Action::page); }
    std::vector<std::string> keys(Action action) const;
    const Verdict& verdict() const { return verdicts.back(); }

    State state;
    Roster roster;
    Instant now = start_of_time();
    std::vector<Effect> effects;
    std::vector<Verdict> verdicts;
    std::vector<TimelineEntry> timeline;
    std::map<std::uint64_t, Incident> history;  // latest row of every incident ever
    std::map<std::uint64_t, Window> windows;    // latest row of every maintenance window ever
    StepOutcome last;

private:
    StepOutcome check_step(const std::function<StepOutcome()>& make);
    void remember(const StepOutcome& outcome);

    std::set<std::string> keys_;
};

}  // namespace tocsin::core::testing
