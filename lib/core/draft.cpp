// How a step touches records: before-images, eager indexes, and the outcome at the end.
#include "core/draft.hpp"

#include "base/check.hpp"

namespace tocsin::core {

template <class T>
void Draft::remember(Table table, std::uint64_t id, const T* before) {
    auto [entry, fresh] = before_.try_emplace(Key{table, id});
    if (fresh && before != nullptr) entry->second = *before;
}

Signal& Draft::add(Signal signal) {
    signal.id = ++state_.counters.signal;
    remember<Signal>(Table::signals, signal.id, nullptr);
    Signal& placed = state_.signals.emplace(signal.id, std::move(signal)).first->second;
    index_signal(state_, placed);
    return placed;
}

Signal& Draft::edit_signal(std::uint64_t id) {
    Signal& signal = state_.signals.at(id);
    remember(Table::signals, id, &signal);
    return signal;
}

void Draft::remove_signal(std::uint64_t id) {
    Signal& signal = edit_signal(id);
    unindex_signal(state_, signal);
    state_.signals.erase(id);
}

void Draft::hold(const Signal& signal, std::uint64_t incident) {
    auto& holders = state_.signals_by_incident[incident];
    holders.insert(holders.end(), signal.id);  // a new one has the highest id: no search
}

void Draft::release(const Signal& signal, std::uint64_t incident) {
    for (const Track& track : signal.tracks) {
        if (track.incident == incident) return;  // another track still holds it
    }
    auto holders = state_.signals_by_incident.find(incident);
    if (holders == state_.signals_by_incident.end()) return;
    holders->second.erase(signal.id);
    if (holders->second.empty()) state_.signals_by_incident.erase(holders);
}

void Draft::cover(const Signal& signal, std::uint64_t window) {
    state_.signals_by_window[window].insert(signal.id);
}

void Draft::uncover(const Signal& signal, std::uint64_t window) {
    for (const Track& track : signal.tracks) {
        if (track.window == window) return;  // another track still is
    }
    auto covered = state_.signals_by_window.find(window);
    if (covered == state_.signals_by_window.end()) return;
    covered->second.erase(signal.id);
    if (covered->second.empty()) state_.signals_by_window.erase(covered);
}

Incident& Draft::add(Incident incident) {
    incident.number = ++state_.counters.incident;
    remember<Incident>(Table::incidents, incident.number, nullptr);
    Incident& placed = state_.incidents.emplace(incident.number, std::move(incident)).first->second;
    index_incident(state_, placed);
    return placed;
}

Incident& Draft::edit_incident(std::uint64_t number) {
    Incident& incident = state_.incidents.at(number);
    remember(Table::incidents, number, &incident);
    return incident;
}

Delivery& Draft::edit_delivery(std::uint64_t id) {
    Delivery& delivery = state_.deliveries.at(id);
    remember(Table::deliveries, id, &delivery);
    return delivery;
}

RuleHealth& Draft::add(RuleHealth health) {
    health.id = ++state_.counters.health;
    remember<RuleHealth>(Table::rule_health, health.id, nullptr);
    RuleHealth& placed = state_.rule_health.emplace(health.id, std::move(health)).first->second;
    index_health(state_, placed);
    return placed;
}

RuleHealth& Draft::edit_health(std::uint64_t id) {
    RuleHealth& health = state_.rule_health.at(id);
    remember(Table::rule_health, id, &health);
    return health;
}

void Draft::remove_health(std::uint64_t id) {
    RuleHealth& health = edit_health(id);
    unindex_health(state_, health);
    state_.rule_health.erase(id);
}

Window& Draft::add(Window window) {
    window.id = ++state_.counters.window;
    remember<Window>(Table::windows, window.id, nullptr);
    return state_.windows.emplace(window.id, std::move(window)).first->second;
}

Window& Draft::edit_window(std::uint64_t id) {
    Window& window = state_.windows.at(id);
    remember(Table::windows, id, &window);
    return window;
}

Rota& Draft::edit_rota() {
    auto [held, fresh] = state_.rota.try_emplace(Rota().id);
    remember(Table::rota, held->first, fresh ? nullptr : &held->second);
    return held->second;
}

void Draft::order(Effect effect) {
    effect.id = ++state_.counters.delivery;
    effect.ordered_at = now_;
    remember<Delivery>(Table::deliveries, effect.id, nullptr);
    index_delivery(state_,
                   state_.deliveries.emplace(effect.id, Delivery{.effect = effect}).first->second);
    outcome_.effects.push_back(std::move(effect));
}

void Draft::note(std::uint64_t incident, std::string by, std::string what, std::string text,
                 std::optional<double> value) {
    outcome_.changes.push_back({std::nullopt, TimelineEntry{.id = ++state_.counters.timeline,
                                                            .incident = incident,
                                                            .at = now_,
                                                            .by = std::move(by),
                                                            .what = std::move(what),
                                                            .text = std::move(text),
                                                            .value = value}});
}

void Draft::say(Verdict verdict) {
    verdict.id = ++state_.counters.verdict;
    verdict.at = now_;
    outcome_.verdicts.push_back(std::move(verdict));
}

void Draft::refuse(std::string code, std::string message, std::string field) {
    outcome_.refusal = Error{std::move(code), std::move(message), std::move(field)};
}

Boxed<Record> Draft::current(Key key) const {
    const auto find_in = [&](const auto& records) -> Boxed<Record> {
        auto found = records.find(key.second);
        if (found == records.end()) return std::nullopt;
        return found->second;
    };
    switch (key.first) {
        case Table::signals:
            return find_in(state_.signals);
        case Table::incidents:
            return find_in(state_.incidents);
        case Table::deliveries:
            return find_in(state_.deliveries);
        case Table::rule_health:
            return find_in(state_.rule_health);
        case Table::windows:
            return find_in(state_.windows);
        case Table::rota:
            return find_in(state_.rota);
        case Table::timeline:
            break;
    }
    check(false);  // timeline entries are never edited
    return std::nullopt;
}

void Draft::state_changed(const Incident& incident) {
    std::set<std::uint64_t>& open = state_.open_by_family[incident.family];
    if (is_open(incident.state)) {
        open.insert(incident.number);
    } else {
        open.erase(incident.number);
    }
    if (open.empty()) state_.open_by_family.erase(incident.family);
}

StepOutcome Draft::finish() {
    outcome_.changes.reserve(outcome_.changes.size() + before_.size());
    for (auto& [key, before] : before_) {
        Boxed<Record> after = current(key);
        if (before == after) continue;
        if (after && !lives_in_state(*after)) {
            unindex(state_, *after);
            displace(state_, *after);
        }
        refresh_due(state_, key.first, key.second);
        outcome_.changes.push_back({std::move(before), std::move(after)});
    }
    return std::move(outcome_);
}

}  // namespace tocsin::core
