// What is spoiled on purpose between the engine and the rest of the simulated year.
#include <array>

#include "support/year_world.hpp"

namespace tocsin::year {
namespace {

using namespace core;

constexpr std::array<const char*, 10> names = {
    "none",        "lost page",         "lost timers",  "doubled reminder", "lost reminder",
    "lost answer", "harmless declared", "missed alert", "severity falls",   "key repeated"};

const TimelineEntry* reminder_in(const Change& change) {
    const TimelineEntry* entry =
        change.after ? std::get_if<TimelineEntry>(&*change.after) : nullptr;
    return entry != nullptr && entry->what == "reminded" ? entry : nullptr;
}

}  // namespace

std::string name(Sabotage sabotage) {
    return names[static_cast<std::size_t>(sabotage)];
}

bool World::sabotages(Sabotage what) {
    const bool due =
        what == options_.sabotage && !sabotage_done_ && now_ >= first_day() + hours(20 * 24);
    if (due) sabotage_done_ = true;
    return due;
}

void World::spoil(const Event& event, StepOutcome& outcome, const Counters& before) {
    if (options_.sabotage == Sabotage::none) return;
    const auto is_page = [](const Effect& effect) { return effect.action == Action::page; };
    for (const Effect& effect : outcome.effects) {
        if (is_page(effect) && sabotages(Sabotage::lost_page)) {
            mute_incident_ = effect.incident.number;
        }
        if (is_page(effect) && sabotages(Sabotage::lost_timers)) deaf_until_ = now_ + hours(2);
    }
    std::erase_if(outcome.effects, [&](const Effect& effect) {
        return is_page(effect) && effect.incident.number == mute_incident_;
    });
    if (!outcome.effects.empty() && sabotages(Sabotage::key_repeated)) {
        outcome.effects.push_back(outcome.effects.back());
    }
    const auto* given = std::get_if<CommandGiven>(&event);
    if (given != nullptr && std::holds_alternative<Acknowledge>(given->command) &&
        !outcome.changes.empty() && sabotages(Sabotage::lost_answer)) {
        undo(state_, outcome.changes, before);
        outcome = {};
    }
    spoil_entries(outcome);
    spoil_state();
}

void World::spoil_entries(StepOutcome& outcome) {
    for (std::size_t i = 0; i < outcome.changes.size(); ++i) {
        if (reminder_in(outcome.changes[i]) == nullptr) continue;
        if (sabotages(Sabotage::lost_reminder)) {
            outcome.changes.erase(outcome.changes.begin() + static_cast<std::ptrdiff_t>(i));
            return;
        }
        if (!sabotages(Sabotage::doubled_reminder)) return;
        const TimelineEntry again = *reminder_in(outcome.changes[i]);
        after(minutes(1), [this, again] {
            StepOutcome repeated;
            repeated.changes.push_back({{}, Record(again)});
            checker_.see(Tick{}, repeated, state_.ruleset->policy, now_);
        });
        return;
    }
}

void World::spoil_state() {
    for (auto& [number, incident] : state_.incidents) {
        const bool can_fall = is_open(incident.state) && incident.severity == Severity::critical;
        if (can_fall && sabotages(Sabotage::severity_falls)) incident.severity = Severity::major;
    }
}

}  // namespace tocsin::year
