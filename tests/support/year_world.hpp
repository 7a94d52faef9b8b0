#pragma once
// The simulated year's clock and agenda: what happens outside, what the engine makes of it, and
// what is sabotaged in between.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/year.hpp"
#include "support/year_checker.hpp"
#include "support/year_team.hpp"
#include "support/year_truth.hpp"

namespace tocsin::year {

class World {
public:
    explicit World(const Options& options);

    core::StepOutcome send(const core::Event& event);
    /// True if it was not refused.
    bool command(std::uint64_t incident, const std::string& by, core::Command command);
    void after(Duration span, std::function<void()> action);
    /// Until the end of the year.
    Report run();

    [[nodiscard]] Instant now() const { return now_; }
    [[nodiscard]] const core::State& state() const { return state_; }
    [[nodiscard]] const core::Incident* open_incident(std::uint64_t number) const;
    [[nodiscard]] Random& random() { return random_; }
    [[nodiscard]] Truth& truth() { return truth_; }
    /// True once, for the one thing that is to be sabotaged in this year, from the 20th day on.
    bool sabotages(Sabotage what);

    /// What acts on this world lives as long as it does.
    void keep(std::shared_ptr<void> actor) { actors_.push_back(std::move(actor)); }
    /// A page has reached somebody: set by the people.
    std::function<void(const core::Effect&)> paged;

    struct Peer {
        bool up = true;
        bool refuses = false;
    };
    std::map<std::string, Peer> peers;

private:
    void every_day();
    void restart();
    void attempt(std::uint64_t delivery, const core::Effect& effect);
    void taken(std::uint64_t delivery, const core::Effect& effect);
    void spoil(const core::Event& event, core::StepOutcome& outcome, const core::Counters& before);
    void spoil_entries(core::StepOutcome& outcome);
    void spoil_state();
    void digest(const core::StepOutcome& outcome);
    void recall(const core::Event& event, const core::StepOutcome& outcome);
    void check_engine(const core::State& before, const core::StepOutcome& outcome);

    Options options_;
    Random random_;
    core::State state_;
    Instant now_;
    Truth truth_;
    Checker checker_{truth_};
    Organisation organisation_;
    core::RulesetPtr ruleset_;
    Instant next_reorganisation_;
    Instant deaf_until_;               // sabotage: no timer wakes the engine
    std::uint64_t mute_incident_ = 0;  // sabotage: its pages are lost
    bool sabotage_done_ = false;
    bool harmless_ = false;
    Report report_;
    std::deque<std::string> recent_;  // what happened last, for whoever reads of a problem
    std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> agenda_;
    std::uint64_t agenda_count_ = 0;
    std::vector<std::shared_ptr<void>> actors_;
};

/// Outages, maintenance, and peers that fail.
void let_things_break(World& world);
/// Those who are paged, and what they do about it.
void let_people_work(World& world);

}  // namespace tocsin::year
