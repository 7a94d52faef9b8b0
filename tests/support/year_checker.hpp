#pragma once
// The checker of the simulated year: it knows what was ordered, answered and said, and complains of
// everything that must never be. It trusts no index, timer or delivery of the engine.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/step.hpp"
#include "support/year_truth.hpp"

namespace tocsin::year {

class Checker {
public:
    explicit Checker(const Truth& truth) : truth_(truth) {}

    /// After every step; `event` is what happened, `policy` that of this day.
    void see(const core::Event& event, const core::StepOutcome& outcome, const core::Policy& policy,
             Instant now);
    /// After everything that was due at an instant has been done.
    void look(const core::State& state, Instant now);
    [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }
    [[nodiscard]] std::uint64_t reminders() const { return reminders_; }

private:
    struct View {
        core::Incident record;
        bool answered = false;  // somebody has it, at this severity, and has not gone silent
        std::optional<Instant> severity_at;    // latest change of it in this episode
        std::optional<Instant> asked_at;       // latest order of a page
        std::optional<Instant> paged_anew_at;  // because of silence
        std::set<std::uint64_t> pages_out;     // ordered, and not taken, refused or dropped yet
        std::optional<Instant> word_asked_at;
        std::optional<Instant> question_asked_at;
        std::optional<Instant> customers_asked_at;
        std::optional<Instant> monitored_since;
        std::int64_t looks = 0;  // since then
    };

    void problem(Instant now, std::uint64_t incident, const std::string& text);
    void see_record(const core::Event& event, const core::Incident& after, Instant now);
    void see_new_episode(View& view, const core::Incident& after, Instant now);
    void see_raised_by_time(const View& view, const core::Incident& before, Instant now);
    void see_delivery(const core::Delivery& delivery);
    void see_entry(const core::TimelineEntry& entry, Instant now);
    void see_reminder(View& view, const core::TimelineEntry& entry, Instant now);
    void see_look(View& view, Instant now);
    void see_effect(const core::Effect& effect, Instant now);
    void see_page(View& view, const core::Effect& effect, Instant now);
    void look_at(const View& view, Instant now);
    void look_at_reminders(const View& view, Instant now);
    void look_at_looks(const View& view, Instant now);
    [[nodiscard]] bool pages(const core::Incident& incident) const;
    /// Since when no person has said or done anything about it.
    [[nodiscard]] static Instant word_of(const core::Incident& incident);
    [[nodiscard]] std::optional<Instant> word_due(const View& view) const;
    [[nodiscard]] std::optional<Instant> question_due(const View& view) const;
    [[nodiscard]] std::optional<Instant> customers_due(const View& view) const;

    const Truth& truth_;
    core::Policy policy_;
    std::map<std::uint64_t, View> views_;
    std::set<std::string> keys_;
    std::vector<std::string> problems_;
    std::uint64_t reminders_ = 0;
};

}  // namespace tocsin::year
