#pragma once
// Draft: one step in progress: which records it has touched, and what it has decided and ordered.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/indexes.hpp"
#include "core/state.hpp"
#include "core/step.hpp"

namespace tocsin::core {

/// Every mutation of a record goes through here, so that its `before` is kept and the indexes stay
/// right. References stay valid until the record is removed.
class Draft {
public:
    Draft(State& state, Instant now) : state_(state), now_(now), judged_at_(now) {}

    [[nodiscard]] const State& state() const { return state_; }
    [[nodiscard]] Instant now() const { return now_; }
    /// The instant that clocks of rules run by: an evaluation's own, else now.
    [[nodiscard]] Instant judged_at() const { return judged_at_; }
    void judge_at(Instant at) { judged_at_ = at; }
    [[nodiscard]] const Ruleset& rules() const { return *state_.ruleset; }
    [[nodiscard]] const Policy& policy() const { return state_.ruleset->policy; }
    [[nodiscard]] Symbol symbol(std::string_view text) { return state_.symbols.intern(text); }
    [[nodiscard]] const std::string& text(Symbol symbol) const {
        return state_.symbols.text(symbol);
    }

    Signal& add(Signal signal);  // gives it its id
    Signal& edit_signal(std::uint64_t id);
    void remove_signal(std::uint64_t id);
    /// The signal now holds the incident open through one of its tracks, or no longer does.
    void hold(const Signal& signal, std::uint64_t incident);
    void release(const Signal& signal, std::uint64_t incident);

    Incident& add(Incident incident);  // gives it its number
    Incident& edit_incident(std::uint64_t number);
    /// One of the signal's tracks is suppressed by the window from now on, or no longer is.
    void cover(const Signal& signal, std::uint64_t window);
    void uncover(const Signal& signal, std::uint64_t window);
    /// After `state` of an incident under edit has changed: siblings are found by open ones.
    void state_changed(const Incident& incident);
    Delivery& edit_delivery(std::uint64_t id);
    RuleHealth& add(RuleHealth health);
    RuleHealth& edit_health(std::uint64_t id);
    void remove_health(std::uint64_t id);

    Window& add(Window window);  // gives it its id
    Window& edit_window(std::uint64_t id);
    /// The one row, made when it is first needed.
    Rota& edit_rota();
    /// After `released` or `merged_keys` of an incident under edit are to change: `change` is made
    /// between taking it out of the index by key and entering it again.
    template <class Change>
    void rekey(Incident& incident, Change change);

    void order(Effect effect);  // gives it its id and delivery
    void note(std::uint64_t incident, std::string by, std::string what, std::string text,
              std::optional<double> value = std::nullopt);
    void say(Verdict verdict);  // gives it its id and instant
    void refuse(std::string code, std::string message, std::string field = {});
    void answer_with(std::uint64_t incident) { outcome_.incident = incident; }

    /// Drops what did not change after all, updates the timers and hands out the outcome.
    [[nodiscard]] StepOutcome finish();

private:
    using Key = std::pair<Table, std::uint64_t>;
    template <class T>
    void remember(Table table, std::uint64_t id, const T* before);
    [[nodiscard]] Boxed<Record> current(Key key) const;

    State& state_;
    Instant now_;
    Instant judged_at_;
    StepOutcome outcome_;
    std::map<Key, Boxed<Record>> before_;  // ordered: the order of changes is by id
};

template <class Change>
void Draft::rekey(Incident& incident, Change change) {
    unindex_incident(state_, incident);
    change(incident);
    index_incident(state_, incident);
}

}  // namespace tocsin::core
