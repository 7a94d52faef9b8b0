// Lives the year: the next thing of the agenda or of the engine's timers, again and again.
#include "support/year_world.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/indexes.hpp"
#include "support/restart.hpp"

namespace tocsin::year {
namespace {

using namespace core;

constexpr std::uint64_t steps_between_checks = 199;  // of what costs a copy of everything

bool same_records(const State& one, const State& other) {
    return one.signals == other.signals && one.incidents == other.incidents &&
           one.deliveries == other.deliveries && one.rule_health == other.rule_health &&
           one.windows == other.windows && one.rota == other.rota && one.counters == other.counters;
}

}  // namespace

World::World(const Options& options) : options_(options), random_(options.seed), now_(first_day()) {
    state_.install_id = "install";
    organisation_ = reorganise(random_);
    next_reorganisation_ = now_ + hours(24 * 30);
    let_things_break(*this);
    let_people_work(*this);
    every_day();
}

Report World::run() {
    const Instant end = first_day() + hours(24) * options_.days;
    while (now_ < end && report_.problems.empty()) {
        std::optional<Instant> timer = next_wakeup(state_);
        if (timer && *timer < deaf_until_) timer = deaf_until_;
        const Instant next = agenda_.begin()->first.first;
        if (timer && *timer <= next) {
            now_ = std::max(now_, *timer);
            send(Tick{});
        } else {
            now_ = std::max(now_, next);
            const std::function<void()> action = std::move(agenda_.begin()->second);
            agenda_.erase(agenda_.begin());
            action();
        }
        const bool more_now = next_wakeup(state_) && *next_wakeup(state_) <= now_;
        if (!more_now || deaf_until_ > now_) checker_.look(state_, now_);
        report_.problems = checker_.problems();
    }
    if (!report_.problems.empty()) report_.recent.assign(recent_.begin(), recent_.end());
    report_.incidents = state_.counters.incident;
    report_.reminders = checker_.reminders();
    report_.sabotaged = sabotage_done_;
    return report_;
}

void World::after(Duration span, std::function<void()> action) {
    agenda_.emplace(std::pair(now_ + span, ++agenda_count_), std::move(action));
}

StepOutcome World::send(const Event& event) {
    const bool thorough = report_.steps % steps_between_checks == 0;
    const State before = thorough ? state_ : State{};
    const Counters counters = state_.counters;
    StepOutcome outcome = step(state_, event, now_);
    report_.steps += 1;
    if (thorough) check_engine(before, outcome);
    spoil(event, outcome, counters);
    digest(outcome);
    recall(event, outcome);
    checker_.see(event, outcome, state_.ruleset->policy, now_);
    for (const Effect& effect : outcome.effects) {
        if (effect.action == Action::page) report_.pages += 1;
        after(milliseconds(200 + below(random_, 3000)),
              [this, effect] { attempt(effect.id, effect); });
    }
    return outcome;
}

bool World::command(std::uint64_t incident, const std::string& by, Command wish) {
    if (std::holds_alternative<Acknowledge>(wish)) report_.answers += 1;
    return !send(CommandGiven{incident, by, std::move(wish)}).refusal;
}

const Incident* World::open_incident(std::uint64_t number) const {
    const auto found = state_.incidents.find(number);
    const bool is_there = found != state_.incidents.end() && is_open(found->second.state);
    return is_there ? &found->second : nullptr;
}

void World::every_day() {
    if (now_ >= next_reorganisation_) {
        organisation_ = reorganise(random_);
        next_reorganisation_ = now_ + hours(24 * (14 + below(random_, 30)));
    }
    harmless_ = harmless_ || sabotages(Sabotage::harmless_declared);
    ruleset_ = ruleset_of(organisation_, now_, harmless_);
    send(RulesLoaded{ruleset_});
    after(hours(24), [this] { every_day(); });
    if (chance(random_, 10)) {
        after(seconds(below(random_, 86'000)), [this] { restart(); });
    }
}

// Without restarts the rules are only loaded once more, so that both years are to be the same.
void World::restart() {
    if (options_.restarts) state_ = support::restarted(state_);
    send(RulesLoaded{ruleset_});
}

// ---- peers ------------------------------------------------------------------------------------

void World::attempt(std::uint64_t delivery, const Effect& effect) {
    if (!state_.deliveries.contains(delivery)) return;  // dropped meanwhile
    const Peer peer = peers[effect.integration];
    send(DeliveryStarted{delivery});
    if (peer.refuses) {
        truth_.allow("integration/" + effect.integration);
        send(DeliveryFailed{delivery, "403 Forbidden", true});
    } else if (!peer.up) {
        send(DeliveryFailed{delivery, "connection refused", false});
        after(seconds(30 + below(random_, 60)),
              [this, delivery, effect] { attempt(delivery, effect); });
    } else {
        after(milliseconds(150), [this, delivery, effect] { taken(delivery, effect); });
    }
}

void World::taken(std::uint64_t delivery, const Effect& effect) {
    if (!state_.deliveries.contains(delivery)) return;
    send(Delivered{delivery, "remote"});
    if (effect.action != Action::page) return;
    if (effect.person.empty() && chance(random_, 90)) {
        after(seconds(2), [this, effect] {
            send(PageConfirmed{effect.incident.number, effect.integration, effect.page_key});
        });
    }
    paged(effect);
}

// ---- what is checked of the engine itself -----------------------------------------------------

void World::check_engine(const State& before, const StepOutcome& outcome) {
    if (!is_consistent(state_)) report_.problems.emplace_back("an index is not what it should be");
    if (before.ruleset == nullptr) return;
    State undone = state_;
    undo(undone, outcome.changes, before.counters);
    if (!same_records(undone, before)) report_.problems.emplace_back("undo does not undo");
}

void World::recall(const Event& event, const StepOutcome& outcome) {
    constexpr std::size_t lines_max = 80;
    const auto add = [&](const std::string& line) {
        recent_.push_back(format_rfc3339(now_) + " " + line);
        if (recent_.size() > lines_max) recent_.pop_front();
    };
    if (const auto* alert = std::get_if<AlertSeen>(&event)) {
        add((alert->firing ? "fires " : "is over ") + alert->labels.to_string());
    }
    if (outcome.refusal) add("refused: " + outcome.refusal->message);
    for (const Change& change : outcome.changes) {
        if (!change.after) continue;
        if (const auto* window = std::get_if<Window>(&*change.after)) {
            add(window->name + window->match.to_string() + " " + std::string(name(window->state)) +
                " from " + format_rfc3339(window->from) + " to " + format_rfc3339(window->to));
        }
        const auto* entry = std::get_if<TimelineEntry>(&*change.after);
        if (entry == nullptr) continue;
        add(incident_id(entry->incident) + " " + entry->by + " " + entry->what + ": " +
            entry->text);
    }
}

void World::digest(const StepOutcome& outcome) {
    const auto add = [&](std::string_view text) {
        report_.digest = fnv1a64(text, report_.digest ^ 14695981039346656037U);
    };
    for (const Effect& effect : outcome.effects) {
        add(format_rfc3339(now_));
        add(effect.integration);
        add(effect.key);
        add(effect.text);
    }
    for (const Verdict& verdict : outcome.verdicts) {
        add(verdict.rule);
        add(verdict.labels.block());
        add(name(verdict.outcome));
        add(name(verdict.because));
    }
    for (const Change& change : outcome.changes) {
        if (!change.after) continue;
        if (const auto* entry = std::get_if<TimelineEntry>(&*change.after)) add(entry->text);
    }
}

}  // namespace tocsin::year
